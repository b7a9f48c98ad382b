// Generated from the OpenAPI description by `npm run api-types`.

/** Query parameters of each path. */
export const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  "/offers":
    "mark model series color body_type car_class doors seats engine_type transmission_type drive_type emission_standard seller_type province city district salon_id year_from year_to price_from price_to km_age_from km_age_to transfers_from transfers_to power_from power_to displacement_from displacement_to displacement_cc_from displacement_cc_to battery_kwh_from battery_kwh_to ev_range_km_from ev_range_km_to consumption_l_from consumption_l_to registered_from registered_to is_import has_vin has_images created_since updated_since passable q ids sort page cursor limit fields count estimate lang".split(" "),
  "/offers/{inner_id}":
    "estimate lang".split(" "),
  "/offers/{inner_id}/customs":
    "country date production_date certified_power_kw power_30min_kw personal_use_eligible ev_quota_open benefit_50 estimate_30min allow_provisional allow_single_source lang".split(" "),
  "/filters":
    "mark model series color body_type car_class doors seats engine_type transmission_type drive_type emission_standard seller_type province city district salon_id year_from year_to price_from price_to km_age_from km_age_to transfers_from transfers_to power_from power_to displacement_from displacement_to displacement_cc_from displacement_cc_to battery_kwh_from battery_kwh_to ev_range_km_from ev_range_km_to consumption_l_from consumption_l_to registered_from registered_to is_import has_vin has_images created_since updated_since passable q facets lang".split(" "),
  "/suggest":
    "q lang".split(" "),
  "/market":
    "mark model series color body_type car_class doors seats engine_type transmission_type drive_type emission_standard seller_type province city district salon_id year_from year_to price_from price_to km_age_from km_age_to transfers_from transfers_to power_from power_to displacement_from displacement_to displacement_cc_from displacement_cc_to battery_kwh_from battery_kwh_to ev_range_km_from ev_range_km_to consumption_l_from consumption_l_to registered_from registered_to is_import has_vin has_images created_since updated_since passable q".split(" "),
  "/export":
    "mark model series color body_type car_class doors seats engine_type transmission_type drive_type emission_standard seller_type province city district salon_id year_from year_to price_from price_to km_age_from km_age_to transfers_from transfers_to power_from power_to displacement_from displacement_to displacement_cc_from displacement_cc_to battery_kwh_from battery_kwh_to ev_range_km_from ev_range_km_to consumption_l_from consumption_l_to registered_from registered_to is_import has_vin has_images created_since updated_since passable q format bom formulas sort fields cursor".split(" "),
  "/changes":
    "after kind limit include".split(" "),
  "/fields":
    "lang".split(" "),
  "/stats/daily":
    "days".split(" "),
  "/images/{inner_id}/{n}":
    "size v sig".split(" "),
};
