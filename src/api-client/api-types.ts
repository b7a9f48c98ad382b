// Made from the description of the API by `npm run api-types`.

export interface paths {
    "/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Listings, page by page
         * Active and complete listings that fulfil all conditions. Pages are reached by number, or by the cursor of the page before; both are cut at the same places.
         */
        get: operations["listOffers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/offers/{inner_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One listing
         * Everything that is known of a listing, also of an inactive one: `active` says so.
         */
        get: operations["getOffer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/filters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every value in use, with its count
         * Models stand under their mark. Most frequent first.
         */
        get: operations["getFilters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts and the last operations */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the service can answer
         * Asked from the machine itself it needs no token.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers for Prometheus
         * The text format of Prometheus, version 0.0.4: runs, rows, lag behind the feed, requests, process.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["getDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        OffersPage: {
            result: components["schemas"]["OfferCard"][];
            meta: {
                /** Number of this page; null behind a cursor. */
                page: number | null;
                /** Number of the next page; null on the last one, and behind a cursor. */
                next_page: number | null;
                /** Listings on a page. */
                limit: number;
                /** For `cursor` of the next request; null on the last page. */
                next_cursor: string | null;
            };
        };
        OfferCard: {
            /** Id of the listing at che168.com. */
            inner_id: string;
            /** Mark by its canonical Latin name. */
            mark: string | null;
            /** Model. */
            model: string | null;
            /** Trim. */
            trim: string | null;
            /** Title as the seller gave it. */
            title: string | null;
            /** Year. */
            year: number | null;
            /** Price, CNY. */
            price: number | null;
            /** Mileage, km. */
            km_age: number | null;
            /** Body colour. A code; `lang` adds its label. */
            color: string | null;
            /** Body type. A code; `lang` adds its label. */
            body_type: string | null;
            /** Engine type. A code; `lang` adds its label. */
            engine_type: string | null;
            /** Transmission. A code; `lang` adds its label. */
            transmission_type: string | null;
            /** Driven wheels. A code; `lang` adds its label. */
            drive_type: string | null;
            /** Displacement, litres. */
            displacement: number | null;
            /** Power, metric horsepower. */
            power: number | null;
            /** Province by its English name. */
            province: string | null;
            /** City by its English name. */
            city: string | null;
            /** District by its English name. */
            district: string | null;
            /** Kind of seller. A code; `lang` adds its label. */
            seller_type: string | null;
            /** Whether a dealer sells. */
            is_dealer: boolean | null;
            /**
             * Format: uri
             * The listing at che168.com.
             */
            url: string | null;
            /**
             * Format: uri
             * Address of the first image.
             */
            image: string | null;
            /**
             * Format: date
             * First registration; the first of the month when the day is unknown.
             */
            first_registration: string | null;
            /**
             * Format: date
             * Day on which the listing was made.
             */
            offer_created: string | null;
            /**
             * Format: date-time
             * Time of the last change in the feed.
             */
            created_at: string;
            /** What people read for codes, marks and places; only with `lang`. */
            labels?: {
                /** By code. */
                options?: {
                    [key: string]: string;
                };
            } & {
                [key: string]: string;
            };
        };
        Offer: {
            /** False when the listing was removed. */
            active: boolean;
            /**
             * 0 active, 1 inactive.
             * @enum {integer}
             */
            active_status: 0 | 1;
            /** True when only a part of the listing is known. */
            is_incomplete: boolean;
            /**
             * Format: date-time
             * Time of the last change in the feed.
             */
            created_at: string;
            /**
             * Format: date-time
             * Time when the listing was last normalised.
             */
            updated_at: string;
            /** Id of the listing at che168.com. */
            inner_id: string;
            /** Mark by its canonical Latin name. */
            mark?: string | null;
            /** Model. */
            model?: string | null;
            /** Trim. */
            trim?: string | null;
            /** Title as the seller gave it. */
            title?: string | null;
            /** Year. */
            year?: number | null;
            /** Price, CNY. */
            price?: number | null;
            /** Mileage, km. */
            km_age?: number | null;
            /** Body colour. A code; `lang` adds its label. */
            color?: string | null;
            /** Body type. A code; `lang` adds its label. */
            body_type?: string | null;
            /** Engine type. A code; `lang` adds its label. */
            engine_type?: string | null;
            /** Transmission. A code; `lang` adds its label. */
            transmission_type?: string | null;
            /** Driven wheels. A code; `lang` adds its label. */
            drive_type?: string | null;
            /** Displacement, litres. */
            displacement?: number | null;
            /** Power, metric horsepower. */
            power?: number | null;
            /** Province by its English name. */
            province?: string | null;
            /** City by its English name. */
            city?: string | null;
            /** District by its English name. */
            district?: string | null;
            /** Kind of seller. A code; `lang` adds its label. */
            seller_type?: string | null;
            /** Whether a dealer sells. */
            is_dealer?: boolean | null;
            /**
             * Format: uri
             * The listing at che168.com.
             */
            url?: string | null;
            /**
             * Format: date
             * First registration; the first of the month when the day is unknown.
             */
            first_registration?: string | null;
            /**
             * Format: date
             * Day on which the listing was made.
             */
            offer_created?: string | null;
            /** Series, as the specification has it. */
            series?: string | null;
            /** Model in Latin letters. */
            model_latin?: string | null;
            /** Model year. */
            model_year?: number | null;
            /** True when the trim says so, else null. */
            facelift?: boolean | null;
            /** Generation. */
            generation?: number | null;
            /** The seller's text; telephone numbers and the like are masked. */
            description?: string | null;
            /** VIN. */
            vin?: string | null;
            /** VIN as far as the seller shows it. */
            vin_masked?: string | null;
            /** Addresses of the images, in order. */
            images?: string[];
            /** Equipment: its code when it is known (`labels.options` has the words), else in Chinese. */
            options?: {
                code?: string;
                en?: string;
                ru?: string;
                zh?: string;
            }[];
            /** Manufacturer. */
            manufacturer?: string | null;
            /** True when the car is known to be imported to China, else null. */
            is_import?: boolean | null;
            /** Id of the specification at the source. */
            specid?: string | null;
            /** Id of the dealer at the source. */
            salon_id?: string | null;
            /** Price when new, CNY. */
            msrp?: number | null;
            /** Times that the car changed hands. */
            transfers?: number | null;
            /**
             * How exact it is.
             * @enum {unknown}
             */
            first_registration_precision?: "day" | "month" | null;
            /** True when the seller says so, else null. */
            never_registered?: boolean | null;
            /** Used or new. A code; `lang` adds its label. */
            section?: string | null;
            /** Place as the seller gave it. */
            address?: string | null;
            place?: {
                /** Province: code of GB/T 2260 and names. */
                province?: {
                    code?: string;
                    zh?: string;
                    en?: string;
                    ru?: string;
                } | null;
                /** City: code of GB/T 2260 and names. */
                city?: {
                    code?: string;
                    zh?: string;
                    en?: string;
                    ru?: string;
                } | null;
                /** District: code of GB/T 2260 and names. */
                district?: {
                    code?: string;
                    zh?: string;
                    en?: string;
                    ru?: string;
                } | null;
            } | null;
            /** Voltage of a mild hybrid, V. */
            mild_hybrid_voltage?: number | null;
            /** Aspiration. A code; `lang` adds its label. */
            aspiration?: string | null;
            /** Displacement, cm³; only where the source tells it exactly. */
            displacement_cc?: number | null;
            /** Power, kW. */
            power_kw?: number | null;
            /** Power of engine and motors together, metric horsepower. */
            system_power_hp?: number | null;
            /** Torque, N·m. */
            torque_nm?: number | null;
            /** Cylinders. */
            cylinders?: number | null;
            /** Layout of the cylinders. A code; `lang` adds its label. */
            cylinder_layout?: string | null;
            /** Model of the engine. */
            engine_model?: string | null;
            /** Material of the cylinder head. A code; `lang` adds its label. */
            cylinder_head_material?: string | null;
            /** Material of the cylinder block. A code; `lang` adds its label. */
            cylinder_block_material?: string | null;
            /** Battery, kWh. */
            battery_kwh?: number | null;
            /** Chemistry of the battery. A code; `lang` adds its label. */
            battery_chemistry?: string | null;
            /** Electric range, km. */
            ev_range_km?: number | null;
            /** Emission standard. A code; `lang` adds its label. */
            emission_standard?: string | null;
            /** Gears. */
            gears?: number | null;
            /** Position of the motor. A code; `lang` adds its label. */
            motor_position?: string | null;
            /** Electric motors that drive. */
            drive_motors?: number | null;
            /** Front suspension. A code; `lang` adds its label. */
            front_suspension?: string | null;
            /** Rear suspension. A code; `lang` adds its label. */
            rear_suspension?: string | null;
            /** Class. A code; `lang` adds its label. */
            car_class?: string | null;
            /** Doors. */
            doors?: number | null;
            /** Seats; null when there are several variants. */
            seats?: number | null;
            /** Fewest seats. */
            seats_min?: number | null;
            /** Most seats. */
            seats_max?: number | null;
            /** Length, mm. */
            length_mm?: number | null;
            /** Width, mm. */
            width_mm?: number | null;
            /** Height, mm. */
            height_mm?: number | null;
            /** Wheelbase, mm. */
            wheelbase_mm?: number | null;
            /** Curb weight, kg. */
            curb_weight_kg?: number | null;
            /** Boot, litres. */
            trunk_l?: number | null;
            /** Tank, litres. */
            tank_l?: number | null;
            /** Top speed, km/h. */
            top_speed_kmh?: number | null;
            /** 0 to 100 km/h, seconds. */
            acceleration_s?: number | null;
            /** Litres in 100 km. */
            consumption_l?: number | null;
            /** What people read for codes, marks and places; only with `lang`. */
            labels?: {
                /** By code. */
                options?: {
                    [key: string]: string;
                };
            } & {
                [key: string]: string;
            };
        } & {
            [key: string]: string;
        };
        Filters: {
            mark: {
                value: string;
                count: number;
                label?: string;
                models: {
                    value: string;
                    count: number;
                }[];
            }[];
            color: {
                value: string;
                count: number;
                label?: string;
            }[];
            body_type: {
                value: string;
                count: number;
                label?: string;
            }[];
            engine_type: {
                value: string;
                count: number;
                label?: string;
            }[];
            transmission_type: {
                value: string;
                count: number;
                label?: string;
            }[];
            drive_type: {
                value: string;
                count: number;
                label?: string;
            }[];
            seller_type: {
                value: string;
                count: number;
                label?: string;
            }[];
            province: {
                value: string;
                count: number;
                label?: string;
            }[];
            city: {
                value: string;
                count: number;
                label?: string;
                province: string | null;
            }[];
            ranges: {
                year: {
                    min: number | null;
                    max: number | null;
                };
                price: {
                    min: number | null;
                    max: number | null;
                };
                km_age: {
                    min: number | null;
                    max: number | null;
                };
            };
            total: number;
        };
        Stats: {
            listings: {
                total: number;
                active: number;
                inactive: number;
                /** Active ones of which only a part is known yet. */
                incomplete: number;
                /** What lists show. */
                listed: number;
            };
            /** Format: date-time */
            newest_listing_at: string | null;
            operations: {
                id: number;
                /** @enum {string} */
                type: "data_fetch" | "normalization";
                /** Format: date-time */
                started_at: string;
                /** Seconds. */
                duration: number;
                /** @enum {string} */
                status: "OK" | "ERROR";
                /** @enum {string} */
                state: "finished" | "running" | "interrupted";
                /** Counts. */
                details: {
                    [key: string]: number;
                };
            }[];
        };
        Health: {
            /** @constant */
            status: "ok";
        };
        Problem: {
            /** Format: uri-reference */
            type: string;
            title: string;
            status: number;
            /** What is wrong, and what would be right. */
            detail: string;
            /** What is wrong, for programs. */
            code: string;
            errors?: {
                parameter: string;
                message: string;
            }[];
            request_id: string;
        };
    };
    responses: {
        /** A parameter is unknown or wrong; `errors` names each and what would be right. */
        Invalid: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** There is no access token, or it is not valid. */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** Too many requests, or too many wrong tokens. */
        TooMany: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** Something unexpected went wrong; the log tells what, by `request_id`. */
        Failed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** The database does not answer. */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** By which the log can be searched. */
        RequestId: string;
        /** How many requests in how many seconds: `"default";q=600;w=60`. */
        RateLimitPolicy: string;
        /** What is left, and seconds until all is there again: `"default";r=599;t=60`. */
        RateLimit: string;
        /** Version of the answer, for `If-None-Match`. */
        ETag: string;
        /** Seconds to wait. */
        RetryAfter: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listOffers: {
        parameters: {
            query?: {
                /** Marks. For example `BMW,Audi`. */
                mark?: string[];
                /** Models, of any mark that has one of that name. For example `X5`. */
                model?: string[];
                /** Body colours. For example `black,white`. */
                color?: string[];
                /** Body types. For example `suv`. */
                body_type?: string[];
                /** Engine types. For example `gasoline,hybrid`. */
                engine_type?: string[];
                /** Transmissions. `automatic` also finds the finer codes: cvt, e_cvt, dual_clutch, amt, dht, single_speed. For example `automatic`. */
                transmission_type?: string[];
                /** Driven wheels. For example `awd`. */
                drive_type?: string[];
                /** Kinds of sellers. For example `dealer`. */
                seller_type?: string[];
                /** Provinces by their English names. For example `Guangdong`. */
                province?: string[];
                /** Cities by their English names. For example `Shenzhen,Guangzhou`. */
                city?: string[];
                /** First year of manufacture or registration. For example `2018`. */
                year_from?: number;
                /** Last year. For example `2024`. */
                year_to?: number;
                /** Lowest price, CNY. For example `50000`. */
                price_from?: number;
                /** Highest price, CNY. For example `200000`. */
                price_to?: number;
                /** Least mileage, km. For example `0`. */
                km_age_from?: number;
                /** Most mileage, km. For example `60000`. */
                km_age_to?: number;
                /** Least power, metric horsepower. For example `150`. */
                power_from?: number;
                /** Most power, metric horsepower. For example `300`. */
                power_to?: number;
                /** Least displacement, litres. For example `1.5`. */
                displacement_from?: number;
                /** Most displacement, litres. For example `2.0`. */
                displacement_to?: number;
                /** Words that must all occur in mark, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known. For example `land cruiser`. */
                q?: string;
                /** Order; `-` is from the largest down. Listings without a value come last. Default: -created_at. For example `price`. */
                sort?: "-created_at" | "-km_age" | "-price" | "-year" | "km_age" | "price" | "year";
                /** Number of the page, from 1. Not together with `cursor`. For example `2`. */
                page?: number;
                /** `next_cursor` of the answer before, with the same filters and sort. Costs the same on every page: programs that read everything use it. For example `WzEsIi1jcmVhdGVkX2F0Ii...`. */
                cursor?: string;
                /** Listings on a page. For example `20`. */
                limit?: number;
                /** Adds `labels`: what people read for codes, marks and places, in this language. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** A page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OffersPage"];
                };
            };
            /** Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOffer: {
        parameters: {
            query?: {
                /** Adds `labels`: what people read for codes, marks and places, in this language. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path: {
                /**
                 * Id of the listing at che168.com.
                 * @example 53692747
                 */
                inner_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The listing. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
            /** Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            /** There is no listing with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getFilters: {
        parameters: {
            query?: {
                /** Adds `labels`: what people read for codes, marks and places, in this language. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** Values and counts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Filters"];
                };
            };
            /** Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** Counts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The database answers. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** Metrics. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** An OpenAPI 3.1 document. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
}
