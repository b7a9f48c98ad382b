import { type Collected, collected, reported } from "./issues.ts";
import { memoByReads } from "./memo.ts";
import type { TrimReading } from "./parse/trim/trim.ts";
import type { VehicleContext } from "./parse-context.ts";
import { readBodySection } from "./sections/body.ts";
import { readDrivetrain } from "./sections/drivetrain.ts";
import { readEngineSection } from "./sections/engine.ts";
import { readNames } from "./sections/names.ts";
import { readPerformance } from "./sections/performance.ts";
import { readTrim } from "./sections/trim.ts";

type VehicleSource = Omit<VehicleContext, "trim">;

/** The facts about the vehicle, apart from the offer, and the trim that some of them come from. */
interface VehicleReading {
  readonly trim: TrimReading;
  readonly vehicle: ReturnType<typeof readSections>;
}

/**
 * Reads the vehicle. Thousands of listings have the same specification table, and the same values of the few other fields that
 * these facts come from, so a reading is kept by both.
 */
export function readVehicle(source: VehicleSource): VehicleReading {
  const { data, specs, report, now } = source;
  if (specs.kept === null) {
    return readAll(source);
  }
  // Of the time, only the year matters: no model year is later than the next one but one.
  const given = `${now.getUTCFullYear()} ${specs.trim ?? ""}`;
  const reading = readings(specs.kept, given, data, (noted) =>
    collected((collect) => readAll({ ...source, data: noted, report: collect })),
  );
  return reported(reading, report);
}

const readings = memoByReads<object, Collected<VehicleReading>>();

function readAll(source: VehicleSource): VehicleReading {
  const trim = readTrim(source);
  return { trim, vehicle: readSections({ ...source, trim }) };
}

function readSections(context: VehicleContext) {
  return {
    ...readNames(context),
    ...readEngineSection(context),
    ...readPerformance(context),
    ...readDrivetrain(context),
    ...readBodySection(context),
  };
}
