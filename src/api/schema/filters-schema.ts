import { type FieldName, fieldOf, fieldsWith } from "../../listing/fields.ts";
import { DEFAULT_GROUPS, RANGES, REQUESTED_GROUPS } from "../facets/groups.ts";
import { count, type JsonSchema, listOf, object, string } from "./json-schema.ts";

const counted = (more: Record<string, JsonSchema> = {}) =>
  object({ value: string, count, label: string, ...more }, ["label"]);

/** `meta.corrected`. */
export const CORRECTED: JsonSchema = {
  type: "string",
  description:
    "The text that was searched for instead of `q`, in which no listing matches; only with a corrected typo.",
};
const correctedMeta = object({ corrected: CORRECTED });

/** A group of values with their counts. */
function groupSchema(name: string): JsonSchema {
  if (!fieldsWith("facet").some((field) => field === name)) {
    return listOf(counted({ value: { type: "boolean" } }));
  }
  const value = fieldOf(name as FieldName).kind === "int" ? { type: "integer" } : string;
  return listOf(counted({ value, ...(name === "city" ? { province: { type: ["string", "null"] } } : {}) }));
}

/** The response of `GET /filters`. */
export const FILTERS_SCHEMA: JsonSchema = object(
  {
    mark: listOf(counted({ models: listOf(object({ value: string, count })) })),
    ...Object.fromEntries(
      [...DEFAULT_GROUPS, ...REQUESTED_GROUPS].flatMap((name) =>
        name === "mark" || name === "model" ? [] : [[name, groupSchema(name)] as const],
      ),
    ),
    ranges: object(
      Object.fromEntries(
        RANGES.map(({ name, kind }) => {
          const bound = {
            type: [kind === "date" ? "string" : kind === "int" ? "integer" : "number", "null"],
          };
          return [name, object({ min: bound, max: bound })];
        }),
      ),
    ),
    total: { ...count, description: "Listings of the selection." },
    meta: { ...correctedMeta, description: "Only when the search was corrected." },
  },
  [...REQUESTED_GROUPS, "meta"],
);

/** The response of `GET /suggest`. */
export const SUGGESTIONS_SCHEMA: JsonSchema = object({
  result: listOf(
    object(
      {
        type: { type: "string", enum: ["mark", "model", "city"], description: "The filter." },
        value: { type: "string", description: "Value of the filter." },
        mark: { type: "string", description: "Make of a model." },
        label: {
          type: "string",
          description: "To be shown: of a model with its make, in the language of `lang`.",
        },
        count: { ...count, description: "Listings with this value." },
      },
      ["mark"],
    ),
  ),
});

const amount: JsonSchema = { type: ["integer", "null"], minimum: 0 };

/** The response of `GET /market`. */
export const MARKET_SCHEMA: JsonSchema = object(
  {
    count: { ...count, description: "Active listings of the selection." },
    price: {
      ...object({ min: amount, p25: amount, median: amount, p75: amount, max: amount }),
      description: "In yuan; quartiles are interpolated. Null without prices.",
    },
    days_on_market: object({ median: amount }),
    added_7d: {
      ...count,
      description: "Listings that appeared in the last seven days, ended ones included.",
    },
    removed_7d: { ...count, description: "Listings that ended in the last seven days." },
    meta: { ...correctedMeta, description: "Only when the search was corrected." },
  },
  ["meta"],
);
