/** JSON Schema, as in OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** An object with exactly these members, required unless listed as optional. */
export function object(properties: Record<string, JsonSchema>, optional: readonly string[] = []): JsonSchema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

export const listOf = (items: JsonSchema): JsonSchema => ({ type: "array", items });
export const count: JsonSchema = { type: "integer", minimum: 0 };
export const string: JsonSchema = { type: "string" };

/** A time, ISO 8601. */
export const instant = (description: string): JsonSchema => ({
  type: "string",
  format: "date-time",
  description,
});
