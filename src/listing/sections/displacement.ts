import type { Listing } from "../listing.ts";
import { memo } from "../memo.ts";
import type { EngineReading } from "../parse/engine.ts";
import { LITRE_UNITS, MILLILITRE_UNITS, readNumber, round } from "../parse/numbers.ts";
import { isBlank } from "../parse/served.ts";
import type { Source } from "../parse-context.ts";
import type { IssueCode } from "../types.ts";

interface Displacement {
  litres: number | null;
  /** Only when the value was in millilitres. */
  cc: number | null;
  issue: IssueCode | null;
}

const NONE: Displacement = { litres: null, cc: null, issue: null };
/** `2.0T` and `1.5L` come in a field for litres too. */
const UNITS = { ...LITRE_UNITS, ...MILLILITRE_UNITS, t: 1, т: 1, td: 1 };
const MIN_LITRES = 0.3;
const MAX_LITRES = 10;
const MIN_CC = 300;
const MAX_CC = 10_000;

/** A displacement in litres (0.3 to 10) or millilitres (300 to 10,000); the size of the number tells which. */
export function readVolume(raw: unknown): Displacement {
  return typeof raw === "string" ? volumeOfText(raw) : volumeOf(raw);
}

const volumeOfText = memo((text) => volumeOf(text));

function volumeOf(raw: unknown): Displacement {
  const { value, unit, issue } = readNumber(raw, { units: UNITS, zeroIsNull: true });
  if (value === null) return { ...NONE, issue };
  if (value >= MIN_LITRES && value <= MAX_LITRES && !(unit in MILLILITRE_UNITS)) {
    return { litres: round(value, 2), cc: null, issue };
  }
  if (value >= MIN_CC && value <= MAX_CC && !(unit in LITRE_UNITS)) {
    return { litres: round(value / 1000, 2), cc: round(value, 0), issue };
  }
  return { ...NONE, issue: "out_of_range" };
}

/**
 * Displacement by the order of the field rules. Cubic centimetres only ever come from a value in millilitres: a duty
 * depends on them, and litres are rounded. A value of the account that differs from the table leaves an issue.
 */
export function readDisplacement(
  { data, specs, trim, report }: Source,
  engine: EngineReading,
  isElectric: boolean,
): Pick<Listing, "displacement" | "displacement_cc"> {
  const readings = [specs.own("displacement_cc"), specs.own("displacement_l"), data.displacement].map(
    (raw) => {
      const reading = isBlank(raw) ? NONE : readVolume(raw);
      if (reading.issue !== null) report("displacement", reading.issue, raw);
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

/** Litres are told to one digit; more than that apart is another engine. */
function differ(one: number, other: number): boolean {
  return Math.abs(one - other) > 0.1;
}
