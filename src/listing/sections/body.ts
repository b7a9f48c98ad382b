import type { Listing } from "../listing.ts";
import { parseCategory, rawOf } from "../parse/category.ts";
import { KILOGRAM_UNITS, LITRE_UNITS, MILLIMETRE_UNITS } from "../parse/numbers.ts";
import { maskPersonal } from "../parse/personal.ts";
import { isBlank } from "../parse/served.ts";
import { DIMENSION_BOUNDS, dimensionsOf, readStructure, type StructureReading } from "../parse/structure.ts";
import { firstNumber, numberField, type Source } from "../parse-context.ts";
import type { Vocabulary } from "../vocabulary/index.ts";

type Body = Pick<
  Listing,
  | "body_type"
  | "body_type_raw"
  | "car_class"
  | "car_class_raw"
  | "doors"
  | "seats"
  | "seats_min"
  | "seats_max"
  | "length_mm"
  | "width_mm"
  | "height_mm"
  | "wheelbase_mm"
  | "curb_weight_kg"
  | "trunk_l"
  | "tank_l"
>;

const DOORS = numberField({ units: { 门: 1, 个: 1, 扇: 1 }, min: 1, max: 6, digits: 0, zeroIsNull: true });
const SEATS = numberField({
  units: { 座: 1, 个: 1, 人: 1, 位: 1, мест: 1, места: 1, место: 1, местный: 1, seats: 1, seater: 1 },
  min: 1,
  max: 60,
  digits: 0,
  zeroIsNull: true,
});
/** `7座（2/2/3）` has seven seats, in rows of two, two and three. */
const BEHIND_SEATS = /\s*[(（].*$/u;
const SIZES = {
  length_mm: numberField(DIMENSION_BOUNDS.length_mm),
  width_mm: numberField(DIMENSION_BOUNDS.width_mm),
  height_mm: numberField(DIMENSION_BOUNDS.height_mm),
  wheelbase_mm: numberField({ units: MILLIMETRE_UNITS, min: 1200, max: 6000, digits: 0, zeroIsNull: true }),
  curb_weight_kg: numberField({ units: KILOGRAM_UNITS, min: 300, max: 8000, digits: 0, zeroIsNull: true }),
  trunk_l: numberField({ units: LITRE_UNITS, min: 10, max: 20_000, digits: 0, zeroIsNull: true }),
  tank_l: numberField({ units: LITRE_UNITS, min: 5, max: 300, digits: 1, zeroIsNull: true }),
};
type Size = keyof typeof SIZES;

/** The car's shape: body, doors, seats, sizes, weight. */
export function readBody(source: Source): Body {
  const { data, specs, vocabulary, report } = source;
  const structures = [specs.own("structure"), specs.foreign("structure")].map((raw) =>
    readStructure(typeof raw === "string" ? raw : "", vocabulary),
  );
  const [own, foreign] = structures as [StructureReading, StructureReading];
  const carClass = parseCategory(
    "car_class",
    { texts: [specs.own("car_class"), data.car_class], last: [specs.foreign("car_class")] },
    vocabulary,
    report,
  );
  const doors = [specs.own("doors"), data.doors];
  const size = (field: Size) =>
    firstNumber(field, SIZES[field], [specs.own(field), data[field], specs.foreign(field)], report);
  const dimensions = readSizes(source);
  return {
    ...readBodyType(source, own, foreign),
    car_class: carClass.code,
    ...rawOf("car_class_raw", carClass),
    doors:
      own.doors ??
      firstNumber("doors", DOORS, doors, report) ??
      source.trim.doors ??
      foreign.doors ??
      firstNumber("doors", DOORS, [specs.foreign("doors")], report),
    ...readSeats(source, own, foreign),
    length_mm: dimensions.length_mm ?? size("length_mm"),
    width_mm: dimensions.width_mm ?? size("width_mm"),
    height_mm: dimensions.height_mm ?? size("height_mm"),
    wheelbase_mm: size("wheelbase_mm"),
    curb_weight_kg: size("curb_weight_kg"),
    trunk_l: size("trunk_l"),
    tank_l: size("tank_l"),
  };
}

/** Kinds that a structure of `三厢车` or `两厢车` does not overrule: it only counts boxes. */
const SPECIAL_BODIES = new Set(["coupe", "sports_car", "wagon", "convertible"]);
const BOX_COUNTS = new Set(["sedan", "hatchback"]);

/**
 * The structure wins over the account's value, except where it only counts boxes and the account knows a coupe, a
 * sports car, a wagon or a convertible. A trim that says 敞篷 makes a coupe a convertible.
 */
function readBodyType(
  { data, trim, vocabulary, report }: Source,
  own: StructureReading,
  foreign: StructureReading,
): Pick<Listing, "body_type" | "body_type_raw"> {
  const structure = known(own.body_type);
  if (own.body_type === "other") report("body_type", "unknown_value", own.type);
  const account = parseCategory(
    "body_type",
    { texts: [withoutCounts(data.body_type, vocabulary)] },
    vocabulary,
    report,
  );
  if (account.code === "coupe" && trim.body_type === "convertible" && (structure ?? "sedan") === "sedan") {
    return { body_type: "convertible" };
  }
  const onlyCounts = SPECIAL_BODIES.has(account.code ?? "") && BOX_COUNTS.has(structure ?? "");
  const code =
    (onlyCounts ? null : structure) ?? known(account.code) ?? trim.body_type ?? known(foreign.body_type);
  if (code !== null) return { body_type: code };
  if (own.body_type === "other") return { body_type: "other", body_type_raw: maskPersonal(own.type) };
  return { body_type: account.code, ...rawOf("body_type_raw", account) };
}

/** A code that says something: not `other`. */
function known(code: string | null): string | null {
  return code === "other" ? null : code;
}

/** The type alone, where an account gives a whole structure (`5-дверный хэтчбек`). */
function withoutCounts(raw: unknown, vocabulary: Vocabulary): unknown {
  if (typeof raw !== "string" || vocabulary.categories.body_type.find(raw) !== null) return raw;
  const { doors, seats_min, type } = readStructure(raw, vocabulary);
  if (doors === null && seats_min === null) return raw;
  return type;
}

const SEAT_FIELDS = ["seats", "seats_min", "seats_max"] as const;
type Seats = Pick<Listing, (typeof SEAT_FIELDS)[number]>;

/** Lowest and highest number of seats from the first source that tells one; `seats` only when they are the same. */
function readSeats(
  { data, specs, trim, report }: Source,
  own: StructureReading,
  foreign: StructureReading,
): Seats {
  if (own.seats_min !== null) return seatsOf(own.seats_min, own.seats_max);
  for (const raw of [specs.own("seats"), data.seats]) {
    if (isBlank(raw)) continue;
    const { low, high, issue } = SEATS(typeof raw === "string" ? raw.replace(BEHIND_SEATS, "") : raw);
    if (low !== null) return seatsOf(low, high);
    if (issue !== null) report("seats", issue, raw);
  }
  if (trim.seats_min !== null) return seatsOf(trim.seats_min, trim.seats_max);
  if (foreign.seats_min !== null) return seatsOf(foreign.seats_min, foreign.seats_max);
  const { low, high } = SEATS(specs.foreign("seats"));
  return seatsOf(low, high);
}

function seatsOf(low: number | null, high: number | null): Seats {
  return { seats: low === high ? low : null, seats_min: low, seats_max: high };
}

/** The three sizes in one text, with the issues of those that cannot be taken. */
function readSizes({ data, specs, report }: Source): Pick<Body, "length_mm" | "width_mm" | "height_mm"> {
  const none = { length_mm: null, width_mm: null, height_mm: null };
  for (const raw of [specs.own("dimensions"), data.dimensions, specs.foreign("dimensions")]) {
    if (typeof raw !== "string" || isBlank(raw)) continue;
    const { readable, readings, values } = dimensionsOf(raw);
    if (!readable) {
      report("dimensions", "unreadable", raw);
      continue;
    }
    for (const [field, { issue }] of Object.entries(readings)) if (issue !== null) report(field, issue, raw);
    return values;
  }
  return none;
}
