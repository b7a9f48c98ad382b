import { parseCategory, rawOf } from "../parse/category/category.ts";
import {
  CONSUMPTION_UNITS,
  DISTANCE_UNITS,
  KILOWATT_HOUR_UNITS,
  KILOWATT_UNITS,
  SECOND_UNITS,
  SPEED_UNITS,
} from "../parse/units.ts";
import { firstNumber, numberField, type VehicleContext } from "../parse-context.ts";

const BATTERY = numberField("battery_kwh", { units: KILOWATT_HOUR_UNITS });
const RANGE = numberField("ev_range_km", { units: DISTANCE_UNITS });
const MEASURED_RANGE = numberField("ev_range_measured_km", { units: DISTANCE_UNITS });
const FAST_CHARGE = numberField("fast_charge_kw", { units: KILOWATT_UNITS });
const SPEED = numberField("top_speed_kmh", { units: SPEED_UNITS });
const SECONDS = numberField("acceleration_s", { units: SECOND_UNITS });
const CONSUMPTION = numberField("consumption_l", { units: CONSUMPTION_UNITS });

/** Battery, range, speed and consumption. */
export function readPerformance(context: VehicleContext) {
  const { data, specs, trim, report } = context;
  const chemistry = parseCategory(
    "battery_chemistry",
    { texts: [specs.own("battery_type"), data.battery_chemistry], facts: [trim.battery_chemistry] },
    context,
  );
  const ranges = [
    specs.own("range_cltc_km"),
    specs.own("range_nedc_km"),
    specs.own("range_wltc_km"),
    specs.own("range_miit_km"),
    data.ev_range_km,
  ];
  const speeds = [specs.own("top_speed_kmh"), data.top_speed_kmh, specs.foreign("top_speed_kmh")];
  const accelerations = [specs.own("acceleration_s"), data.acceleration_s, specs.foreign("acceleration_s")];
  const consumptions = [
    specs.own("consumption_wltc"),
    specs.own("consumption_nedc"),
    specs.own("consumption_miit"),
    data.consumption_l,
  ];
  return {
    battery_kwh:
      firstNumber("battery_kwh", BATTERY, [specs.own("battery_kwh"), data.battery_kwh], report) ??
      trim.battery_kwh,
    battery_chemistry: chemistry.code,
    ...rawOf("battery_chemistry", chemistry),
    ev_range_km: firstNumber("ev_range_km", RANGE, ranges, report) ?? trim.ev_range_km,
    ev_range_measured_km: firstNumber(
      "ev_range_measured_km",
      MEASURED_RANGE,
      [specs.own("range_measured_km")],
      report,
    ),
    fast_charge_kw: firstNumber("fast_charge_kw", FAST_CHARGE, [specs.own("fast_charge_kw")], report),
    top_speed_kmh: firstNumber("top_speed_kmh", SPEED, speeds, report),
    acceleration_s: firstNumber("acceleration_s", SECONDS, accelerations, report),
    consumption_l: firstNumber("consumption_l", CONSUMPTION, consumptions, report),
  };
}
