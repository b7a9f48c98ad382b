/** JSON Schema, as OpenAPI 3.1 has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Something that an answer tells of a listing: where it comes from and what it is. */
export interface Column {
  readonly name: string;
  /** Column or expression in `processed_data`. */
  readonly sql: string;
  readonly schema: JsonSchema;
}

const nullable = (type: string, description: string, more: JsonSchema = {}): JsonSchema => ({
  type: [type, "null"],
  description,
  ...more,
});
const text = (description: string, more?: JsonSchema) => nullable("string", description, more);
const code = (description: string) => text(`${description} A code; \`lang\` adds its label.`);
const whole = (description: string) => nullable("integer", description);
const instant = (description: string): JsonSchema => ({ type: "string", format: "date-time", description });
const day = (description: string) => text(description, { format: "date" });

/** What lists tell of a listing. */
export const CARD_COLUMNS: readonly Column[] = [
  { name: "inner_id", schema: { type: "string", description: "Id of the listing at che168.com." } },
  { name: "mark", schema: text("Mark by its canonical Latin name.") },
  { name: "model", schema: text("Model.") },
  { name: "trim", schema: text("Trim.") },
  { name: "title", schema: text("Title as the seller gave it.") },
  { name: "year", schema: whole("Year.") },
  { name: "price", schema: whole("Price, CNY.") },
  { name: "km_age", schema: whole("Mileage, km.") },
  { name: "color", schema: code("Body colour.") },
  { name: "body_type", schema: code("Body type.") },
  { name: "engine_type", schema: code("Engine type.") },
  { name: "transmission_type", schema: code("Transmission.") },
  { name: "drive_type", schema: code("Driven wheels.") },
  { name: "displacement", schema: nullable("number", "Displacement, litres.") },
  { name: "power", schema: whole("Power, metric horsepower.") },
  { name: "province", schema: text("Province by its English name.") },
  { name: "city", schema: text("City by its English name.") },
  { name: "district", schema: text("District by its English name.") },
  { name: "seller_type", schema: code("Kind of seller.") },
  { name: "is_dealer", schema: nullable("boolean", "Whether a dealer sells.") },
  { name: "url", schema: text("The listing at che168.com.", { format: "uri" }) },
  {
    name: "image",
    sql: "images ->> 0",
    schema: text("Address of the first image.", { format: "uri" }),
  },
  {
    name: "first_registration",
    schema: day("First registration; the first of the month when the day is unknown."),
  },
  { name: "offer_created", schema: day("Day on which the listing was made.") },
  { name: "created_at", schema: instant("Time of the last change in the feed.") },
].map((column) => ({ sql: column.name, ...column }));

/** What stands in front of a listing's own fields when it is asked for by its id. */
export const ENVELOPE_COLUMNS: readonly Column[] = [
  {
    name: "active",
    sql: "active_status = 0",
    schema: { type: "boolean", description: "False when the listing was removed." },
  },
  {
    name: "active_status",
    schema: { type: "integer", enum: [0, 1], description: "0 active, 1 inactive." },
  },
  {
    name: "is_incomplete",
    schema: { type: "boolean", description: "True when only a part of the listing is known." },
  },
  { name: "created_at", schema: instant("Time of the last change in the feed.") },
  { name: "updated_at", schema: instant("Time when the listing was last normalised.") },
].map((column) => ({ sql: column.name, ...column }));
