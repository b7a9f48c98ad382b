import { collected, reported } from "../issues.ts";
import { memo } from "../memo.ts";
import { textOf } from "../parse/text.ts";
import { parseBareTrim, parseModelYear, parseTrim, type TrimReading } from "../parse/trim/trim.ts";
import type { VehicleContext } from "../parse-context.ts";
import type { ReportIssue } from "../types.ts";

/** Merges the readings of full name, configuration and title: each part and fact from the first that has it. */
export function readTrim({ data, specs, report, now }: Omit<VehicleContext, "trim">): TrimReading {
  const title = textOf(data.title) ?? textOf(data.car_name);
  const readings = [
    readFullTrim(textOf(specs.own("model_name")) ?? "", report, now),
    readPlainTrim(specs.trim, report, now),
    readPlainTrim(textOf(data.complectation), report, now),
    title === null ? null : readFullTrim(title, report, now),
  ];
  const best = readings.filter((reading) => reading !== null).reduce(completed);
  return { ...best, model_year: best.model_year ?? parseModelYear(data.model_year, report, now) };
}

/** A trim in a separate field, which may lack series and year: `125i`. */
function readPlainTrim(text: string | null, report: ReportIssue, now: Date): TrimReading | null {
  if (text === null) {
    return null;
  }
  const reading = readFullTrim(text, report, now);
  return reading.trim === null ? readBareTrim(text) : reading;
}

const readBareTrim = memo(parseBareTrim);

/** {@link parseTrim} by text, with its issues, because trims repeat. */
const readFullTrim = (text: string, report: ReportIssue, now: Date): TrimReading =>
  reported(trimsOf(now)(text), report);

const trimReader = (year: number, now: Date) => ({
  year,
  read: memo((text) => collected((report) => parseTrim(text, report, now))),
});
/** Of the present year, from which the latest model year follows. */
let trims: ReturnType<typeof trimReader> | undefined;

function trimsOf(now: Date) {
  const year = now.getUTCFullYear();
  if (trims?.year !== year) {
    trims = trimReader(year, now);
  }
  return trims.read;
}

/** A reading whose nulls are filled from another. */
function completed(reading: TrimReading, other: TrimReading): TrimReading {
  const both: Record<string, unknown> = { ...reading };
  for (const [key, value] of Object.entries(other)) {
    both[key] ??= value;
  }
  return both as unknown as TrimReading;
}
