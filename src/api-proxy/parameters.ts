// Generated from the OpenAPI description by `npm run api-types`.

/** Query parameters of each path. */
export const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  "/offers":
    "mark model color body_type engine_type transmission_type drive_type seller_type province city year_from year_to price_from price_to km_age_from km_age_to power_from power_to displacement_from displacement_to q sort page cursor limit lang".split(" "),
  "/offers/{inner_id}":
    "lang".split(" "),
  "/filters":
    "lang".split(" "),
  "/images/{inner_id}/{n}":
    "size v sig".split(" "),
};
