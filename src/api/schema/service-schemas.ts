import { CHECK_REASONS, COUNTED_FIELDS } from "../../operations/index.ts";
import { count, instant, type JsonSchema, listOf, object, string } from "./json-schema.ts";

const nullable = (schema: JsonSchema): JsonSchema => ({ ...schema, type: [schema.type, "null"] });
const day: JsonSchema = { type: "string", format: "date" };

const operation = object({
  id: { type: "integer" },
  type: { type: "string", enum: ["data_fetch", "normalization"] },
  command: { ...string, description: "`initial`, `daily`, `normalize`, …" },
  started_at: instant("Start of the run."),
  duration: { type: "integer", description: "Seconds." },
  status: { type: "string", enum: ["OK", "ERROR"] },
  state: { type: "string", enum: ["finished", "running", "interrupted"] },
  details: { type: "object", additionalProperties: { type: "number" }, description: "Counts." },
});

const feed = object({
  position: { type: ["integer", "null"], description: "Id of the next change to read." },
  last_successful_date: { ...nullable(day), description: "The feed is read up to this day." },
  newest_change_at: nullable(instant("Time of the newest change received.")),
  data_as_of: nullable(
    instant("Every change before this time is stored: the newest change, or the start of a later load."),
  ),
  age_seconds: nullable({ ...count, description: "Age of `data_as_of`." }),
  missing_changes: { ...count, description: "Changes that the service no longer had." },
});

const health = object({
  ok: { type: "boolean" },
  reasons: listOf(
    object({
      code: { type: "string", enum: [...CHECK_REASONS] },
      message: string,
      remedy: { ...string, description: "What to do, in one line." },
    }),
  ),
});

const dayStats = object({
  day,
  added: count,
  changed: count,
  removed: count,
  active: nullable({ ...count, description: "Active listings after the day." }),
  filled: {
    type: ["object", "null"],
    description: "Share of the active listings that have a value, by field.",
    properties: Object.fromEntries(
      COUNTED_FIELDS.map((field) => [field, { type: "number", minimum: 0, maximum: 1 }]),
    ),
  },
});

/** Schemas of the responses about the service itself. */
export const SERVICE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Stats: object({
    listings: object({
      total: count,
      active: count,
      inactive: count,
      incomplete: { ...count, description: "Active ones whose details are still unknown." },
      listed: { ...count, description: "Shown in lists: active and complete." },
    }),
    newest_listing_at: { type: ["string", "null"], format: "date-time" },
    feed: { anyOf: [feed, { type: "null" }], description: "Null while the primary is unavailable." },
    health: {
      anyOf: [health, { type: "null" }],
      description: "The reasons of `status --check`. Null while the primary is unavailable.",
    },
    operations: listOf(operation),
  }),
  DailyStats: object({
    result: { ...listOf(dayStats), description: "Oldest first. A day begins at midnight in `timezone`." },
    timezone: { ...string, description: "Time zone of the days." },
    operations: { ...listOf(operation), description: "The runs that started on these days, oldest first." },
  }),
  Health: object({ status: { type: "string", const: "ok" } }),
  Problem: object(
    {
      type: { type: "string", format: "uri-reference" },
      title: string,
      status: { type: "integer" },
      detail: { ...string, description: "What is wrong, and what is expected." },
      code: { ...string, description: "Machine-readable error code." },
      errors: listOf(object({ parameter: string, message: string })),
      oldest: { ...count, description: "Id of the oldest event kept; with 410 of `/changes`." },
      latest: { ...count, description: "Id of the newest event; with 410 of `/changes`." },
      request_id: string,
    },
    ["errors", "oldest", "latest"],
  ),
};
