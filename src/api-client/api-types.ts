// Generated from the OpenAPI description by `npm run api-types`.

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
         * Active and complete listings that match all conditions. Pages are requested by number, or by the cursor of the previous page; both have the same boundaries.
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
         * All fields of a listing, also of an inactive one (see `active`).
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
    "/offers/{inner_id}/customs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Import costs of a listing
         * What a private person pays to the state for importing this car, with the configured exchange rates. An estimate, not advice: tables and rates are stated with their dates and sources, and what is unknown is named, not guessed.
         */
        get: operations["getCustoms"];
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
         * Takes the filters of `/offers`. Counts are those of the selection; each group is counted without its own condition, so that a further value of it can be chosen. Models are grouped by mark. Most frequent first.
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
    "/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Makes, models and cities that match a partial query
         * Names in use that have a word for every word of `q`, which may be the beginning of one, in English, Russian or Chinese, with the same spellings as the search of `/offers`. If there is none, one typo per word is forgiven. At most 10: whole words first, then makes, then the most frequent names.
         */
        get: operations["suggest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/market": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prices of a selection, and how fast it sells
         * Takes the filters of `/offers`. Prices and days on the market are those of the active listings.
         */
        get: operations["getMarket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A whole selection as a file
         * Takes the filters of `/offers` and streams every match. CSV is that of RFC 4180, with lists and objects as JSON. A token can run one export at a time; another one is a 429. After an interruption, an export continues with the `cursor` of the last complete row.
         */
        get: operations["exportOffers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changed, oldest first
         * Events of complete listings: `added`; `price`, another price; `changed`, any other difference; `removed`; `returned`. Ids ascend in the order of commits, so a client that continues after the last id misses nothing.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every field, with its label, group, unit and order
         * Enough to show a specification table. Labels are in English without `lang`.
         */
        get: operations["getFields"];
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
        /** Counts, age of the data, what needs attention, and the last operations */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes, active listings and filled fields per feed day, and the runs */
        get: operations["getDailyStats"];
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
         * Whether the service is available
         * Requests from the machine itself need no token.
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
         * Metrics for Prometheus
         * Prometheus text format 0.0.4: runs, rows, feed lag, requests, process.
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
    "/images/{inner_id}/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A picture of a listing
         * The addresses in `image_sizes` are signed, so browsers need no token for them. The picture is fetched from the source and not stored: put a caching proxy in front.
         */
        get: operations["getImage"];
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
            result: (components["schemas"]["OfferCard"] | components["schemas"]["OfferSelection"])[];
            meta: {
                /** Number of this page; null with a cursor. */
                page: number | null;
                /** Number of the next page; null on the last one, and with a cursor. */
                next_page: number | null;
                /** Listings per page. */
                limit: number;
                /** `cursor` for the next request; null on the last page. */
                next_cursor: string | null;
                /** Matching listings; only with `count=true`. */
                total?: number;
                /** The text that was searched for instead of `q`, in which no listing matches; only with a corrected typo. */
                corrected?: string;
            };
        };
        OfferCard: {
            /** ID of the listing at che168.com. */
            inner_id: string;
            /** Make. Canonical Latin name. */
            mark: string | null;
            /** Model. */
            model: string | null;
            /** Trim. */
            trim: string | null;
            /** Title given by the seller. */
            title: string | null;
            /** Year of manufacture or registration. From 1950 to next year. */
            year: number | null;
            /** Price, CNY. */
            price: number | null;
            /** Mileage, km. */
            km_age: number | null;
            /** Body colour. A code; `lang` adds its label. */
            color: string | null;
            /** Body type. A code; `lang` adds its label. */
            body_type: string | null;
            /** Fuel type. A code; `lang` adds its label. */
            engine_type: string | null;
            /** Transmission. A code; `lang` adds its label. */
            transmission_type: string | null;
            /** Drive type. A code; `lang` adds its label. */
            drive_type: string | null;
            /** Power, metric hp. Of the combustion engine; of all motors when the car is electric. */
            power: number | null;
            /** Displacement, L. */
            displacement: number | null;
            /** Type of seller. A code; `lang` adds its label. */
            seller_type: string | null;
            /** Sold by a dealer. */
            is_dealer: boolean | null;
            /** Province. English name. */
            province: string | null;
            /** City. English name. */
            city: string | null;
            /** District. English name. */
            district: string | null;
            /**
             * Format: uri
             * Address of the listing at che168.com.
             */
            url: string | null;
            /**
             * Format: date
             * First registration. The first of the month when only the month is known.
             */
            first_registration: string | null;
            /**
             * Format: date
             * Date of the listing.
             */
            offer_created: string | null;
            /**
             * Format: date
             * Passable from. First registration + 36 months + 1 day: a convention of buyers. Customs count from production, which may be earlier.
             */
            passable_from: string | null;
            /**
             * Format: date
             * Passable until. First registration + 60 months.
             */
            passable_until: string | null;
            /**
             * Format: uri
             * Address of the first photo.
             */
            image: string | null;
            /** The first photo in three sizes: `thumb` 240 and `card` 480 pixels wide, `full` as stored. Where the host has no other sizes, all are the stored picture. With `api.images`, signed addresses below this API. */
            image_sizes: {
                /** Format: uri-reference */
                thumb: string;
                /** Format: uri-reference */
                card: string;
                /** Format: uri-reference */
                full: string;
            }[];
            /**
             * Format: date-time
             * Time of the last change in the feed.
             */
            created_at: string;
            /** False when the listing was removed. */
            active: boolean;
            /**
             * Format: date-time
             * When the copy first received it.
             */
            first_seen_at: string | null;
            /**
             * Format: date-time
             * When the copy received its removal; null while it is active.
             */
            removed_at: string | null;
            /** Days from `offer_created`, else `first_seen_at`, to `removed_at` or today, in UTC. */
            days_on_market: number | null;
            /** By how much the last change of the price lowered it; null if it did not. */
            price_drop: number | null;
            /** Import costs of a private person; only with `estimate`. An estimate, not advice. */
            estimate?: {
                /**
                 * `computed`: every item has one value; `range`: several results are possible; `estimate`: with an estimated 30-minute power; `not_computed`: see `missing`.
                 * @enum {unknown}
                 */
                status: "computed" | "range" | "estimate" | "not_computed";
                /** Sum of all items; null in a `range` and when not computed. */
                total: string | null;
                /** Smallest possible total. */
                total_min: string | null;
                /** Largest possible total. */
                total_max: string | null;
                /** ISO 4217 code of all amounts. */
                currency: string;
                /**
                 * Format: date
                 * Day of the declaration.
                 */
                date: string;
            };
            /** Display names of codes, marks and places; only with `lang`. */
            labels?: {
                /** By code. */
                options?: {
                    [key: string]: string;
                };
            } & {
                [key: string]: string;
            };
        };
        Customs: {
            /** The listing. */
            inner_id: string;
            /**
             * `computed`: every item has one value; `range`: several results are possible; `estimate`: with an estimated 30-minute power; `not_computed`: see `missing`.
             * @enum {unknown}
             */
            status: "computed" | "range" | "estimate" | "not_computed";
            /** @enum {unknown} */
            country: "ru" | "by" | "kz";
            /** Sum of all items; null in a `range` and when not computed. */
            total: string | null;
            /** Smallest possible total. */
            total_min: string | null;
            /** Largest possible total. */
            total_max: string | null;
            /** ISO 4217 code of all amounts. */
            currency: string;
            /**
             * Format: date
             * Day of the declaration.
             */
            date: string;
            /** Age class; null when several are possible. */
            age_band: string | null;
            /** Possible age classes. */
            age_bands: string[];
            /** Amounts by item: `duty`, `excise`, `vat`, `customs_fee`, `recycling_fee`. */
            items: {
                [key: string]: string | null;
            };
            /** Facts, rates and tables that are missing. */
            missing: string[];
            /** What to know about the result. */
            warnings: string[];
            /** Possible results of a `range`, the dearest first. */
            variants: {
                age_band: string;
                /** Amounts by item: `duty`, `excise`, `vat`, `customs_fee`, `recycling_fee`. */
                items: {
                    [key: string]: string | null;
                };
                total: string;
                /** Figures of the calculation. */
                steps: {
                    [key: string]: string | {
                        [key: string]: string;
                    };
                };
            }[];
            bounds?: {
                recycling_fee: {
                    min: string;
                    max: string | null;
                };
            };
            /** Figures of the calculation. */
            steps: {
                [key: string]: string | {
                    [key: string]: string;
                };
            };
            /** The tables used, with their dates, confidence and sources. */
            tables: {
                kind: string;
                status: string;
                valid_from: string;
                valid_to: string | null;
                checked_on: string;
                confidence: string;
                source: string[];
            }[];
            /** Rates used. */
            rates: {
                [key: string]: string;
            };
            /** Day of the rates; null for configured ones. */
            rates_date: string | null;
            /** Display names of the codes; only with `lang`. */
            labels?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
        };
        /** The members of a listing that `fields` names. */
        OfferSelection: {
            /** ID of the listing at che168.com. */
            inner_id?: string;
            /** Make. Canonical Latin name. */
            mark?: string | null;
            /** Model. */
            model?: string | null;
            /** Trim. */
            trim?: string | null;
            /** Title given by the seller. */
            title?: string | null;
            /** Year of manufacture or registration. From 1950 to next year. */
            year?: number | null;
            /** Price, CNY. */
            price?: number | null;
            /** Mileage, km. */
            km_age?: number | null;
            /** Body colour. A code; `lang` adds its label. */
            color?: string | null;
            /** Body type. A code; `lang` adds its label. */
            body_type?: string | null;
            /** Fuel type. A code; `lang` adds its label. */
            engine_type?: string | null;
            /** Transmission. A code; `lang` adds its label. */
            transmission_type?: string | null;
            /** Drive type. A code; `lang` adds its label. */
            drive_type?: string | null;
            /** Power, metric hp. Of the combustion engine; of all motors when the car is electric. */
            power?: number | null;
            /** Displacement, L. */
            displacement?: number | null;
            /** Type of seller. A code; `lang` adds its label. */
            seller_type?: string | null;
            /** Sold by a dealer. */
            is_dealer?: boolean | null;
            /** Province. English name. */
            province?: string | null;
            /** City. English name. */
            city?: string | null;
            /** District. English name. */
            district?: string | null;
            /**
             * Format: uri
             * Address of the listing at che168.com.
             */
            url?: string | null;
            /**
             * Format: date
             * First registration. The first of the month when only the month is known.
             */
            first_registration?: string | null;
            /**
             * Format: date
             * Date of the listing.
             */
            offer_created?: string | null;
            /**
             * Format: date
             * Passable from. First registration + 36 months + 1 day: a convention of buyers. Customs count from production, which may be earlier.
             */
            passable_from?: string | null;
            /**
             * Format: date
             * Passable until. First registration + 60 months.
             */
            passable_until?: string | null;
            /**
             * Format: uri
             * Address of the first photo.
             */
            image?: string | null;
            /** The photos in three sizes: `thumb` 240 and `card` 480 pixels wide, `full` as stored. Where the host has no other sizes, all are the stored picture. With `api.images`, signed addresses below this API. */
            image_sizes?: {
                /** Format: uri-reference */
                thumb: string;
                /** Format: uri-reference */
                card: string;
                /** Format: uri-reference */
                full: string;
            }[];
            /**
             * Format: date-time
             * Time of the last change in the feed.
             */
            created_at?: string;
            /** False when the listing was removed. */
            active?: boolean;
            /**
             * Format: date-time
             * When the copy first received it.
             */
            first_seen_at?: string | null;
            /**
             * Format: date-time
             * When the copy received its removal; null while it is active.
             */
            removed_at?: string | null;
            /** Days from `offer_created`, else `first_seen_at`, to `removed_at` or today, in UTC. */
            days_on_market?: number | null;
            /** By how much the last change of the price lowered it; null if it did not. */
            price_drop?: number | null;
            /** Model in Latin letters. */
            model_latin?: string | null;
            /** Series. As in the specification. */
            series?: string | null;
            /** Model year. From 1980 to the year after next. */
            model_year?: number | null;
            /** Trim in English. Word by word; words that are in no vocabulary stay Chinese. */
            trim_en?: string | null;
            /** Trim in Russian. Like `trim_en`. */
            trim_ru?: string | null;
            /** Facelift. True when the trim says so, otherwise null. */
            facelift?: boolean | null;
            /** Generation. */
            generation?: number | null;
            /** Price when new, CNY. */
            msrp?: number | null;
            /** Changes of owner. */
            transfers?: number | null;
            /** Vehicle class. A code; `lang` adds its label. */
            car_class?: string | null;
            /** Number of doors. */
            doors?: number | null;
            /** Number of seats. Null when the car comes with several numbers of seats. */
            seats?: number | null;
            /** Minimum number of seats. */
            seats_min?: number | null;
            /** Maximum number of seats. */
            seats_max?: number | null;
            /** Length, mm. */
            length_mm?: number | null;
            /** Width, mm. */
            width_mm?: number | null;
            /** Height, mm. */
            height_mm?: number | null;
            /** Wheelbase, mm. */
            wheelbase_mm?: number | null;
            /** Kerb weight, kg. */
            curb_weight_kg?: number | null;
            /** Gross weight, kg. */
            gross_weight_kg?: number | null;
            /** Payload, kg. */
            payload_kg?: number | null;
            /** Boot capacity, L. */
            trunk_l?: number | null;
            /** Fuel tank capacity, L. */
            tank_l?: number | null;
            /**
             * Type of hybrid. Only for the engine type `hybrid`.
             * @enum {unknown}
             */
            hybrid_kind?: "parallel" | "series" | null;
            /** Number of gears. Null for a CVT. */
            gears?: number | null;
            /** Position of the engine or motor. A code; `lang` adds its label. */
            motor_position?: string | null;
            /** Number of drive motors. */
            drive_motors?: number | null;
            /** Front suspension. A code; `lang` adds its label. */
            front_suspension?: string | null;
            /** Rear suspension. A code; `lang` adds its label. */
            rear_suspension?: string | null;
            /** Voltage of a mild hybrid, V. */
            mild_hybrid_voltage?: number | null;
            /** Aspiration. A code; `lang` adds its label. */
            aspiration?: string | null;
            /** Power, kW. Of the same machine as `power`. */
            power_kw?: number | null;
            /** Total motor power, metric hp. */
            motor_power_hp?: number | null;
            /** Total motor power, kW. */
            motor_power_kw?: number | null;
            /** System power, metric hp. */
            system_power_hp?: number | null;
            /** System power, kW. */
            system_power_kw?: number | null;
            /** Torque, N·m. Of the same machine as `power`. */
            torque_nm?: number | null;
            /** Displacement, cm³. Only where the source has it in millilitres, never computed from rounded litres. */
            displacement_cc?: number | null;
            /** Number of cylinders. */
            cylinders?: number | null;
            /** Cylinder layout. A code; `lang` adds its label. */
            cylinder_layout?: string | null;
            /** Engine code. */
            engine_model?: string | null;
            /** Cylinder head material. A code; `lang` adds its label. */
            cylinder_head_material?: string | null;
            /** Cylinder block material. A code; `lang` adds its label. */
            cylinder_block_material?: string | null;
            /** Emission standard. A code; `lang` adds its label. */
            emission_standard?: string | null;
            /** Battery capacity, kWh. */
            battery_kwh?: number | null;
            /** Battery chemistry. A code; `lang` adds its label. */
            battery_chemistry?: string | null;
            /** Electric range, km. */
            ev_range_km?: number | null;
            /** Measured electric range, km. */
            ev_range_measured_km?: number | null;
            /** Fast charging power, kW. */
            fast_charge_kw?: number | null;
            /** Top speed, km/h. */
            top_speed_kmh?: number | null;
            /** Acceleration from 0 to 100 km/h, s. */
            acceleration_s?: number | null;
            /** Fuel consumption, L/100 km. */
            consumption_l?: number | null;
            /** Manufacturer. */
            manufacturer?: string | null;
            /** Imported to China. True when the source says so, otherwise null. */
            is_import?: boolean | null;
            /** Location as written by the seller. */
            address?: string | null;
            /** Province, city and district. Codes of GB/T 2260 and names in three languages. */
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
            /** New or used. A code; `lang` adds its label. */
            section?: string | null;
            /** ID of the dealer at the source. */
            salon_id?: string | null;
            /** ID of the specification at the source. */
            specid?: string | null;
            /** VIN. */
            vin?: string | null;
            /** VIN as far as the seller shows it. Only present when `vin` is null. */
            vin_masked?: string | null;
            /** Description by the seller. Personal data is masked. */
            description?: string | null;
            /**
             * Precision of the first registration.
             * @enum {unknown}
             */
            first_registration_precision?: "day" | "month" | null;
            /** Never registered. True when the seller says so, otherwise null. */
            never_registered?: boolean | null;
            /** Addresses of the photos. In order, all below autoimg.cn. */
            images?: string[];
            /** Equipment. Known pieces have a code (`labels.options` has their names), others only their Chinese name. */
            options?: {
                code?: string;
                en?: string;
                ru?: string;
                zh?: string;
            }[];
            /** Highest power that a recycling fee may count, kW. Of 160 hp and 118 kW, which are often one engine, the higher one; of motors the peak power. */
            customs_power_kw?: number | null;
            /**
             * Power that the recycling fee counts.
             * @enum {unknown}
             */
            customs_power_basis?: "engine" | "engine_and_motors" | "motors" | null;
            /** Facts missing for import costs. `price`, `production_date`, `engine_type`, `hybrid_kind`, `displacement_cc`, `power`, `power_30min_kw`, `vehicle_category`. With `power_30min_kw` an estimate may still be possible: the peak power can show that it makes no difference. */
            customs_missing?: string[];
            /**
             * 0 active, 1 inactive.
             * @enum {integer}
             */
            active_status?: 0 | 1;
            /** True when only a part of the listing is known. */
            is_incomplete?: boolean;
            /**
             * Format: date-time
             * Time of the last change of its content.
             */
            updated_at?: string;
            /** Import costs of a private person; only with `estimate`. An estimate, not advice. */
            estimate?: {
                /**
                 * `computed`: every item has one value; `range`: several results are possible; `estimate`: with an estimated 30-minute power; `not_computed`: see `missing`.
                 * @enum {unknown}
                 */
                status: "computed" | "range" | "estimate" | "not_computed";
                /** Sum of all items; null in a `range` and when not computed. */
                total: string | null;
                /** Smallest possible total. */
                total_min: string | null;
                /** Largest possible total. */
                total_max: string | null;
                /** ISO 4217 code of all amounts. */
                currency: string;
                /**
                 * Format: date
                 * Day of the declaration.
                 */
                date: string;
            };
            /** Display names of codes, marks and places; only with `lang`. */
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
             * Time of the last change of its content.
             */
            updated_at: string;
            /** The photos in three sizes: `thumb` 240 and `card` 480 pixels wide, `full` as stored. Where the host has no other sizes, all are the stored picture. With `api.images`, signed addresses below this API. */
            image_sizes: {
                /** Format: uri-reference */
                thumb: string;
                /** Format: uri-reference */
                card: string;
                /** Format: uri-reference */
                full: string;
            }[];
            /**
             * Format: date-time
             * When the copy first received it.
             */
            first_seen_at: string | null;
            /**
             * Format: date-time
             * When the copy received its removal; null while it is active.
             */
            removed_at: string | null;
            /** Days from `offer_created`, else `first_seen_at`, to `removed_at` or today, in UTC. */
            days_on_market: number | null;
            /** By how much the last change of the price lowered it; null if it did not. */
            price_drop: number | null;
            /** ID of the listing at che168.com. */
            inner_id: string;
            /** Make. Canonical Latin name. */
            mark?: string | null;
            /** Model. */
            model?: string | null;
            /** Model in Latin letters. */
            model_latin?: string | null;
            /** Series. As in the specification. */
            series?: string | null;
            /** Model year. From 1980 to the year after next. */
            model_year?: number | null;
            /** Trim. */
            trim?: string | null;
            /** Trim in English. Word by word; words that are in no vocabulary stay Chinese. */
            trim_en?: string | null;
            /** Trim in Russian. Like `trim_en`. */
            trim_ru?: string | null;
            /** Facelift. True when the trim says so, otherwise null. */
            facelift?: boolean | null;
            /** Generation. */
            generation?: number | null;
            /** Title given by the seller. */
            title?: string | null;
            /** Year of manufacture or registration. From 1950 to next year. */
            year?: number | null;
            /** Price, CNY. */
            price?: number | null;
            /** Price when new, CNY. */
            msrp?: number | null;
            /** Mileage, km. */
            km_age?: number | null;
            /** Changes of owner. */
            transfers?: number | null;
            /** Body colour. A code; `lang` adds its label. */
            color?: string | null;
            /** Body type. A code; `lang` adds its label. */
            body_type?: string | null;
            /** Vehicle class. A code; `lang` adds its label. */
            car_class?: string | null;
            /** Number of doors. */
            doors?: number | null;
            /** Number of seats. Null when the car comes with several numbers of seats. */
            seats?: number | null;
            /** Minimum number of seats. */
            seats_min?: number | null;
            /** Maximum number of seats. */
            seats_max?: number | null;
            /** Length, mm. */
            length_mm?: number | null;
            /** Width, mm. */
            width_mm?: number | null;
            /** Height, mm. */
            height_mm?: number | null;
            /** Wheelbase, mm. */
            wheelbase_mm?: number | null;
            /** Kerb weight, kg. */
            curb_weight_kg?: number | null;
            /** Gross weight, kg. */
            gross_weight_kg?: number | null;
            /** Payload, kg. */
            payload_kg?: number | null;
            /** Boot capacity, L. */
            trunk_l?: number | null;
            /** Fuel tank capacity, L. */
            tank_l?: number | null;
            /** Fuel type. A code; `lang` adds its label. */
            engine_type?: string | null;
            /**
             * Type of hybrid. Only for the engine type `hybrid`.
             * @enum {unknown}
             */
            hybrid_kind?: "parallel" | "series" | null;
            /** Transmission. A code; `lang` adds its label. */
            transmission_type?: string | null;
            /** Number of gears. Null for a CVT. */
            gears?: number | null;
            /** Drive type. A code; `lang` adds its label. */
            drive_type?: string | null;
            /** Position of the engine or motor. A code; `lang` adds its label. */
            motor_position?: string | null;
            /** Number of drive motors. */
            drive_motors?: number | null;
            /** Front suspension. A code; `lang` adds its label. */
            front_suspension?: string | null;
            /** Rear suspension. A code; `lang` adds its label. */
            rear_suspension?: string | null;
            /** Voltage of a mild hybrid, V. */
            mild_hybrid_voltage?: number | null;
            /** Aspiration. A code; `lang` adds its label. */
            aspiration?: string | null;
            /** Power, metric hp. Of the combustion engine; of all motors when the car is electric. */
            power?: number | null;
            /** Power, kW. Of the same machine as `power`. */
            power_kw?: number | null;
            /** Total motor power, metric hp. */
            motor_power_hp?: number | null;
            /** Total motor power, kW. */
            motor_power_kw?: number | null;
            /** System power, metric hp. */
            system_power_hp?: number | null;
            /** System power, kW. */
            system_power_kw?: number | null;
            /** Torque, N·m. Of the same machine as `power`. */
            torque_nm?: number | null;
            /** Displacement, L. */
            displacement?: number | null;
            /** Displacement, cm³. Only where the source has it in millilitres, never computed from rounded litres. */
            displacement_cc?: number | null;
            /** Number of cylinders. */
            cylinders?: number | null;
            /** Cylinder layout. A code; `lang` adds its label. */
            cylinder_layout?: string | null;
            /** Engine code. */
            engine_model?: string | null;
            /** Cylinder head material. A code; `lang` adds its label. */
            cylinder_head_material?: string | null;
            /** Cylinder block material. A code; `lang` adds its label. */
            cylinder_block_material?: string | null;
            /** Emission standard. A code; `lang` adds its label. */
            emission_standard?: string | null;
            /** Battery capacity, kWh. */
            battery_kwh?: number | null;
            /** Battery chemistry. A code; `lang` adds its label. */
            battery_chemistry?: string | null;
            /** Electric range, km. */
            ev_range_km?: number | null;
            /** Measured electric range, km. */
            ev_range_measured_km?: number | null;
            /** Fast charging power, kW. */
            fast_charge_kw?: number | null;
            /** Top speed, km/h. */
            top_speed_kmh?: number | null;
            /** Acceleration from 0 to 100 km/h, s. */
            acceleration_s?: number | null;
            /** Fuel consumption, L/100 km. */
            consumption_l?: number | null;
            /** Manufacturer. */
            manufacturer?: string | null;
            /** Imported to China. True when the source says so, otherwise null. */
            is_import?: boolean | null;
            /** Type of seller. A code; `lang` adds its label. */
            seller_type?: string | null;
            /** Sold by a dealer. */
            is_dealer?: boolean | null;
            /** Location as written by the seller. */
            address?: string | null;
            /** Province. English name. */
            province?: string | null;
            /** City. English name. */
            city?: string | null;
            /** District. English name. */
            district?: string | null;
            /** Province, city and district. Codes of GB/T 2260 and names in three languages. */
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
            /** New or used. A code; `lang` adds its label. */
            section?: string | null;
            /** ID of the dealer at the source. */
            salon_id?: string | null;
            /** ID of the specification at the source. */
            specid?: string | null;
            /**
             * Format: uri
             * Address of the listing at che168.com.
             */
            url?: string | null;
            /** VIN. */
            vin?: string | null;
            /** VIN as far as the seller shows it. Only present when `vin` is null. */
            vin_masked?: string | null;
            /** Description by the seller. Personal data is masked. */
            description?: string | null;
            /**
             * Format: date
             * First registration. The first of the month when only the month is known.
             */
            first_registration?: string | null;
            /**
             * Precision of the first registration.
             * @enum {unknown}
             */
            first_registration_precision?: "day" | "month" | null;
            /** Never registered. True when the seller says so, otherwise null. */
            never_registered?: boolean | null;
            /**
             * Format: date
             * Date of the listing.
             */
            offer_created?: string | null;
            /** Addresses of the photos. In order, all below autoimg.cn. */
            images?: string[];
            /** Equipment. Known pieces have a code (`labels.options` has their names), others only their Chinese name. */
            options?: {
                code?: string;
                en?: string;
                ru?: string;
                zh?: string;
            }[];
            /**
             * Format: date
             * Passable from. First registration + 36 months + 1 day: a convention of buyers. Customs count from production, which may be earlier.
             */
            passable_from?: string | null;
            /**
             * Format: date
             * Passable until. First registration + 60 months.
             */
            passable_until?: string | null;
            /** Highest power that a recycling fee may count, kW. Of 160 hp and 118 kW, which are often one engine, the higher one; of motors the peak power. */
            customs_power_kw?: number | null;
            /**
             * Power that the recycling fee counts.
             * @enum {unknown}
             */
            customs_power_basis?: "engine" | "engine_and_motors" | "motors" | null;
            /** Facts missing for import costs. `price`, `production_date`, `engine_type`, `hybrid_kind`, `displacement_cc`, `power`, `power_30min_kw`, `vehicle_category`. With `power_30min_kw` an estimate may still be possible: the peak power can show that it makes no difference. */
            customs_missing?: string[];
            /** Known prices, oldest first; the last one is the present one. */
            price_history: {
                /** Format: date-time */
                at: string | null;
                price: number;
            }[];
            /** Import costs of a private person; only with `estimate`. An estimate, not advice. */
            estimate?: {
                /**
                 * `computed`: every item has one value; `range`: several results are possible; `estimate`: with an estimated 30-minute power; `not_computed`: see `missing`.
                 * @enum {unknown}
                 */
                status: "computed" | "range" | "estimate" | "not_computed";
                /** Sum of all items; null in a `range` and when not computed. */
                total: string | null;
                /** Smallest possible total. */
                total_min: string | null;
                /** Largest possible total. */
                total_max: string | null;
                /** ISO 4217 code of all amounts. */
                currency: string;
                /**
                 * Format: date
                 * Day of the declaration.
                 */
                date: string;
            };
            /** Display names of codes, marks and places; only with `lang`. */
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
        Fields: {
            result: {
                /** As in a listing. `<name>_raw` has the label of `<name>`. */
                name: string;
                label: string;
                /**
                 * Section of a specification table.
                 * @enum {string}
                 */
                group: "car" | "offer" | "place" | "engine" | "battery" | "drivetrain" | "body" | "performance" | "import";
                group_label: string;
                /** Null for a field that is not a quantity. */
                unit: string | null;
                unit_label: string | null;
                /** Position in a specification table. */
                order: number;
            }[];
        };
        ChangesPage: {
            result: components["schemas"]["Change"][];
            meta: {
                /** `after` for the next request: the last id examined. */
                next_after: number;
                /** Id of the newest event. */
                latest: number;
            };
        };
        Change: {
            /** Ascending in the order of commits. */
            id: number;
            /**
             * What happened to the listing.
             * @enum {string}
             */
            kind: "added" | "changed" | "price" | "removed" | "returned";
            /** ID of the listing at che168.com. */
            inner_id: string;
            /**
             * Format: date-time
             * Time of writing.
             */
            at: string;
            /** With `price` and `removed`. */
            old_price: number | null;
            /** With `price`, `added` and `returned`. */
            new_price: number | null;
            /** The listing in its present state; only with `include=listing`. */
            listing?: components["schemas"]["Offer"] | null;
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
            series: {
                value: string;
                count: number;
                label?: string;
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
            car_class: {
                value: string;
                count: number;
                label?: string;
            }[];
            doors: {
                value: number;
                count: number;
                label?: string;
            }[];
            seats: {
                value: number;
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
            emission_standard: {
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
            district?: {
                value: string;
                count: number;
                label?: string;
            }[];
            salon_id?: {
                value: string;
                count: number;
                label?: string;
            }[];
            is_import?: {
                value: boolean;
                count: number;
                label?: string;
            }[];
            has_vin?: {
                value: boolean;
                count: number;
                label?: string;
            }[];
            has_images?: {
                value: boolean;
                count: number;
                label?: string;
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
                transfers: {
                    min: number | null;
                    max: number | null;
                };
                power: {
                    min: number | null;
                    max: number | null;
                };
                displacement: {
                    min: number | null;
                    max: number | null;
                };
                displacement_cc: {
                    min: number | null;
                    max: number | null;
                };
                battery_kwh: {
                    min: number | null;
                    max: number | null;
                };
                ev_range_km: {
                    min: number | null;
                    max: number | null;
                };
                consumption_l: {
                    min: number | null;
                    max: number | null;
                };
                registered: {
                    min: string | null;
                    max: string | null;
                };
            };
            /** Listings of the selection. */
            total: number;
            /** Only when the search was corrected. */
            meta?: {
                /** The text that was searched for instead of `q`, in which no listing matches; only with a corrected typo. */
                corrected: string;
            };
        };
        Suggestions: {
            result: {
                /**
                 * The filter.
                 * @enum {string}
                 */
                type: "mark" | "model" | "city";
                /** Value of the filter. */
                value: string;
                /** Make of a model. */
                mark?: string;
                /** To be shown: of a model with its make, in the language of `lang`. */
                label: string;
                /** Listings with this value. */
                count: number;
            }[];
        };
        Market: {
            /** Active listings of the selection. */
            count: number;
            /** In yuan; quartiles are interpolated. Null without prices. */
            price: {
                min: number | null;
                p25: number | null;
                median: number | null;
                p75: number | null;
                max: number | null;
            };
            days_on_market: {
                median: number | null;
            };
            /** Listings that appeared in the last seven days, ended ones included. */
            added_7d: number;
            /** Listings that ended in the last seven days. */
            removed_7d: number;
            /** Only when the search was corrected. */
            meta?: {
                /** The text that was searched for instead of `q`, in which no listing matches; only with a corrected typo. */
                corrected: string;
            };
        };
        Stats: {
            listings: {
                total: number;
                active: number;
                inactive: number;
                /** Active ones whose details are still unknown. */
                incomplete: number;
                /** Shown in lists: active and complete. */
                listed: number;
            };
            /** Format: date-time */
            newest_listing_at: string | null;
            /** Null while the primary is unavailable. */
            feed: {
                /** Id of the next change to read. */
                position: number | null;
                /**
                 * Format: date
                 * The feed is read up to this day.
                 */
                last_successful_date: string | null;
                /**
                 * Format: date-time
                 * Time of the newest change received.
                 */
                newest_change_at: string | null;
                /**
                 * Format: date-time
                 * Every change before this time is stored: the newest change, or the start of a later load.
                 */
                data_as_of: string | null;
                /** Age of `data_as_of`. */
                age_seconds: number | null;
                /** Changes that the service no longer had. */
                missing_changes: number;
            } | null;
            /** The reasons of `status --check`. Null while the primary is unavailable. */
            health: {
                ok: boolean;
                reasons: {
                    /** @enum {string} */
                    code: "failed" | "stale" | "stuck" | "rejected" | "feed_gap" | "feed_restarted" | "feed_silent" | "volume_low" | "fill_rate" | "mass_removal" | "tariffs_expired";
                    message: string;
                    /** What to do, in one line. */
                    remedy: string;
                }[];
            } | null;
            operations: {
                id: number;
                /** @enum {string} */
                type: "data_fetch" | "normalization";
                /** `initial`, `daily`, `normalize`, … */
                command: string;
                /**
                 * Format: date-time
                 * Start of the run.
                 */
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
        DailyStats: {
            /** Oldest first. A day begins at midnight in `timezone`. */
            result: {
                /** Format: date */
                day: string;
                added: number;
                changed: number;
                removed: number;
                /** Active listings after the day. */
                active: number | null;
                /** Share of the active listings that have a value, by field. */
                filled: {
                    price?: number;
                    images?: number;
                    mark?: number;
                    model?: number;
                    year?: number;
                    engine_type?: number;
                    first_registration?: number;
                } | null;
            }[];
            /** Time zone of the days. */
            timezone: string;
            /** The runs that started on these days, oldest first. */
            operations: {
                id: number;
                /** @enum {string} */
                type: "data_fetch" | "normalization";
                /** `initial`, `daily`, `normalize`, … */
                command: string;
                /**
                 * Format: date-time
                 * Start of the run.
                 */
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
            /** What is wrong, and what is expected. */
            detail: string;
            /** Machine-readable error code. */
            code: string;
            errors?: {
                parameter: string;
                message: string;
            }[];
            /** Id of the oldest event kept; with 410 of `/changes`. */
            oldest?: number;
            /** Id of the newest event; with 410 of `/changes`. */
            latest?: number;
            request_id: string;
        };
    };
    responses: {
        /** A parameter is unknown or invalid; `errors` names each and what is expected. */
        Invalid: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Bad Request",
                 *       "status": 400,
                 *       "detail": "engine_type must be a code as in /filters (was \"gasolin\"); did you mean gasoline?",
                 *       "code": "invalid_parameter",
                 *       "errors": [
                 *         {
                 *           "parameter": "engine_type",
                 *           "message": "must be a code as in /filters (was \"gasolin\"); did you mean gasoline?"
                 *         }
                 *       ],
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** The access token is missing or invalid. */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "WWW-Authenticate": components["headers"]["Authenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "detail": "A valid access token is needed: send it as `Authorization: Bearer TOKEN` or `X-API-Key: TOKEN`.",
                 *       "code": "unauthorized",
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** The access token lacks the scope that `detail` names. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                "WWW-Authenticate": components["headers"]["Authenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "detail": "This access token does not have the scope `ops`.",
                 *       "code": "insufficient_scope",
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** The path has no such method. */
        MethodNotAllowed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Method Not Allowed",
                 *       "status": 405,
                 *       "detail": "The methods of this path: GET, HEAD.",
                 *       "code": "method_not_allowed",
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** The query string has more than 4096 characters. */
        TooLong: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "URI Too Long",
                 *       "status": 414,
                 *       "detail": "The query must have at most 4096 characters.",
                 *       "code": "uri_too_long",
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** Too many requests, or too many invalid tokens. */
        TooMany: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Too Many Requests",
                 *       "status": 429,
                 *       "detail": "The rate limit of this token is reached; RateLimit-Policy states it.",
                 *       "code": "too_many_requests",
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** An unexpected error; the log has details under `request_id`. */
        Failed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Internal Server Error",
                 *       "status": 500,
                 *       "detail": "An unexpected error occurred; the log has its cause under the request id.",
                 *       "code": "internal_error",
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** By `code`: the database is `unavailable`; too many requests of this token wait for it (`queue_full`); or the request exceeds the time limit of a statement (`statement_timeout`). */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                RateLimit: components["headers"]["RateLimit"];
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Service Unavailable",
                 *       "status": 503,
                 *       "detail": "Too many requests of this token wait for the database; send fewer at a time.",
                 *       "code": "queue_full",
                 *       "request_id": "mJ3kP0aQ-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** Identifies the request in the log. */
        RequestId: string;
        /** Requests (q) per window of seconds (w): `"default";q=600;w=60`. Absent from responses to requests without a token. */
        RateLimitPolicy: string;
        /** Requests that remain (r), and seconds until the window resets (t): `"default";r=599;t=60`. Absent from responses to requests without a token. */
        RateLimit: string;
        /** Version of the response, for `If-None-Match`. */
        ETag: string;
        /** Id of the newest event that the data includes: `after` of the first request to `/changes`. Of a walk, that of its first page. */
        ChangesAfter: string;
        /** Percent-encoded: the text that was searched for instead of `q`, in which no listing matches; only with a corrected typo. */
        CorrectedQuery: string;
        /** Seconds to wait. */
        RetryAfter: string;
        /** The methods of the path. */
        Allow: string;
        /** The scheme of the token, and the missing scope (RFC 6750). */
        Authenticate: string;
        /** The name of the file. */
        Disposition: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listOffers: {
        parameters: {
            query?: {
                /** Make. For example `BMW,Audi`. */
                mark?: string[];
                /** Model. Models of any make. For example `X5`. */
                model?: string[];
                /** Series. For example `X5`. */
                series?: string[];
                /** Body colour. For example `black,white`. */
                color?: ("black" | "blue" | "brown" | "champagne" | "dark_gray" | "gold" | "green" | "multicolor" | "orange" | "other" | "pink" | "purple" | "red" | "silver_gray" | "white" | "yellow")[];
                /** Body type. For example `suv`. */
                body_type?: ("convertible" | "coupe" | "hatchback" | "liftback" | "light_bus" | "light_truck" | "microvan" | "mini" | "minivan" | "motorhome" | "other" | "pickup" | "sedan" | "sports_car" | "suv" | "van" | "wagon")[];
                /** Vehicle class. For example `mid_size`. */
                car_class?: ("compact" | "compact_mpv" | "compact_suv" | "large" | "large_mpv" | "large_pickup" | "large_suv" | "light_bus" | "light_pickup" | "micro" | "micro_truck" | "microvan" | "mid" | "mid_mpv" | "mid_pickup" | "mid_suv" | "mpv" | "other" | "pickup" | "small" | "small_mpv" | "small_suv" | "sports" | "suv" | "truck" | "upper_mid" | "upper_mid_mpv" | "upper_mid_suv")[];
                /** Number of doors. For example `4,5`. */
                doors?: number[];
                /** Number of seats. For example `5,7`. */
                seats?: number[];
                /** Fuel type. For example `gasoline,hybrid`. */
                engine_type?: ("cng" | "diesel" | "electric" | "gasoline" | "gasoline_cng" | "hybrid" | "hydrogen" | "lpg" | "methanol" | "methanol_hybrid" | "mild_hybrid_diesel" | "mild_hybrid_gasoline" | "other" | "plug_in_hybrid" | "range_extender")[];
                /** Transmission. `automatic` also finds the more specific codes: cvt, e_cvt, dual_clutch, amt, dht, single_speed. For example `automatic`. */
                transmission_type?: ("amt" | "automatic" | "cvt" | "dht" | "dual_clutch" | "e_cvt" | "manual" | "other" | "single_speed")[];
                /** Drive type. For example `awd`. */
                drive_type?: ("2wd" | "awd" | "fwd" | "other" | "part_time_4wd" | "rwd")[];
                /** Emission standard. For example `china_6`. */
                emission_standard?: ("beijing_5" | "beijing_6" | "china_0" | "china_1" | "china_2" | "china_3" | "china_4" | "china_5" | "china_6" | "china_6a" | "china_6b" | "euro_1" | "euro_2" | "euro_3" | "euro_4" | "euro_5" | "euro_6" | "none" | "other")[];
                /** Type of seller. For example `dealer`. */
                seller_type?: ("dealer" | "other" | "private" | "unknown")[];
                /** Province. For example `Guangdong`. */
                province?: string[];
                /** City. For example `Shenzhen,Guangzhou`. */
                city?: string[];
                /** District. For example `Nanshan`. */
                district?: string[];
                /** ID of the dealer at the source. For example `100001`. */
                salon_id?: string[];
                /** Minimum year of manufacture or registration. For example `2018`. */
                year_from?: number;
                /** Maximum year of manufacture or registration. For example `2024`. */
                year_to?: number;
                /** Minimum price, CNY. For example `50000`. */
                price_from?: number;
                /** Maximum price, CNY. For example `200000`. */
                price_to?: number;
                /** Minimum mileage, km. For example `0`. */
                km_age_from?: number;
                /** Maximum mileage, km. For example `60000`. */
                km_age_to?: number;
                /** Minimum changes of owner. For example `0`. */
                transfers_from?: number;
                /** Maximum changes of owner. For example `1`. */
                transfers_to?: number;
                /** Minimum power, metric hp. For example `150`. */
                power_from?: number;
                /** Maximum power, metric hp. For example `300`. */
                power_to?: number;
                /** Minimum displacement, L. For example `1.5`. */
                displacement_from?: number;
                /** Maximum displacement, L. For example `2.0`. */
                displacement_to?: number;
                /** Minimum displacement, cm³. For example `1400`. */
                displacement_cc_from?: number;
                /** Maximum displacement, cm³. For example `1600`. */
                displacement_cc_to?: number;
                /** Minimum battery capacity, kWh. For example `40`. */
                battery_kwh_from?: number;
                /** Maximum battery capacity, kWh. For example `100`. */
                battery_kwh_to?: number;
                /** Minimum electric range, km. For example `300`. */
                ev_range_km_from?: number;
                /** Maximum electric range, km. For example `700`. */
                ev_range_km_to?: number;
                /** Minimum fuel consumption, L/100 km. For example `0`. */
                consumption_l_from?: number;
                /** Maximum fuel consumption, L/100 km. For example `8`. */
                consumption_l_to?: number;
                /** Earliest month of first registration. For example `2021-01`. */
                registered_from?: string;
                /** Latest month of first registration. For example `2023-06`. */
                registered_to?: string;
                /** Whether the listing has a value for: imported to china. For example `true`. */
                is_import?: "false" | "true";
                /** Whether the listing has a value for: vin. For example `true`. */
                has_vin?: "false" | "true";
                /** Whether the listing has a value for: addresses of the photos. For example `true`. */
                has_images?: "false" | "true";
                /** Last changed in the feed at or after this time, or within this age (`7d`, `12h`, `90m`). For example `7d`. */
                created_since?: string;
                /** Content changed here at or after this time, or within this age. For example `2026-11-20T08:00:00Z`. */
                updated_since?: string;
                /** Import duties of three to five years of age apply today (`true`), or will within so many months (`6m`); see `passable_from`. For example `true`. */
                passable?: string;
                /** Words that must all occur in make, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known. For example `land cruiser`. */
                q?: string;
                /** These listings in this order, removed ones included (`active` is false). At most 100; cannot be combined with filters, `sort`, `page` or `cursor`. For example `53692747,53692748`. */
                ids?: string[];
                /** Order; `-` is descending. Listings without a value come last. Default: -created_at. For example `price`. */
                sort?: "-created_at" | "-km_age" | "-price" | "-price_drop" | "-updated_at" | "-year" | "km_age" | "price" | "year";
                /** Page number, from 1. Cannot be combined with `cursor`, which is needed beyond the first 10,000 listings (`api.maxOffset`). For example `2`. */
                page?: number;
                /** `next_cursor` of the previous response, with the same filters and sort. Costs the same on every page, so use it to read everything. For example `WzEsIi1jcmVhdGVkX2F0Ii...`. */
                cursor?: string;
                /** Listings per page. For example `20`. */
                limit?: number;
                /** Only these members of each listing, in this order. Any field of a listing can be named. For example `inner_id,mark,model,price`. */
                fields?: ("acceleration_s" | "active" | "active_status" | "address" | "aspiration" | "battery_chemistry" | "battery_kwh" | "body_type" | "car_class" | "city" | "color" | "consumption_l" | "created_at" | "curb_weight_kg" | "customs_missing" | "customs_power_basis" | "customs_power_kw" | "cylinder_block_material" | "cylinder_head_material" | "cylinder_layout" | "cylinders" | "days_on_market" | "description" | "displacement" | "displacement_cc" | "district" | "doors" | "drive_motors" | "drive_type" | "emission_standard" | "engine_model" | "engine_type" | "ev_range_km" | "ev_range_measured_km" | "facelift" | "fast_charge_kw" | "first_registration" | "first_registration_precision" | "first_seen_at" | "front_suspension" | "gears" | "generation" | "gross_weight_kg" | "height_mm" | "hybrid_kind" | "image" | "image_sizes" | "images" | "inner_id" | "is_dealer" | "is_import" | "is_incomplete" | "km_age" | "length_mm" | "manufacturer" | "mark" | "mild_hybrid_voltage" | "model" | "model_latin" | "model_year" | "motor_position" | "motor_power_hp" | "motor_power_kw" | "msrp" | "never_registered" | "offer_created" | "options" | "passable_from" | "passable_until" | "payload_kg" | "place" | "power" | "power_kw" | "price" | "price_drop" | "province" | "rear_suspension" | "removed_at" | "salon_id" | "seats" | "seats_max" | "seats_min" | "section" | "seller_type" | "series" | "specid" | "system_power_hp" | "system_power_kw" | "tank_l" | "title" | "top_speed_kmh" | "torque_nm" | "transfers" | "transmission_type" | "trim" | "trim_en" | "trim_ru" | "trunk_l" | "updated_at" | "url" | "vin" | "vin_masked" | "wheelbase_mm" | "width_mm" | "year")[];
                /** `true` adds `meta.total`, the exact number of matching listings. For example `true`. */
                count?: "false" | "true";
                /** Adds `estimate`: the import costs of a private person in this country, with the configured rates. See `/offers/{inner_id}/customs`. For example `ru`. */
                estimate?: "by" | "kz" | "ru";
                /** Adds `labels` in this language: display names of codes, marks and places. For example `en`. */
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
                    "X-Changes-After": components["headers"]["ChangesAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OffersPage"];
                };
            };
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    "X-Changes-After": components["headers"]["ChangesAfter"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOffer: {
        parameters: {
            query?: {
                /** Adds `estimate`: the import costs of a private person in this country, with the configured rates. See `/offers/{inner_id}/customs`. For example `ru`. */
                estimate?: "by" | "kz" | "ru";
                /** Adds `labels` in this language: display names of codes, marks and places. For example `en`. */
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
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** There is no listing with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no listing with this id.",
                     *       "code": "not_found",
                     *       "request_id": "mJ3kP0aQ-1f"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCustoms: {
        parameters: {
            query?: {
                /** Country of import. Default: ru. For example `ru`. */
                country?: "by" | "kz" | "ru";
                /** Expected day of the customs declaration. Default: today and `customs.transitDays`. For example `2026-12-15`. */
                date?: string;
                /** Production date from the car's documents; otherwise derived from the registration. For example `2022-10`. */
                production_date?: string;
                /** Certified power of the engine, kW; replaces that of the listing. For example `117.68`. */
                certified_power_kw?: string;
                /** Certified 30-minute power of the motors, kW; no listing has it. For example `85`. */
                power_30min_kw?: string;
                /** `false` for a second car within 12 months, or not for personal use. For example `false`. */
                personal_use_eligible?: "false" | "true";
                /** Belarus: whether the quota of duty-free electric cars has any left. Without it both results. For example `false`. */
                ev_quota_open?: "false" | "true";
                /** Belarus: half of duty and VAT (decree 140). For example `true`. */
                benefit_50?: "false" | "true";
                /** `true` estimates an unknown 30-minute power as 0.45 of the peak power. For example `true`. */
                estimate_30min?: "false" | "true";
                /** `true` uses tables whose text in force was not read. For example `true`. */
                allow_provisional?: "false" | "true";
                /** `true` uses tables from a single source. For example `true`. */
                allow_single_source?: "false" | "true";
                /** Adds `labels` in this language: display names of codes, marks and places. For example `en`. */
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
            /** The import costs. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customs"];
                };
            };
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** There is no listing with this id. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no listing with this id.",
                     *       "code": "not_found",
                     *       "request_id": "mJ3kP0aQ-1f"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getFilters: {
        parameters: {
            query?: {
                /** Make. For example `BMW,Audi`. */
                mark?: string[];
                /** Model. Models of any make. For example `X5`. */
                model?: string[];
                /** Series. For example `X5`. */
                series?: string[];
                /** Body colour. For example `black,white`. */
                color?: ("black" | "blue" | "brown" | "champagne" | "dark_gray" | "gold" | "green" | "multicolor" | "orange" | "other" | "pink" | "purple" | "red" | "silver_gray" | "white" | "yellow")[];
                /** Body type. For example `suv`. */
                body_type?: ("convertible" | "coupe" | "hatchback" | "liftback" | "light_bus" | "light_truck" | "microvan" | "mini" | "minivan" | "motorhome" | "other" | "pickup" | "sedan" | "sports_car" | "suv" | "van" | "wagon")[];
                /** Vehicle class. For example `mid_size`. */
                car_class?: ("compact" | "compact_mpv" | "compact_suv" | "large" | "large_mpv" | "large_pickup" | "large_suv" | "light_bus" | "light_pickup" | "micro" | "micro_truck" | "microvan" | "mid" | "mid_mpv" | "mid_pickup" | "mid_suv" | "mpv" | "other" | "pickup" | "small" | "small_mpv" | "small_suv" | "sports" | "suv" | "truck" | "upper_mid" | "upper_mid_mpv" | "upper_mid_suv")[];
                /** Number of doors. For example `4,5`. */
                doors?: number[];
                /** Number of seats. For example `5,7`. */
                seats?: number[];
                /** Fuel type. For example `gasoline,hybrid`. */
                engine_type?: ("cng" | "diesel" | "electric" | "gasoline" | "gasoline_cng" | "hybrid" | "hydrogen" | "lpg" | "methanol" | "methanol_hybrid" | "mild_hybrid_diesel" | "mild_hybrid_gasoline" | "other" | "plug_in_hybrid" | "range_extender")[];
                /** Transmission. `automatic` also finds the more specific codes: cvt, e_cvt, dual_clutch, amt, dht, single_speed. For example `automatic`. */
                transmission_type?: ("amt" | "automatic" | "cvt" | "dht" | "dual_clutch" | "e_cvt" | "manual" | "other" | "single_speed")[];
                /** Drive type. For example `awd`. */
                drive_type?: ("2wd" | "awd" | "fwd" | "other" | "part_time_4wd" | "rwd")[];
                /** Emission standard. For example `china_6`. */
                emission_standard?: ("beijing_5" | "beijing_6" | "china_0" | "china_1" | "china_2" | "china_3" | "china_4" | "china_5" | "china_6" | "china_6a" | "china_6b" | "euro_1" | "euro_2" | "euro_3" | "euro_4" | "euro_5" | "euro_6" | "none" | "other")[];
                /** Type of seller. For example `dealer`. */
                seller_type?: ("dealer" | "other" | "private" | "unknown")[];
                /** Province. For example `Guangdong`. */
                province?: string[];
                /** City. For example `Shenzhen,Guangzhou`. */
                city?: string[];
                /** District. For example `Nanshan`. */
                district?: string[];
                /** ID of the dealer at the source. For example `100001`. */
                salon_id?: string[];
                /** Minimum year of manufacture or registration. For example `2018`. */
                year_from?: number;
                /** Maximum year of manufacture or registration. For example `2024`. */
                year_to?: number;
                /** Minimum price, CNY. For example `50000`. */
                price_from?: number;
                /** Maximum price, CNY. For example `200000`. */
                price_to?: number;
                /** Minimum mileage, km. For example `0`. */
                km_age_from?: number;
                /** Maximum mileage, km. For example `60000`. */
                km_age_to?: number;
                /** Minimum changes of owner. For example `0`. */
                transfers_from?: number;
                /** Maximum changes of owner. For example `1`. */
                transfers_to?: number;
                /** Minimum power, metric hp. For example `150`. */
                power_from?: number;
                /** Maximum power, metric hp. For example `300`. */
                power_to?: number;
                /** Minimum displacement, L. For example `1.5`. */
                displacement_from?: number;
                /** Maximum displacement, L. For example `2.0`. */
                displacement_to?: number;
                /** Minimum displacement, cm³. For example `1400`. */
                displacement_cc_from?: number;
                /** Maximum displacement, cm³. For example `1600`. */
                displacement_cc_to?: number;
                /** Minimum battery capacity, kWh. For example `40`. */
                battery_kwh_from?: number;
                /** Maximum battery capacity, kWh. For example `100`. */
                battery_kwh_to?: number;
                /** Minimum electric range, km. For example `300`. */
                ev_range_km_from?: number;
                /** Maximum electric range, km. For example `700`. */
                ev_range_km_to?: number;
                /** Minimum fuel consumption, L/100 km. For example `0`. */
                consumption_l_from?: number;
                /** Maximum fuel consumption, L/100 km. For example `8`. */
                consumption_l_to?: number;
                /** Earliest month of first registration. For example `2021-01`. */
                registered_from?: string;
                /** Latest month of first registration. For example `2023-06`. */
                registered_to?: string;
                /** Whether the listing has a value for: imported to china. For example `true`. */
                is_import?: "false" | "true";
                /** Whether the listing has a value for: vin. For example `true`. */
                has_vin?: "false" | "true";
                /** Whether the listing has a value for: addresses of the photos. For example `true`. */
                has_images?: "false" | "true";
                /** Last changed in the feed at or after this time, or within this age (`7d`, `12h`, `90m`). For example `7d`. */
                created_since?: string;
                /** Content changed here at or after this time, or within this age. For example `2026-11-20T08:00:00Z`. */
                updated_since?: string;
                /** Import duties of three to five years of age apply today (`true`), or will within so many months (`6m`); see `passable_from`. For example `true`. */
                passable?: string;
                /** Words that must all occur in make, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known. For example `land cruiser`. */
                q?: string;
                /** Further groups to count. For example `district`. */
                facets?: ("district" | "has_images" | "has_vin" | "is_import" | "salon_id")[];
                /** Adds `labels` in this language: display names of codes, marks and places. For example `en`. */
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
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    suggest: {
        parameters: {
            query?: {
                /** A partial query; without letters and digits there are no suggestions. For example `тойота к`. */
                q?: string;
                /** Adds `labels` in this language: display names of codes, marks and places. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** Suggestions. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestions"];
                };
            };
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMarket: {
        parameters: {
            query?: {
                /** Make. For example `BMW,Audi`. */
                mark?: string[];
                /** Model. Models of any make. For example `X5`. */
                model?: string[];
                /** Series. For example `X5`. */
                series?: string[];
                /** Body colour. For example `black,white`. */
                color?: ("black" | "blue" | "brown" | "champagne" | "dark_gray" | "gold" | "green" | "multicolor" | "orange" | "other" | "pink" | "purple" | "red" | "silver_gray" | "white" | "yellow")[];
                /** Body type. For example `suv`. */
                body_type?: ("convertible" | "coupe" | "hatchback" | "liftback" | "light_bus" | "light_truck" | "microvan" | "mini" | "minivan" | "motorhome" | "other" | "pickup" | "sedan" | "sports_car" | "suv" | "van" | "wagon")[];
                /** Vehicle class. For example `mid_size`. */
                car_class?: ("compact" | "compact_mpv" | "compact_suv" | "large" | "large_mpv" | "large_pickup" | "large_suv" | "light_bus" | "light_pickup" | "micro" | "micro_truck" | "microvan" | "mid" | "mid_mpv" | "mid_pickup" | "mid_suv" | "mpv" | "other" | "pickup" | "small" | "small_mpv" | "small_suv" | "sports" | "suv" | "truck" | "upper_mid" | "upper_mid_mpv" | "upper_mid_suv")[];
                /** Number of doors. For example `4,5`. */
                doors?: number[];
                /** Number of seats. For example `5,7`. */
                seats?: number[];
                /** Fuel type. For example `gasoline,hybrid`. */
                engine_type?: ("cng" | "diesel" | "electric" | "gasoline" | "gasoline_cng" | "hybrid" | "hydrogen" | "lpg" | "methanol" | "methanol_hybrid" | "mild_hybrid_diesel" | "mild_hybrid_gasoline" | "other" | "plug_in_hybrid" | "range_extender")[];
                /** Transmission. `automatic` also finds the more specific codes: cvt, e_cvt, dual_clutch, amt, dht, single_speed. For example `automatic`. */
                transmission_type?: ("amt" | "automatic" | "cvt" | "dht" | "dual_clutch" | "e_cvt" | "manual" | "other" | "single_speed")[];
                /** Drive type. For example `awd`. */
                drive_type?: ("2wd" | "awd" | "fwd" | "other" | "part_time_4wd" | "rwd")[];
                /** Emission standard. For example `china_6`. */
                emission_standard?: ("beijing_5" | "beijing_6" | "china_0" | "china_1" | "china_2" | "china_3" | "china_4" | "china_5" | "china_6" | "china_6a" | "china_6b" | "euro_1" | "euro_2" | "euro_3" | "euro_4" | "euro_5" | "euro_6" | "none" | "other")[];
                /** Type of seller. For example `dealer`. */
                seller_type?: ("dealer" | "other" | "private" | "unknown")[];
                /** Province. For example `Guangdong`. */
                province?: string[];
                /** City. For example `Shenzhen,Guangzhou`. */
                city?: string[];
                /** District. For example `Nanshan`. */
                district?: string[];
                /** ID of the dealer at the source. For example `100001`. */
                salon_id?: string[];
                /** Minimum year of manufacture or registration. For example `2018`. */
                year_from?: number;
                /** Maximum year of manufacture or registration. For example `2024`. */
                year_to?: number;
                /** Minimum price, CNY. For example `50000`. */
                price_from?: number;
                /** Maximum price, CNY. For example `200000`. */
                price_to?: number;
                /** Minimum mileage, km. For example `0`. */
                km_age_from?: number;
                /** Maximum mileage, km. For example `60000`. */
                km_age_to?: number;
                /** Minimum changes of owner. For example `0`. */
                transfers_from?: number;
                /** Maximum changes of owner. For example `1`. */
                transfers_to?: number;
                /** Minimum power, metric hp. For example `150`. */
                power_from?: number;
                /** Maximum power, metric hp. For example `300`. */
                power_to?: number;
                /** Minimum displacement, L. For example `1.5`. */
                displacement_from?: number;
                /** Maximum displacement, L. For example `2.0`. */
                displacement_to?: number;
                /** Minimum displacement, cm³. For example `1400`. */
                displacement_cc_from?: number;
                /** Maximum displacement, cm³. For example `1600`. */
                displacement_cc_to?: number;
                /** Minimum battery capacity, kWh. For example `40`. */
                battery_kwh_from?: number;
                /** Maximum battery capacity, kWh. For example `100`. */
                battery_kwh_to?: number;
                /** Minimum electric range, km. For example `300`. */
                ev_range_km_from?: number;
                /** Maximum electric range, km. For example `700`. */
                ev_range_km_to?: number;
                /** Minimum fuel consumption, L/100 km. For example `0`. */
                consumption_l_from?: number;
                /** Maximum fuel consumption, L/100 km. For example `8`. */
                consumption_l_to?: number;
                /** Earliest month of first registration. For example `2021-01`. */
                registered_from?: string;
                /** Latest month of first registration. For example `2023-06`. */
                registered_to?: string;
                /** Whether the listing has a value for: imported to china. For example `true`. */
                is_import?: "false" | "true";
                /** Whether the listing has a value for: vin. For example `true`. */
                has_vin?: "false" | "true";
                /** Whether the listing has a value for: addresses of the photos. For example `true`. */
                has_images?: "false" | "true";
                /** Last changed in the feed at or after this time, or within this age (`7d`, `12h`, `90m`). For example `7d`. */
                created_since?: string;
                /** Content changed here at or after this time, or within this age. For example `2026-11-20T08:00:00Z`. */
                updated_since?: string;
                /** Import duties of three to five years of age apply today (`true`), or will within so many months (`6m`); see `passable_from`. For example `true`. */
                passable?: string;
                /** Words that must all occur in make, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known. For example `land cruiser`. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The market. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Market"];
                };
            };
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    exportOffers: {
        parameters: {
            query?: {
                /** Make. For example `BMW,Audi`. */
                mark?: string[];
                /** Model. Models of any make. For example `X5`. */
                model?: string[];
                /** Series. For example `X5`. */
                series?: string[];
                /** Body colour. For example `black,white`. */
                color?: ("black" | "blue" | "brown" | "champagne" | "dark_gray" | "gold" | "green" | "multicolor" | "orange" | "other" | "pink" | "purple" | "red" | "silver_gray" | "white" | "yellow")[];
                /** Body type. For example `suv`. */
                body_type?: ("convertible" | "coupe" | "hatchback" | "liftback" | "light_bus" | "light_truck" | "microvan" | "mini" | "minivan" | "motorhome" | "other" | "pickup" | "sedan" | "sports_car" | "suv" | "van" | "wagon")[];
                /** Vehicle class. For example `mid_size`. */
                car_class?: ("compact" | "compact_mpv" | "compact_suv" | "large" | "large_mpv" | "large_pickup" | "large_suv" | "light_bus" | "light_pickup" | "micro" | "micro_truck" | "microvan" | "mid" | "mid_mpv" | "mid_pickup" | "mid_suv" | "mpv" | "other" | "pickup" | "small" | "small_mpv" | "small_suv" | "sports" | "suv" | "truck" | "upper_mid" | "upper_mid_mpv" | "upper_mid_suv")[];
                /** Number of doors. For example `4,5`. */
                doors?: number[];
                /** Number of seats. For example `5,7`. */
                seats?: number[];
                /** Fuel type. For example `gasoline,hybrid`. */
                engine_type?: ("cng" | "diesel" | "electric" | "gasoline" | "gasoline_cng" | "hybrid" | "hydrogen" | "lpg" | "methanol" | "methanol_hybrid" | "mild_hybrid_diesel" | "mild_hybrid_gasoline" | "other" | "plug_in_hybrid" | "range_extender")[];
                /** Transmission. `automatic` also finds the more specific codes: cvt, e_cvt, dual_clutch, amt, dht, single_speed. For example `automatic`. */
                transmission_type?: ("amt" | "automatic" | "cvt" | "dht" | "dual_clutch" | "e_cvt" | "manual" | "other" | "single_speed")[];
                /** Drive type. For example `awd`. */
                drive_type?: ("2wd" | "awd" | "fwd" | "other" | "part_time_4wd" | "rwd")[];
                /** Emission standard. For example `china_6`. */
                emission_standard?: ("beijing_5" | "beijing_6" | "china_0" | "china_1" | "china_2" | "china_3" | "china_4" | "china_5" | "china_6" | "china_6a" | "china_6b" | "euro_1" | "euro_2" | "euro_3" | "euro_4" | "euro_5" | "euro_6" | "none" | "other")[];
                /** Type of seller. For example `dealer`. */
                seller_type?: ("dealer" | "other" | "private" | "unknown")[];
                /** Province. For example `Guangdong`. */
                province?: string[];
                /** City. For example `Shenzhen,Guangzhou`. */
                city?: string[];
                /** District. For example `Nanshan`. */
                district?: string[];
                /** ID of the dealer at the source. For example `100001`. */
                salon_id?: string[];
                /** Minimum year of manufacture or registration. For example `2018`. */
                year_from?: number;
                /** Maximum year of manufacture or registration. For example `2024`. */
                year_to?: number;
                /** Minimum price, CNY. For example `50000`. */
                price_from?: number;
                /** Maximum price, CNY. For example `200000`. */
                price_to?: number;
                /** Minimum mileage, km. For example `0`. */
                km_age_from?: number;
                /** Maximum mileage, km. For example `60000`. */
                km_age_to?: number;
                /** Minimum changes of owner. For example `0`. */
                transfers_from?: number;
                /** Maximum changes of owner. For example `1`. */
                transfers_to?: number;
                /** Minimum power, metric hp. For example `150`. */
                power_from?: number;
                /** Maximum power, metric hp. For example `300`. */
                power_to?: number;
                /** Minimum displacement, L. For example `1.5`. */
                displacement_from?: number;
                /** Maximum displacement, L. For example `2.0`. */
                displacement_to?: number;
                /** Minimum displacement, cm³. For example `1400`. */
                displacement_cc_from?: number;
                /** Maximum displacement, cm³. For example `1600`. */
                displacement_cc_to?: number;
                /** Minimum battery capacity, kWh. For example `40`. */
                battery_kwh_from?: number;
                /** Maximum battery capacity, kWh. For example `100`. */
                battery_kwh_to?: number;
                /** Minimum electric range, km. For example `300`. */
                ev_range_km_from?: number;
                /** Maximum electric range, km. For example `700`. */
                ev_range_km_to?: number;
                /** Minimum fuel consumption, L/100 km. For example `0`. */
                consumption_l_from?: number;
                /** Maximum fuel consumption, L/100 km. For example `8`. */
                consumption_l_to?: number;
                /** Earliest month of first registration. For example `2021-01`. */
                registered_from?: string;
                /** Latest month of first registration. For example `2023-06`. */
                registered_to?: string;
                /** Whether the listing has a value for: imported to china. For example `true`. */
                is_import?: "false" | "true";
                /** Whether the listing has a value for: vin. For example `true`. */
                has_vin?: "false" | "true";
                /** Whether the listing has a value for: addresses of the photos. For example `true`. */
                has_images?: "false" | "true";
                /** Last changed in the feed at or after this time, or within this age (`7d`, `12h`, `90m`). For example `7d`. */
                created_since?: string;
                /** Content changed here at or after this time, or within this age. For example `2026-11-20T08:00:00Z`. */
                updated_since?: string;
                /** Import duties of three to five years of age apply today (`true`), or will within so many months (`6m`); see `passable_from`. For example `true`. */
                passable?: string;
                /** Words that must all occur in make, model, trim or place; the beginning of a word is enough. Latin, Russian and Chinese names are known. For example `land cruiser`. */
                q?: string;
                /** Format. Default: csv. For example `ndjson`. */
                format?: "csv" | "ndjson";
                /** `true` starts CSV with a byte order mark, which Excel needs to recognise UTF-8. For example `true`. */
                bom?: "false" | "true";
                /** `escape` puts an apostrophe before texts that start with =, +, -, @ or a tab, which spreadsheets would run as formulas. CSV only. Default: keep, the texts as they are. For example `escape`. */
                formulas?: "escape" | "keep";
                /** Order; `-` is descending. Listings without a value come last. Default: -created_at. For example `price`. */
                sort?: "-created_at" | "price";
                /** Columns, in this order: any fields of a listing, and `cursor`, after which an export can continue. Default: those of a card without `image_sizes`, and `cursor`. For example `inner_id,mark,model,price,cursor`. */
                fields?: ("acceleration_s" | "active" | "active_status" | "address" | "aspiration" | "battery_chemistry" | "battery_kwh" | "body_type" | "car_class" | "city" | "color" | "consumption_l" | "created_at" | "curb_weight_kg" | "cursor" | "customs_missing" | "customs_power_basis" | "customs_power_kw" | "cylinder_block_material" | "cylinder_head_material" | "cylinder_layout" | "cylinders" | "days_on_market" | "description" | "displacement" | "displacement_cc" | "district" | "doors" | "drive_motors" | "drive_type" | "emission_standard" | "engine_model" | "engine_type" | "ev_range_km" | "ev_range_measured_km" | "facelift" | "fast_charge_kw" | "first_registration" | "first_registration_precision" | "first_seen_at" | "front_suspension" | "gears" | "generation" | "gross_weight_kg" | "height_mm" | "hybrid_kind" | "image" | "image_sizes" | "images" | "inner_id" | "is_dealer" | "is_import" | "is_incomplete" | "km_age" | "length_mm" | "manufacturer" | "mark" | "mild_hybrid_voltage" | "model" | "model_latin" | "model_year" | "motor_position" | "motor_power_hp" | "motor_power_kw" | "msrp" | "never_registered" | "offer_created" | "options" | "passable_from" | "passable_until" | "payload_kg" | "place" | "power" | "power_kw" | "price" | "price_drop" | "province" | "rear_suspension" | "removed_at" | "salon_id" | "seats" | "seats_max" | "seats_min" | "section" | "seller_type" | "series" | "specid" | "system_power_hp" | "system_power_kw" | "tank_l" | "title" | "top_speed_kmh" | "torque_nm" | "transfers" | "transmission_type" | "trim" | "trim_en" | "trim_ru" | "trunk_l" | "updated_at" | "url" | "vin" | "vin_masked" | "wheelbase_mm" | "width_mm" | "year")[];
                /** Continues after this position: `cursor` of a row, or `next_cursor` of `/offers`, with the same filters and sort. For example `WzEsIi1jcmVhdGVkX2F0Ii...`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The listings, one per line. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "X-Changes-After": components["headers"]["ChangesAfter"];
                    "X-Corrected-Query": components["headers"]["CorrectedQuery"];
                    "Content-Disposition": components["headers"]["Disposition"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** Id of the last event that the client has: `next_after` of the previous response, or `X-Changes-After` of the first page of a walk. Default: before the oldest kept event. For example `48210`. */
                after?: number;
                /** Only events of these kinds, comma-separated. For example `price,removed`. */
                kind?: ("added" | "changed" | "price" | "removed" | "returned")[];
                /** Maximum number of events. For example `500`. */
                limit?: number;
                /** Adds each listing in its present state, as in `/offers/{inner_id}`. For example `listing`. */
                include?: "listing";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** Events. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesPage"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            /** Events after `after` are deleted (`oldest`), or it is beyond the newest one (`latest`). */
            410: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Gone",
                     *       "status": 410,
                     *       "detail": "Events after `after` are deleted (`oldest`), or it is beyond the newest one (`latest`).",
                     *       "code": "changes_gone",
                     *       "oldest": 4711,
                     *       "request_id": "mJ3kP0aQ-1f"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getFields: {
        parameters: {
            query?: {
                /** Adds `labels` in this language: display names of codes, marks and places. For example `en`. */
                lang?: "en" | "ru" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** Fields in order. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fields"];
                };
            };
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
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
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDailyStats: {
        parameters: {
            query?: {
                /** Number of days, up to today; 90 by default. For example `30`. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** Days. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailyStats"];
                };
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
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
            /** The database responds. */
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
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
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
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    getImage: {
        parameters: {
            query?: {
                /** Size. Default: full. For example `card`. */
                size?: "card" | "full" | "thumb";
                /** Hash of the picture's stored address. While it matches, the response may be kept forever. For example `Xk2m9QzT1aBc`. */
                v?: string;
                /** Signature of the address, as in `image_sizes`. With it, no token is needed. For example `q0ZkqB1mB0nYb8xq5bZJ3w`. */
                sig?: string;
            };
            header?: never;
            path: {
                /**
                 * Id of the listing at che168.com.
                 * @example 53692747
                 */
                inner_id: string;
                /**
                 * Position among the listing's pictures, from 0.
                 * @example 0
                 */
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The picture. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/webp": string;
                };
            };
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** There is no such listing, or it has no picture at this position. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no such listing, or it has no picture at this position.",
                     *       "code": "not_found",
                     *       "request_id": "mJ3kP0aQ-1f"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            /** The host of the picture does not respond, or does not have it. */
            502: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Gateway",
                     *       "status": 502,
                     *       "detail": "The host of the picture does not respond, or does not have it.",
                     *       "code": "bad_gateway",
                     *       "request_id": "mJ3kP0aQ-1f"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
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
            /** Unchanged since the response with this ETag. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    RateLimit: components["headers"]["RateLimit"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Invalid"];
            401: components["responses"]["Unauthorized"];
            405: components["responses"]["MethodNotAllowed"];
            414: components["responses"]["TooLong"];
            429: components["responses"]["TooMany"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
}
