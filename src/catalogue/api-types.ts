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
         * @description Active and complete listings that fulfil all conditions. Pages are reached by number, or by the cursor of the page before; both are cut at the same places.
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
         * @description Everything that is known of a listing, also of an inactive one: `active` says so.
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
         * @description Models stand under their mark. Most frequent first.
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
         * @description Asked from the machine itself it needs no token.
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
                /** @description Number of this page; null behind a cursor. */
                page: number | null;
                /** @description Number of the next page; null on the last one, and behind a cursor. */
                next_page: number | null;
                /** @description Listings on a page. */
                limit: number;
                /** @description For `cursor` of the next request; null on the last page. */
                next_cursor: string | null;
            };
        };
        OfferCard: {
            /** @description Id of the listing at che168.com. */
            inner_id: string;
            /** @description Mark by its canonical Latin name. */
            mark: string | null;
            /** @description Model. */
            model: string | null;
            /** @description Trim. */
            trim: string | null;
            /** @description Title as the seller gave it. */
            title: string | null;
            /** @description Year. */
            year: number | null;
            /** @description Price, CNY. */
            price: number | null;
            /** @description Mileage, km. */
            km_age: number | null;
            /** @description Body colour. A code; `lang` adds its label. */
            color: string | null;
            /** @description Body type. A code; `lang` adds its label. */
            body_type: string | null;
            /** @description Engine type. A code; `lang` adds its label. */
            engine_type: string | null;
            /** @description Transmission. A code; `lang` adds its label. */
            transmission_type: string | null;
            /** @description Driven wheels. A code; `lang` adds its label. */
            drive_type: string | null;
            /** @description Displacement, litres. */
            displacement: number | null;
            /** @description Power, metric horsepower. */
            power: number | null;
            /** @description Province by its English name. */
            province: string | null;
            /** @description City by its English name. */
            city: string | null;
            /** @description District by its English name. */
            district: string | null;
            /** @description Kind of seller. A code; `lang` adds its label. */
            seller_type: string | null;
            /** @description Whether a dealer sells. */
            is_dealer: boolean | null;
            /**
             * Format: uri
             * @description The listing at che168.com.
             */
            url: string | null;
            /**
             * Format: uri
             * @description Address of the first image.
             */
            image: string | null;
            /**
             * Format: date
             * @description First registration; the first of the month when the day is unknown.
             */
            first_registration: string | null;
            /**
             * Format: date
             * @description Day on which the listing was made.
             */
            offer_created: string | null;
            /**
             * Format: date-time
             * @description Time of the last change in the feed.
             */
            created_at: string;
            /** @description What people read for codes, marks and places; only with `lang`. */
            labels?: {
                /** @description By code. */
                options?: {
                    [key: string]: string;
                };
            } & {
                [key: string]: string;
            };
        };
        Offer: {
            /** @description False when the listing was removed. */
            active: boolean;
            /**
             * @description 0 active, 1 inactive.
             * @enum {integer}
             */
            active_status: 0 | 1;
            /** @description True when only a part of the listing is known. */
            is_incomplete: boolean;
            /**
             * Format: date-time
             * @description Time of the last change in the feed.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Time when the listing was last normalised.
             */
            updated_at: string;
            /** @description Id of the listing at che168.com. */
            inner_id: string;
            /** @description Mark by its canonical Latin name. */
            mark?: string | null;
            /** @description Model. */
            model?: string | null;
            /** @description Trim. */
            trim?: string | null;
            /** @description Title as the seller gave it. */
            title?: string | null;
            /** @description Year. */
            year?: number | null;
            /** @description Price, CNY. */
            price?: number | null;
            /** @description Mileage, km. */
            km_age?: number | null;
            /** @description Body colour. A code; `lang` adds its label. */
            color?: string | null;
            /** @description Body type. A code; `lang` adds its label. */
            body_type?: string | null;
            /** @description Engine type. A code; `lang` adds its label. */
            engine_type?: string | null;
            /** @description Transmission. A code; `lang` adds its label. */
            transmission_type?: string | null;
            /** @description Driven wheels. A code; `lang` adds its label. */
            drive_type?: string | null;
            /** @description Displacement, litres. */
            displacement?: number | null;
            /** @description Power, metric horsepower. */
            power?: number | null;
            /** @description Province by its English name. */
            province?: string | null;
            /** @description City by its English name. */
            city?: string | null;
            /** @description District by its English name. */
            district?: string | null;
            /** @description Kind of seller. A code; `lang` adds its label. */
            seller_type?: string | null;
            /** @description Whether a dealer sells. */
            is_dealer?: boolean | null;
            /**
             * Format: uri
             * @description The listing at che168.com.
             */
            url?: string | null;
            /**
             * Format: date
             * @description First registration; the first of the month when the day is unknown.
             */
            first_registration?: string | null;
            /**
             * Format: date
             * @description Day on which the listing was made.
             */
            offer_created?: string | null;
            /** @description Series, as the specification has it. */
            series?: string | null;
            /** @description Model in Latin letters. */
            model_latin?: string | null;
            /** @description Model year. */
            model_year?: number | null;
            /** @description True when the trim says so, else null. */
            facelift?: boolean | null;
            /** @description Generation. */
            generation?: number | null;
            /** @description The seller's text; telephone numbers and the like are masked. */
            description?: string | null;
            /** @description VIN. */
            vin?: string | null;
            /** @description VIN as far as the seller shows it. */
            vin_masked?: string | null;
            /** @description Addresses of the images, in order. */
            images?: string[];
            /** @description Equipment: its code when it is known (`labels.options` has the words), else in Chinese. */
            options?: {
                code?: string;
                en?: string;
                ru?: string;
                zh?: string;
            }[];
            /** @description Manufacturer. */
            manufacturer?: string | null;
            /** @description True when the car is known to be imported to China, else null. */
            is_import?: boolean | null;
            /** @description Id of the specification at the source. */
            specid?: string | null;
            /** @description Id of the dealer at the source. */
            salon_id?: string | null;
            /** @description Price when new, CNY. */
            msrp?: number | null;
            /** @description Times that the car changed hands. */
            transfers?: number | null;
            /**
             * @description How exact it is.
             * @enum {unknown}
             */
            first_registration_precision?: "day" | "month" | null;
            /** @description True when the seller says so, else null. */
            never_registered?: boolean | null;
            /** @description Used or new. A code; `lang` adds its label. */
            section?: string | null;
            /** @description Place as the seller gave it. */
            address?: string | null;
            place?: {
                /** @description Province: code of GB/T 2260 and names. */
                province?: {
                    code?: string;
                    zh?: string;
                    en?: string;
                    ru?: string;
                } | null;
                /** @description City: code of GB/T 2260 and names. */
                city?: {
                    code?: string;
                    zh?: string;
                    en?: string;
                    ru?: string;
                } | null;
                /** @description District: code of GB/T 2260 and names. */
                district?: {
                    code?: string;
                    zh?: string;
                    en?: string;
                    ru?: string;
                } | null;
            } | null;
            /** @description Voltage of a mild hybrid, V. */
            mild_hybrid_voltage?: number | null;
            /** @description Aspiration. A code; `lang` adds its label. */
            aspiration?: string | null;
            /** @description Displacement, cm³; only where the source tells it exactly. */
            displacement_cc?: number | null;
            /** @description Power, kW. */
            power_kw?: number | null;
            /** @description Power of engine and motors together, metric horsepower. */
            system_power_hp?: number | null;
            /** @description Torque, N·m. */
            torque_nm?: number | null;
            /** @description Cylinders. */
            cylinders?: number | null;
            /** @description Layout of the cylinders. A code; `lang` adds its label. */
            cylinder_layout?: string | null;
            /** @description Model of the engine. */
            engine_model?: string | null;
            /** @description Material of the cylinder head. A code; `lang` adds its label. */
            cylinder_head_material?: string | null;
            /** @description Material of the cylinder block. A code; `lang` adds its label. */
            cylinder_block_material?: string | null;
            /** @description Battery, kWh. */
            battery_kwh?: number | null;
            /** @description Chemistry of the battery. A code; `lang` adds its label. */
            battery_chemistry?: string | null;
            /** @description Electric range, km. */
            ev_range_km?: number | null;
            /** @description Emission standard. A code; `lang` adds its label. */
            emission_standard?: string | null;
            /** @description Gears. */
            gears?: number | null;
            /** @description Position of the motor. A code; `lang` adds its label. */
            motor_position?: string | null;
            /** @description Electric motors that drive. */
            drive_motors?: number | null;
            /** @description Front suspension. A code; `lang` adds its label. */
            front_suspension?: string | null;
            /** @description Rear suspension. A code; `lang` adds its label. */
            rear_suspension?: string | null;
            /** @description Class. A code; `lang` adds its label. */
            car_class?: string | null;
            /** @description Doors. */
            doors?: number | null;
            /** @description Seats; null when there are several variants. */
            seats?: number | null;
            /** @description Fewest seats. */
            seats_min?: number | null;
            /** @description Most seats. */
            seats_max?: number | null;
            /** @description Length, mm. */
            length_mm?: number | null;
            /** @description Width, mm. */
            width_mm?: number | null;
            /** @description Height, mm. */
            height_mm?: number | null;
            /** @description Wheelbase, mm. */
            wheelbase_mm?: number | null;
            /** @description Curb weight, kg. */
            curb_weight_kg?: number | null;
            /** @description Boot, litres. */
            trunk_l?: number | null;
            /** @description Tank, litres. */
            tank_l?: number | null;
            /** @description Top speed, km/h. */
            top_speed_kmh?: number | null;
            /** @description 0 to 100 km/h, seconds. */
            acceleration_s?: number | null;
            /** @description Litres in 100 km. */
            consumption_l?: number | null;
            /** @description What people read for codes, marks and places; only with `lang`. */
            labels?: {
                /** @description By code. */
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
                /** @description Active ones of which only a part is known yet. */
                incomplete: number;
                /** @description What lists show. */
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
                /** @description Seconds. */
                duration: number;
                /** @enum {string} */
                status: "OK" | "ERROR";
                /** @enum {string} */
                state: "finished" | "running" | "interrupted";
                /** @description Counts. */
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
            /** @description What is wrong, and what would be right. */
            detail: string;
            /** @description What is wrong, for programs. */
            code: string;
            errors?: {
                parameter: string;
                message: string;
            }[];
            request_id: string;
        };
    };
    responses: {
        /** @description A parameter is unknown or wrong; `errors` names each and what would be right. */
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
        /** @description There is no access token, or it is not valid. */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests, or too many wrong tokens. */
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
        /** @description Something unexpected went wrong; the log tells what, by `request_id`. */
        Failed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database does not answer. */
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
        /** @description By which the log can be searched. */
        RequestId: string;
        /** @description How many requests in how many seconds: `"default";q=600;w=60`. */
        RateLimitPolicy: string;
        /** @description What is left, and seconds until all is there again: `"default";r=599;t=60`. */
        RateLimit: string;
        /** @description Version of the answer, for `If-None-Match`. */
        ETag: string;
        /** @description Seconds to wait. */
        RetryAfter: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listOffers: {
        parameters: {
            query?: {
                /** @description Marks. For example `BMW,Audi`. */
                mark?: string[];
                /** @description Models, of any mark that has one of that name. For example `X5`. */
                model?: string[];
                /** @description Body colours. For example `black,white`. */
                color?: string[];
                /** @description Body types. For example `suv`. */
                body_type?: string[];
                /** @description Engine types. For example `gasoline,hybrid`. */
                engine_type?: string[];
                /** @description Transmissions. `automatic` also finds the finer codes: cvt, e_cvt, dual_clutch, amt, dht, single_speed. For example `automatic`. */
                transmission_type?: string[];
                /** @description Driven wheels. For example `awd`. */
                drive_type?: string[];
                /** @description Kinds of sellers. For example `dealer`. */
                seller_type?: string[];
                /** @description Provinces by their English names. For example `Guangdong`. */
                province?: string[];
                /** @description Cities by their English names. For example `Shenzhen,Guangzhou`. */
                city?: string[];
                /** @description First year of manufacture or registration. For example `2018`. */
                year_from?: number;
                /** @description Last year. For example `2024`. */
                year_to?: number;
                /** @description Lowest price, CNY. For example `50000`. */
                price_from?: number;
                /** @description Highest price, CNY. For example `200000`. */
                price_to?: number;
                /** @description Least mileage, km. For example `0`. */
                km_age_from?: number;
                /** @description Most mileage, km. For example `60000`. */
                km_age_to?: number;
                /** @description Least power, metric horsepower. For example `150`. */
                power_from?: number;
                /** @description Most power, metric horsepower. For example `300`. */
                power_to?: number;
                /** @description Least displacement, litres. For example `1.5`. */
                displacement_from?: number;
                /** @description Most displacement, litres. For example `2.0`. */
                displacement_to?: number;
                /** @description Words that must all occur in mark, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known. For example `land cruiser`. */
                q?: string;
                /** @description Order; `-` is from the largest down. Listings without a value come last. Default: -created_at. For example `price`. */
                sort?: "-created_at" | "-km_age" | "-price" | "-year" | "km_age" | "price" | "year";
                /** @description Number of the page, from 1. Not together with `cursor`. For example `2`. */
                page?: number;
                /** @description `next_cursor` of the answer before, with the same filters and sort. Costs the same on every page: programs that read everything use it. For example `WzEsIi1jcmVhdGVkX2F0Ii...`. */
                cursor?: string;
                /** @description Listings on a page. For example `20`. */
                limit?: number;
                /** @description Adds `labels`: what people read for codes, marks and places, in this language. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
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
            /** @description Nothing has changed since the answer with this ETag. */
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
                /** @description Adds `labels`: what people read for codes, marks and places, in this language. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path: {
                /**
                 * @description Id of the listing at che168.com.
                 * @example 53692747
                 */
                inner_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The listing. */
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
            /** @description Nothing has changed since the answer with this ETag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            /** @description There is no listing with this id. */
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
                /** @description Adds `labels`: what people read for codes, marks and places, in this language. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Values and counts. */
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
            /** @description Nothing has changed since the answer with this ETag. */
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
            /** @description Counts. */
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
            /** @description The database answers. */
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
    getDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document. */
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
            /** @description Nothing has changed since the answer with this ETag. */
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
