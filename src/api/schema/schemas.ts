import { EVENT_KINDS } from "../../events/index.ts";
import {
  describeField,
  FIELD_NAMES,
  FIELDS,
  type Field,
  type FieldName,
  type FieldOf,
  fieldOf,
  fieldsWith,
  GROUPS,
} from "../../listing/fields.ts";
import { CUSTOMS_SCHEMA, SHORT_ESTIMATE_SCHEMA } from "../customs/schemas.ts";
import { IMAGE_SIZES_SQL } from "../images/picture-addresses.ts";
import { SIZES } from "../images/sizes.ts";
import { CORRECTED, FILTERS_SCHEMA, MARKET_SCHEMA, SUGGESTIONS_SCHEMA } from "./filters-schema.ts";
import { count, instant, type JsonSchema, listOf, object, string } from "./json-schema.ts";
import { SERVICE_SCHEMAS } from "./service-schemas.ts";

export type { JsonSchema };

// Shapes of the responses, for the OpenAPI document. The tests validate every response against it.

/** A member of a listing's JSON: its source and its schema. */
export interface ListingMember {
  readonly name: string;
  /** Column or expression in `processed_data`. */
  readonly sql: string;
  readonly schema: JsonSchema;
}

const place = (level: string): JsonSchema => ({
  type: ["object", "null"],
  description: `${level}: code of GB/T 2260 and names.`,
  properties: {
    code: { type: "string" },
    zh: { type: "string" },
    en: { type: "string" },
    ru: { type: "string" },
  },
});

/** Schemas of the fields of kind `json`. */
const JSON_SCHEMAS: Readonly<Record<FieldOf<"json">, JsonSchema>> = {
  images: { type: "array", items: { type: "string" } },
  options: {
    type: "array",
    items: {
      type: "object",
      properties: {
        code: { type: "string" },
        en: { type: "string" },
        ru: { type: "string" },
        zh: { type: "string" },
      },
    },
  },
  customs_missing: { type: "array", items: { type: "string" } },
  place: {
    type: ["object", "null"],
    properties: { province: place("Province"), city: place("City"), district: place("District") },
  },
};

const TYPES: Readonly<Record<Exclude<Field["kind"], "json">, string>> = {
  text: "string",
  category: "string",
  date: "string",
  int: "integer",
  decimal: "number",
  flag: "boolean",
  marker: "boolean",
};

function schemaOf(name: FieldName): JsonSchema {
  const { kind, values, format } = fieldOf(name);
  const description = describeField(name);
  if (kind === "json") {
    return { ...JSON_SCHEMAS[name as FieldOf<"json">], description };
  }
  if (values !== undefined) {
    return { enum: [...Object.keys(values), null], description };
  }
  const type = [TYPES[kind], "null"];
  if (kind === "category") {
    return { type, description: `${description} A code; \`lang\` adds its label.` };
  }
  const stated = kind === "date" ? "date" : format;
  return stated === undefined ? { type, description } : { type, description, format: stated };
}

/** The key is never null in an API response. */
const INNER_ID: JsonSchema = { type: "string", description: describeField("inner_id") };
const schemasOf = (names: readonly FieldName[]): Record<string, JsonSchema> => ({
  ...Object.fromEntries(names.map((name) => [name, schemaOf(name)])),
  inner_id: INNER_ID,
});

const imageSizes = (meaning: string): JsonSchema => ({
  type: "array",
  description: `${meaning} in three sizes: \`thumb\` 240 and \`card\` 480 pixels wide, \`full\` as stored. Where the host has no other sizes, all are the stored picture. With \`api.images\`, signed addresses below this API.`,
  items: object(Object.fromEntries(SIZES.map((size) => [size, { type: "string", format: "uri-reference" }]))),
});
const ACTIVE: JsonSchema = { type: "boolean", description: "False when the listing was removed." };

/** Time on the market. */
const LIFE: Readonly<Record<string, JsonSchema>> = {
  first_seen_at: {
    type: ["string", "null"],
    format: "date-time",
    description: "When the copy first received it.",
  },
  removed_at: {
    type: ["string", "null"],
    format: "date-time",
    description: "When the copy received its removal; null while it is active.",
  },
  days_on_market: {
    type: ["integer", "null"],
    description: "Days from `offer_created`, else `first_seen_at`, to `removed_at` or today, in UTC.",
  },
  price_drop: {
    type: ["integer", "null"],
    description: "By how much the last change of the price lowered it; null if it did not.",
  },
};

/** The members of a card: fields, and values computed from the row. */
const CARD: Readonly<Record<string, JsonSchema>> = {
  ...schemasOf(fieldsWith("card")),
  image: { type: ["string", "null"], description: "Address of the first photo.", format: "uri" },
  image_sizes: imageSizes("The first photo"),
  created_at: instant("Time of the last change in the feed."),
  active: ACTIVE,
  ...LIFE,
};

/** Members that are not columns. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  image: "images ->> 0",
  active: "active_status = 0",
  days_on_market: `case when offer_created is not null or first_seen_at is not null then
    greatest(0, (coalesce(removed_at, now()) at time zone 'UTC')::date
      - coalesce(offer_created, (first_seen_at at time zone 'UTC')::date)) end`,
};

const columnsOf = (
  schemas: Readonly<Record<string, JsonSchema>>,
  more: Readonly<Record<string, string>>,
): ListingMember[] =>
  Object.entries(schemas).map(([name, schema]) => ({
    name,
    sql: more[name] ?? EXPRESSIONS[name] ?? name,
    schema,
  }));

/** Columns of a listing in a list. */
export const CARD_COLUMNS: readonly ListingMember[] = columnsOf(CARD, { image_sizes: IMAGE_SIZES_SQL.card });

