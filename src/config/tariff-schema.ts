import { type } from "arktype";
import { isDay } from "../util/days.ts";
import { expectedOf } from "../util/expected.ts";

// The form of a file of tariff tables. Unknown keys are notes for readers.

const isDecimal = (text: string): boolean => /^\d{1,15}(?:\.\d{1,15})?$/.test(text);

const amount = type("number >= 0 | string")
  .narrow((value) => typeof value === "number" || isDecimal(value))
  .describe('a number of at least 0, or a decimal text such as "0.17"');
const day = type("string").narrow(isDay).describe("a date (YYYY-MM-DD)");
const confidence = type("'confirmed' | 'single' | 'disputed'");

/** The bounds of rows ascend, and only the last one is null: no upper bound. */
function rowsAreOrdered(rows: readonly object[], key: string): boolean {
  const bounds = rows.map((row) => (row as Readonly<Record<string, unknown>>)[key]);
  return (
    bounds.length > 0 &&
    bounds.indexOf(null) === bounds.length - 1 &&
    bounds.every((bound, index) => index === 0 || bound === null || Number(bound) > Number(bounds[index - 1]))
  );
}
const ordered = (key: string) => (rows: readonly object[], context: { reject(expected: string): false }) =>
  rowsAreOrdered(rows, key) || context.reject(`rows in ascending order of ${key}, the last with null`);

const amountOrNull = type("number >= 0 | string | null")
  .narrow((value) => typeof value !== "string" || isDecimal(value))
  .describe("a number, a decimal text, or null for no upper bound");
const volume = type("number.integer > 0 | null").describe(
  "a whole number of cm³, or null for no upper bound",
);

const powerRows = type({ up_to_kw: amountOrNull, new: amount, old: amount, "disputed?": "('new' | 'old')[]" })
  .array()
  .narrow(ordered("up_to_kw"));
const volumeRows = type({ up_to_cc: volume, eur_per_cc: amount }).array().narrow(ordered("up_to_cc"));
const yearRows = type({ up_to_years: "number.integer >= 0 | null", mci: amount, "confidence?": confidence })
  .array()
  .narrow(ordered("up_to_years"));

const UNIFIED = {
  unified_duty_up_to_3_years: type({
    rows: type({ up_to_eur: amountOrNull, percent: amount, min_eur_per_cc: amount })
      .array()
      .narrow(ordered("up_to_eur")),
  }),
  unified_duty_3_to_5_years: type({ rows: volumeRows }),
  unified_duty_over_5_years: type({ rows: volumeRows }),
};

/** The tables of each country. */
const KINDS = {
  ru: {
    ...UNIFIED,
    customs_fee: type({
      rows: type({ up_to_rub: amountOrNull, rub: amount }).array().narrow(ordered("up_to_rub")),
    }),
    recycling_fee: type({
      base_rub: amount,
      preferential: {
        new: amount,
        old: amount,
        engine_up_to_kw: amount,
        engine_up_to_cc: "number.integer > 0",
        electric_30min_up_to_kw: amount,
      },
      grid: {
        electric_30min: powerRows,
        engine: type({ up_to_cc: volume, rows: powerRows }).array().narrow(ordered("up_to_cc")),
      },
    }),
    ev_duty: type({ percent: amount }),
    excise: type({
      hp_kw: amount,
      rows: type({ up_to_kw: amountOrNull, rub: amount }).array().narrow(ordered("up_to_kw")),
      "disputed?": "string",
    }),
    vat: type({ percent: amount }),
    estimate_30min_power: type({ factor_of_peak: amount }),
    constants: type({}),
  },
  by: {
    ...UNIFIED,
    customs_fee: type({ byn: amount, "disputed?": "string" }),
    recycling_fee: type({ new: amount, old: amount }),
    ev_duty: type({ percent: amount, "percent_in_quota?": amount }),
    ev_vat: type({ percent_up_to_5_years: amount, percent_over_5_years: amount, "disputed?": "string" }),
    series_hybrid: type({ duty_percent: amount, vat_percent: amount }),
    benefit_50: type({ percent: amount }),
  },
  kz: {
    mci: type({ value: amount }),
    customs_fee: type({ mci: amount }),
    recycling_fee: type({
      base_mci: amount,
      rows: type({ up_to_cc: volume, coefficient: amount }).array().narrow(ordered("up_to_cc")),
      electric_kzt: amount,
    }),
    customs_duty: type({ percent: amount }),
    customs_duty_over_7_years: type({
      percent: amount,
      rows: type({ up_to_cc: volume, min_eur_per_cc: amount }).array().narrow(ordered("up_to_cc")),
    }),
    vat: type({ percent: amount, "base?": "string" }),
    excise: type({ over_cc: "number.integer > 0", kzt_per_cc: amount }),
    excise_luxury: type({ percent: amount, over_mci: amount }),
    registration_fee: type({ rows: yearRows, electric_rows: yearRows }),
  },
} satisfies Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const head = type({
  country: "'ru' | 'by' | 'kz'",
  kind: "string",
  valid_from: day,
  valid_to: day.or("null").describe("a date (YYYY-MM-DD), or null"),
  checked_on: day,
  source: type("string[] >= 1").describe("a list of at least one source"),
  confidence,
  "status?": "string",
}).narrow(
  ({ valid_from, valid_to }, context) =>
    valid_to === null || valid_from <= valid_to || context.reject("valid_from before valid_to"),
);

/** A problem of a file, with the path of its value: `["tables", 0, "rows"]`. */
export interface TariffProblem {
  readonly path: readonly PropertyKey[];
  /** Completes "must be …"; null when the value is missing. */
  readonly expected: string | null;
  readonly data: unknown;
}

const problemsOf = (result: unknown, path: readonly PropertyKey[]): TariffProblem[] =>
  result instanceof type.errors
    ? [...result].map((error) => ({
        path: [...path, ...error.path],
        expected: error.code === "required" ? null : expectedOf(error),
        data: error.data,
      }))
    : [];

/** Problems in the content of a file of tables; empty when it is valid. Pure. */
export function tariffProblems(content: unknown): TariffProblem[] {
  const file = type({ tables: "unknown[] >= 1" })(content);
  if (file instanceof type.errors) {
    return problemsOf(file, []);
  }
  return file.tables.flatMap((table, index) => {
    const path = ["tables", index];
    const checked = head(table);
    if (checked instanceof type.errors) {
      return problemsOf(checked, path);
    }
    const kinds: Readonly<Record<string, (data: unknown) => unknown>> = KINDS[checked.country];
    const kind = Object.hasOwn(kinds, checked.kind) ? kinds[checked.kind] : undefined;
    return kind === undefined
      ? [{ path: [...path, "kind"], expected: `one of ${Object.keys(kinds).join(", ")}`, data: checked.kind }]
      : problemsOf(kind(table), path);
  });
}
