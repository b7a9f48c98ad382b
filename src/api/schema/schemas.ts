import { COUNTED, RANGED } from "../query/read-filters.ts";
import { CARD_COLUMNS, ENVELOPE_COLUMNS, type JsonSchema } from "./columns.ts";
import { LISTING_PROPERTIES, RAW_FIELDS } from "./listing-schema.ts";

// What the answers look like, for the description. The tests hold every answer against it.

/** An object with exactly these members; all of them are there unless named optional. */
function object(properties: Record<string, JsonSchema>, optional: readonly string[] = []): JsonSchema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const count: JsonSchema = { type: "integer", minimum: 0 };
const text: JsonSchema = { type: "string" };
const labels: JsonSchema = {
  type: "object",
  description: "What people read for codes, marks and places; only with `lang`.",
  properties: { options: { type: "object", description: "By code.", additionalProperties: text } },
  additionalProperties: text,
};

const counted = (more: Record<string, JsonSchema> = {}) =>
  object({ value: text, count, label: text, ...more }, ["label"]);

/** The named schemas of the description. */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  OffersPage: object({
    result: list(ref("OfferCard")),
    meta: object({
      page: { type: ["integer", "null"], description: "Number of this page; null behind a cursor." },
      next_page: {
        type: ["integer", "null"],
        description: "Number of the next page; null on the last one, and behind a cursor.",
      },
      limit: { type: "integer", description: "Listings on a page." },
      next_cursor: {
        type: ["string", "null"],
        description: "For `cursor` of the next request; null on the last page.",
      },
    }),
  }),
  OfferCard: object(
    { ...Object.fromEntries(CARD_COLUMNS.map(({ name, schema }) => [name, schema])), labels },
    ["labels"],
  ),
  Offer: {
    type: "object",
    properties: {
      ...Object.fromEntries(ENVELOPE_COLUMNS.map(({ name, schema }) => [name, schema])),
      ...LISTING_PROPERTIES,
      labels,
    },
    patternProperties: RAW_FIELDS,
    required: [...ENVELOPE_COLUMNS.map(({ name }) => name), "inner_id"],
    additionalProperties: false,
  },
  Filters: object({
    mark: list(counted({ models: list(object({ value: text, count })) })),
    ...Object.fromEntries(COUNTED.map((column) => [column, list(counted())])),
    province: list(counted()),
    city: list(counted({ province: { type: ["string", "null"] } })),
    ranges: object(
      Object.fromEntries(
        RANGED.map((column) => [
          column,
          object({ min: { type: ["integer", "null"] }, max: { type: ["integer", "null"] } }),
        ]),
      ),
    ),
    total: count,
  }),
  Stats: object({
    listings: object({
      total: count,
      active: count,
      inactive: count,
      incomplete: { ...count, description: "Active ones of which only a part is known yet." },
      listed: { ...count, description: "What lists show." },
    }),
    newest_listing_at: { type: ["string", "null"], format: "date-time" },
    operations: list(
      object({
        id: { type: "integer" },
        type: { type: "string", enum: ["data_fetch", "normalization"] },
        started_at: { type: "string", format: "date-time" },
        duration: { type: "integer", description: "Seconds." },
        status: { type: "string", enum: ["OK", "ERROR"] },
        state: { type: "string", enum: ["finished", "running", "interrupted"] },
        details: { type: "object", additionalProperties: { type: "number" }, description: "Counts." },
      }),
    ),
  }),
  Health: object({ status: { type: "string", const: "ok" } }),
  Problem: object(
    {
      type: { type: "string", format: "uri-reference" },
      title: text,
      status: { type: "integer" },
      detail: { ...text, description: "What is wrong, and what would be right." },
      code: { ...text, description: "What is wrong, for programs." },
      errors: list(object({ parameter: text, message: text })),
      request_id: text,
    },
    ["errors"],
  ),
};