const ENVELOPE: Readonly<Record<string, JsonSchema>> = {
  active: ACTIVE,
  active_status: { type: "integer", enum: [0, 1], description: "0 active, 1 inactive." },
  is_incomplete: { type: "boolean", description: "True when only a part of the listing is known." },
  created_at: instant("Time of the last change in the feed."),
  updated_at: instant("Time of the last change of its content."),
  image_sizes: imageSizes("The photos"),
  ...LIFE,
};
/** Columns that precede a listing's own fields in `GET /offers/{inner_id}`. */
export const ENVELOPE_COLUMNS: readonly ListingMember[] = columnsOf(ENVELOPE, {
  image_sizes: IMAGE_SIZES_SQL.listing,
});

/** Every field of a whole listing except those that {@link RAW_FIELDS} match. */
const LISTING_PROPERTIES = schemasOf(FIELD_NAMES);

const SELECTABLE_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  ...CARD,
  ...LISTING_PROPERTIES,
  ...Object.fromEntries(ENVELOPE_COLUMNS.map(({ name, schema }) => [name, schema])),
};

/** Members that `fields` can name, with their SQL: those of a card, then everything else of a listing. */
export const SELECTABLE: ReadonlyMap<string, string> = new Map([
  ...CARD_COLUMNS.map(({ name, sql }) => [name, sql] as const),
  ...FIELD_NAMES.filter((name) => !(name in CARD)).map(
    (name) => [name, "column" in FIELDS[name] ? name : `normalized_data -> '${name}'`] as const,
  ),
  ...ENVELOPE_COLUMNS.filter(({ name }) => !(name in CARD)).map(({ name, sql }) => [name, sql] as const),
  ["image_sizes", IMAGE_SIZES_SQL.selection],
]);

/** Accompanies a code `other`: the text that is not in the vocabulary. */
const RAW_FIELDS: Readonly<Record<string, JsonSchema>> = {
  _raw$: { type: "string", description: "The text of a field whose code is `other`." },
};

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const labels: JsonSchema = {
  type: "object",
  description: "Display names of codes, marks and places; only with `lang`.",
  properties: { options: { type: "object", description: "By code.", additionalProperties: string } },
  additionalProperties: string,
};

/** The named schemas of the OpenAPI document. */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  OffersPage: object({
    result: listOf({ anyOf: [ref("OfferCard"), ref("OfferSelection")] }),
    meta: object(
      {
        page: { type: ["integer", "null"], description: "Number of this page; null with a cursor." },
        next_page: {
          type: ["integer", "null"],
          description: "Number of the next page; null on the last one, and with a cursor.",
        },
        limit: { type: "integer", description: "Listings per page." },
        next_cursor: {
          type: ["string", "null"],
          description: "`cursor` for the next request; null on the last page.",
        },
        total: { ...count, description: "Matching listings; only with `count=true`." },
        corrected: CORRECTED,
      },
      ["total", "corrected"],
    ),
  }),
  OfferCard: object({ ...CARD, estimate: SHORT_ESTIMATE_SCHEMA, labels }, ["estimate", "labels"]),
  Customs: CUSTOMS_SCHEMA,
  OfferSelection: {
    type: "object",
    description: "The members of a listing that `fields` names.",
    properties: { ...SELECTABLE_PROPERTIES, estimate: SHORT_ESTIMATE_SCHEMA, labels },
    patternProperties: RAW_FIELDS,
    additionalProperties: false,
  },
  Offer: {
    type: "object",
    properties: {
      ...Object.fromEntries(ENVELOPE_COLUMNS.map(({ name, schema }) => [name, schema])),
      ...LISTING_PROPERTIES,
      price_history: {
        ...listOf(
          object({ at: { type: ["string", "null"], format: "date-time" }, price: { type: "integer" } }),
        ),
        description: "Known prices, oldest first; the last one is the present one.",
      },
      estimate: SHORT_ESTIMATE_SCHEMA,
      labels,
    },
    patternProperties: RAW_FIELDS,
    required: [...ENVELOPE_COLUMNS.map(({ name }) => name), "price_history", "inner_id"],
    additionalProperties: false,
  },
  Fields: object({
    result: {
      type: "array",
      items: object({
        name: { type: "string", description: "As in a listing. `<name>_raw` has the label of `<name>`." },
        label: { type: "string" },
        group: {
          type: "string",
          enum: Object.keys(GROUPS),
          description: "Section of a specification table.",
        },
        group_label: { type: "string" },
        unit: { type: ["string", "null"], description: "Null for a field that is not a quantity." },
        unit_label: { type: ["string", "null"] },
        order: { type: "integer", minimum: 0, description: "Position in a specification table." },
      }),
    },
  }),
  ChangesPage: object({
    result: listOf(ref("Change")),
    meta: object({
      next_after: { ...count, description: "`after` for the next request: the last id examined." },
      latest: { ...count, description: "Id of the newest event." },
    }),
  }),
  Change: object(
    {
      id: { type: "integer", minimum: 1, description: "Ascending in the order of commits." },
      kind: { type: "string", enum: EVENT_KINDS, description: "What happened to the listing." },
      inner_id: INNER_ID,
      at: instant("Time of writing."),
      old_price: { type: ["integer", "null"], description: "With `price` and `removed`." },
      new_price: { type: ["integer", "null"], description: "With `price`, `added` and `returned`." },
      listing: {
        anyOf: [ref("Offer"), { type: "null" }],
        description: "The listing in its present state; only with `include=listing`.",
      },
    },
    ["listing"],
  ),
  Filters: FILTERS_SCHEMA,
  Suggestions: SUGGESTIONS_SCHEMA,
  Market: MARKET_SCHEMA,
  ...SERVICE_SCHEMAS,
};
