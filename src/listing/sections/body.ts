import { parseCategory, rawOf } from "../parse/category/category.ts";
import { maskPersonal } from "../parse/personal/personal.ts";
import { dimensionsOf, readStructure, type StructureReading } from "../parse/structure.ts";
import { isBlank } from "../parse/text.ts";
import { KILOGRAM_UNITS, LITRE_UNITS, MILLIMETRE_UNITS } from "../parse/units.ts";
import { firstNumber, numberField, type VehicleContext } from "../parse-context.ts";
import type { Vocabulary } from "../vocabulary/index.ts";

const DOORS = numberField("doors", { units: { 门: 1, 个: 1, 扇: 1 } });
const SEATS = numberField("seats", {
  units: { 座: 1, 个: 1, 人: 1, 位: 1, мест: 1, места: 1, место: 1, местный: 1, seats: 1, seater: 1 },
});
/** `7座（2/2/3）` has seven seats, in rows of two, two and three. */
const AFTER_SEATS = /\s*[(（].*$/u;
const SIZES = {
  length_mm: numberField("length_mm", { units: MILLIMETRE_UNITS }),
  width_mm: numberField("width_mm", { units: MILLIMETRE_UNITS }),
  height_mm: numberField("height_mm", { units: MILLIMETRE_UNITS }),
  wheelbase_mm: numberField("wheelbase_mm", { units: MILLIMETRE_UNITS }),
  curb_weight_kg: numberField("curb_weight_kg", { units: KILOGRAM_UNITS }),
  gross_weight_kg: numberField("gross_weight_kg", { units: KILOGRAM_UNITS }),
  payload_kg: numberField("payload_kg", { units: KILOGRAM_UNITS }),
  trunk_l: numberField("trunk_l", { units: LITRE_UNITS }),
  tank_l: numberField("tank_l", { units: LITRE_UNITS }),
};

/** Body: shape, doors, seats, sizes, weight. */
export function readBodySection(context: VehicleContext) {
  const { data, specs, trim, vocabulary, report } = context;
  const [own, foreign] = [specs.own("structure"), specs.foreign("structure")].map((raw) =>
    readStructure(typeof raw === "string" ? raw : "", vocabulary),
  ) as [StructureReading, StructureReading];
  const carClass = parseCategory(
    "car_class",
    { texts: [specs.own("car_class"), data.car_class], last: [specs.foreign("car_class")] },
    context,
  );
  const size = (field: keyof typeof SIZES) =>
    firstNumber(field, SIZES[field], [specs.own(field), data[field], specs.foreign(field)], report);
  const dimensions = readSizes(context);
  return {
    ...readBodyType(context, own, foreign),
    car_class: carClass.code,
    ...rawOf("car_class", carClass),
    doors:
      own.doors ??
      firstNumber("doors", DOORS, [specs.own("doors"), data.doors], report) ??
      trim.doors ??
      foreign.doors ??
      firstNumber("doors", DOORS, [specs.foreign("doors")], report),
    ...readSeats(context, own, foreign),
    length_mm: dimensions.length_mm ?? size("length_mm"),
    width_mm: dimensions.width_mm ?? size("width_mm"),
    height_mm: dimensions.height_mm ?? size("height_mm"),
    wheelbase_mm: size("wheelbase_mm"),
    curb_weight_kg: size("curb_weight_kg"),
    gross_weight_kg: size("gross_weight_kg"),
    payload_kg: size("payload_kg"),
    trunk_l: size("trunk_l"),
    tank_l: size("tank_l"),
  };
}

/** Bodies that a structure of `三厢车` or `两厢车`, which only counts boxes, does not override. */
const SPECIAL_BODIES = new Set(["coupe", "sports_car", "wagon", "convertible"]);
const BOX_COUNTS = new Set(["sedan", "hatchback"]);

/**
 * The structure overrides the account's value, except where it only counts boxes and the account has a coupe, a sports
 * car, a wagon or a convertible. A trim with 敞篷 turns a coupe into a convertible.
 */
function readBodyType(
  context: VehicleContext,
  own: StructureReading,
  foreign: StructureReading,
): { readonly body_type: string | null; readonly body_type_raw?: string } {
  const { data, trim, vocabulary, report } = context;
  const structure = known(own.body_type);
  if (own.body_type === "other") {
    report("body_type", "unknown_value", own.type);
  }
  const account = parseCategory("body_type", { texts: [withoutCounts(data.body_type, vocabulary)] }, context);
  if (account.code === "coupe" && trim.body_type === "convertible" && (structure ?? "sedan") === "sedan") {
    return { body_type: "convertible" };
  }
  const onlyCounts = SPECIAL_BODIES.has(account.code ?? "") && BOX_COUNTS.has(structure ?? "");
  const code =
    (onlyCounts ? null : structure) ?? known(account.code) ?? trim.body_type ?? known(foreign.body_type);
  if (code !== null) {
    return { body_type: code };
  }
  if (own.body_type === "other") {
    return { body_type: "other", body_type_raw: maskPersonal(own.type) };
  }
  return { body_type: account.code, ...rawOf("body_type", account) };
}

/** The code, unless it is `other`. */
function known(code: string | null): string | null {
  return code === "other" ? null : code;
}

/** The type alone, where an account gives a whole structure (`5-дверный хэтчбек`). */
function withoutCounts(raw: unknown, vocabulary: Vocabulary): unknown {
  if (typeof raw !== "string" || vocabulary.categories.body_type.find(raw) !== null) {
    return raw;
  }
  const { doors, seats_min, type } = readStructure(raw, vocabulary);
  return doors === null && seats_min === null ? raw : type;
}

/** Minimum and maximum number of seats from the first source that has one; `seats` only when they are equal. */
function readSeats(
  { data, specs, trim, report }: VehicleContext,
  own: StructureReading,
  foreign: StructureReading,
) {
  if (own.seats_min !== null) {
    return seatsOf(own.seats_min, own.seats_max);
  }
  for (const raw of [specs.own("seats"), data.seats]) {
    if (isBlank(raw)) {
      continue;
    }
    const { low, high, issue } = SEATS(typeof raw === "string" ? raw.replace(AFTER_SEATS, "") : raw);
    if (low !== null) {
      return seatsOf(low, high);
    }
    if (issue !== null) {
      report("seats", issue, raw);
    }
  }
  if (trim.seats_min !== null) {
    return seatsOf(trim.seats_min, trim.seats_max);
  }
  if (foreign.seats_min !== null) {
    return seatsOf(foreign.seats_min, foreign.seats_max);
  }
  const { low, high } = SEATS(specs.foreign("seats"));
  return seatsOf(low, high);
}

function seatsOf(low: number | null, high: number | null) {
  return { seats: low === high ? low : null, seats_min: low, seats_max: high };
}

/** Length, width and height from one text; a part that cannot be read leaves an issue. */
function readSizes({ data, specs, report }: VehicleContext) {
  for (const raw of [specs.own("dimensions"), data.dimensions, specs.foreign("dimensions")]) {
    if (typeof raw !== "string" || isBlank(raw)) {
      continue;
    }
    const { readable, readings, values } = dimensionsOf(raw);
    if (!readable) {
      report("dimensions", "unreadable", raw);
      continue;
    }
    for (const [field, { issue }] of Object.entries(readings)) {
      if (issue !== null) {
        report(field, issue, raw);
      }
    }
    return values;
  }
  return { length_mm: null, width_mm: null, height_mm: null };
}
