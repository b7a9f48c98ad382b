// JSON schemas of import costs, for the OpenAPI document.

type JsonSchema = Readonly<Record<string, unknown>>;

const text = (description: string): JsonSchema => ({ type: "string", description });
const money = (description: string): JsonSchema => ({ type: ["string", "null"], description });
const texts = (description: string): JsonSchema => ({
  type: "array",
  items: { type: "string" },
  description,
});
const byName = (values: JsonSchema, description: string): JsonSchema => ({
  type: "object",
  additionalProperties: values,
  description,
});
const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const STATUS: JsonSchema = {
  enum: ["computed", "range", "estimate", "not_computed"],
  description:
    "`computed`: every item has one value; `range`: several results are possible; `estimate`: with an estimated 30-minute power; `not_computed`: see `missing`.",
};
const TOTALS = {
  total: money("Sum of all items; null in a `range` and when not computed."),
  total_min: money("Smallest possible total."),
  total_max: money("Largest possible total."),
  currency: text("ISO 4217 code of all amounts."),
  date: { type: "string", format: "date", description: "Day of the declaration." },
} as const;

/** The `estimate` of a listing. */
export const SHORT_ESTIMATE_SCHEMA = {
  ...object({ status: STATUS, ...TOTALS }),
  description: "Import costs of a private person; only with `estimate`. An estimate, not advice.",
};

const items = byName(money(""), "Amounts by item: `duty`, `excise`, `vat`, `customs_fee`, `recycling_fee`.");
const steps = byName(
  { anyOf: [{ type: "string" }, byName({ type: "string" }, "Figures by name.")] },
  "Figures of the calculation.",
);

/** The response of `GET /offers/{inner_id}/customs`. */
export const CUSTOMS_SCHEMA = object(
  {
    inner_id: text("The listing."),
    status: STATUS,
    country: { enum: ["ru", "by", "kz"] },
    ...TOTALS,
    age_band: { type: ["string", "null"], description: "Age class; null when several are possible." },
    age_bands: texts("Possible age classes."),
    items,
    missing: texts("Facts, rates and tables that are missing."),
    warnings: texts("What to know about the result."),
    variants: {
      type: "array",
      description: "Possible results of a `range`, the dearest first.",
      items: object({ age_band: text(""), items, total: text(""), steps }),
    },
    bounds: object({ recycling_fee: object({ min: text(""), max: money("") }) }),
    steps,
    tables: {
      type: "array",
      description: "The tables used, with their dates, confidence and sources.",
      items: object({
        kind: text(""),
        status: text(""),
        valid_from: text(""),
        valid_to: money(""),
        checked_on: text(""),
        confidence: text(""),
        source: texts(""),
      }),
    },
    rates: byName({ type: "string" }, "Rates used."),
    rates_date: { type: ["string", "null"], description: "Day of the rates; null for configured ones." },
    labels: byName(byName({ type: "string" }, ""), "Display names of the codes; only with `lang`."),
  },
  ["bounds", "labels"],
);
