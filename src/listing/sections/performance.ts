import type { Listing } from "../listing.ts";
import { parseCategory, rawOf } from "../parse/category.ts";
import {
  CONSUMPTION_UNITS,
  DISTANCE_UNITS,
  KILOWATT_HOUR_UNITS,
  SECOND_UNITS,
  SPEED_UNITS,
} from "../parse/numbers.ts";
import { firstNumber, numberField, type Source } from "../parse-context.ts";

type Performance = Pick<
  Listing,
  | "battery_kwh"
  | "battery_chemistry"
  | "battery_chemistry_raw"
  | "ev_range_km"
  | "top_speed_kmh"
  | "acceleration_s"
  | "consumption_l"
>;

const BATTERY = numberField({ units: KILOWATT_HOUR_UNITS, min: 0.5, max: 300, digits: 3, zeroIsNull: true });
const RANGE = numberField({ units: DISTANCE_UNITS, min: 10, max: 2000, digits: 0, zeroIsNull: true });
const SPEED = numberField({ units: SPEED_UNITS, min: 30, max: 500, digits: 0, zeroIsNull: true });
const SECONDS = numberField({ units: SECOND_UNITS, min: 1, max: 60, digits: 2, zeroIsNull: true });
const CONSUMPTION = numberField({ units: CONSUMPTION_UNITS, min: 0, max: 40, digits: 2 });

/** Battery, range, speed and consumption. */
export function readPerformance({ data, specs, trim, vocabulary, report }: Source): Performance {
  const chemistry = parseCategory(
    "battery_chemistry",
    { texts: [specs.own("battery_type"), data.battery_chemistry], facts: [trim.battery_chemistry] },
    vocabulary,
    report,
  );
  const ranges = [
    specs.own("range_cltc_km"),
    specs.own("range_nedc_km"),
    specs.own("range_wltc_km"),
    specs.own("range_miit_km"),
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
    ...rawOf("battery_chemistry_raw", chemistry),
    ev_range_km: firstNumber("ev_range_km", RANGE, [...ranges, data.ev_range_km], report) ?? trim.ev_range_km,
    top_speed_kmh: firstNumber("top_speed_kmh", SPEED, speeds, report),
    acceleration_s: firstNumber("acceleration_s", SECONDS, accelerations, report),
    consumption_l: firstNumber("consumption_l", CONSUMPTION, consumptions, report),
  };
}
