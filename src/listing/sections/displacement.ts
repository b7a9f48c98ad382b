import { isInRange } from "../fields.ts";
import { memo } from "../memo.ts";
import type { EngineReading } from "../parse/engine.ts";
import { readNumber, round } from "../parse/numbers.ts";
import { isBlank } from "../parse/text.ts";
import { LITRE_UNITS, MILLILITRE_UNITS } from "../parse/units.ts";
import type { VehicleContext } from "../parse-context.ts";
import type { IssueCode } from "../types.ts";

interface Displacement {
  readonly litres: number | null;
  /** Only from a value in millilitres. */
  readonly cc: number | null;
  readonly issue: IssueCode | null;
}

const NONE: Displacement = { litres: null, cc: null, issue: null };
/** A field for litres also contains `2.0T` and `1.5L`. */
const UNITS = { ...LITRE_UNITS, ...MILLILITRE_UNITS, t: 1, т: 1, td: 1 };

/** A displacement in litres or millilitres; without a unit the size of the number decides. */
function readVolume(raw: unknown): Displacement {
  return typeof raw === "string" ? volumeOfText(raw) : volumeOf(raw);
}

const volumeOfText = memo((text) => volumeOf(text));

function volumeOf(raw: unknown): Displacement {
  const { value, unit, issue } = readNumber(raw, { units: UNITS, zeroIsNull: true });
  if (value === null) {
    return { ...NONE, issue };
  }
  if (isInRange("displacement", value) && !(unit in MILLILITRE_UNITS)) {
    return { litres: round(value, 2), cc: null, issue };
  }
  if (isInRange("displacement_cc", value) && !(unit in LITRE_UNITS)) {
    return { litres: round(value / 1000, 2), cc: round(value, 0), issue };
  }
  return { ...NONE, issue: "out_of_range" };
}

/**
 * Displacement by the order of sources. Cubic centimetres only come from a value in millilitres, because a duty depends
 * on them and litres are rounded. An account value that differs from the table leaves an issue.
 */
export function readDisplacement(
  { data, specs, trim, report }: VehicleContext,
  engine: EngineReading,
  isElectric: boolean,
) {
  const readings = [specs.own("displacement_cc"), specs.own("displacement_l"), data.displacement].map(
    (raw) => {
      const reading = isBlank(raw) ? NONE : readVolume(raw);
      if (reading.issue !== null) {
        report("displacement", reading.issue, raw);
      }
      return reading;
    },
  );
  const own = isBlank(data.displacement_cc) ? NONE : readVolume(data.displacement_cc);
  const litres =
    readings.find((reading) => reading.litres !== null)?.litres ??
    own.litres ??
    (isElectric ? null : (engine.displacement_l ?? trim.displacement_l));
  const account = readings[2]?.litres ?? null;
  if (litres !== null && account !== null && differ(litres, account)) {
    report("displacement", "conflict", data.displacement);
  }
  const cc = [...readings, own].find((reading) => reading.cc !== null)?.cc ?? null;
  return {
    displacement: litres,
    displacement_cc: cc !== null && litres !== null && !differ(litres, cc / 1000) ? cc : null,
  };
}

/** Litres are rounded to one decimal; a larger difference means another engine. */
function differ(one: number, other: number): boolean {
  return Math.abs(one - other) > 0.1;
}
