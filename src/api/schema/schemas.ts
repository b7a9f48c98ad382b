import type { Listing } from "../../listing/index.ts";
import { COUNTED, RANGED } from "../query/read-filters.ts";

// Shapes of the responses, for the OpenAPI document. The tests validate every response against it.

/** JSON Schema, as in OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A member of a listing's JSON: its source and its schema. */
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
const number = (description: string) => nullable("number", description);
const flag = (description: string) => nullable("boolean", description);
const day = (description: string) => text(description, { format: "date" });
const instant = (description: string): JsonSchema => ({ type: "string", format: "date-time", description });

/** The members of a card, in their order. */
const CARD = {
  inner_id: { type: "string", description: "Id of the listing at che168.com." },
  mark: text("Mark by its canonical Latin name."),
  model: text("Model."),
  trim: text("Trim."),
  title: text("Title as the seller gave it."),
  year: whole("Year."),
  price: whole("Price, CNY."),
  km_age: whole("Mileage, km."),
  color: code("Body colour."),
  body_type: code("Body type."),
  engine_type: code("Engine type."),
  transmission_type: code("Transmission."),
  drive_type: code("Driven wheels."),
  displacement: number("Displacement, litres."),
  power: whole("Power, metric horsepower."),
  province: text("Province by its English name."),
  city: text("City by its English name."),
  district: text("District by its English name."),
  seller_type: code("Kind of seller."),
  is_dealer: flag("Whether a dealer sells."),
  url: text("The listing at che168.com.", { format: "uri" }),
  image: text("Address of the first image.", { format: "uri" }),
  first_registration: day("First registration; the first of the month when the day is unknown."),
  offer_created: day("Day on which the listing was created."),
  created_at: instant("Time of the last change in the feed."),
} satisfies Readonly<Record<string, JsonSchema>>;

/** Members that are not columns. */
const EXPRESSIONS: Readonly<Record<string, string>> = { image: "images ->> 0", active: "active_status = 0" };

const columnsOf = (schemas: Readonly<Record<string, JsonSchema>>): Column[] =>
  Object.entries(schemas).map(([name, schema]) => ({ name, sql: EXPRESSIONS[name] ?? name, schema }));

/** Columns of a listing in a list. */
export const CARD_COLUMNS: readonly Column[] = columnsOf(CARD);

/** Columns that precede a listing's own fields in `GET /offers/{inner_id}`. */
export const ENVELOPE_COLUMNS: readonly Column[] = columnsOf({
  active: { type: "boolean", description: "False when the listing was removed." },
  active_status: { type: "integer", enum: [0, 1], description: "0 active, 1 inactive." },
  is_incomplete: { type: "boolean", description: "True when only a part of the listing is known." },
  created_at: CARD.created_at,
  updated_at: instant("Time when the listing was last normalised."),
});

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

type RawField = Extract<keyof Listing, `${string}_raw`>;

/** Fields of a whole listing besides those of a card. The type requires every field of the normalizer. */
const MORE: Readonly<Record<Exclude<keyof Listing, keyof typeof CARD | RawField>, JsonSchema>> = {
  series: text("Series according to the specification."),
  model_latin: text("Model in Latin letters."),
  model_year: whole("Model year."),
  facelift: flag("True when the trim says so, else null."),
  generation: whole("Generation."),
  description: text("The seller's text; telephone numbers and the like are masked."),
  vin: text("VIN."),
  vin_masked: text("VIN with the characters that the seller hides masked."),
  images: { type: "array", items: { type: "string" }, description: "Addresses of the images, in order." },
  options: {
    type: "array",
    description: "Equipment: its code when known (`labels.options` has the labels), else in Chinese.",
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
  manufacturer: text("Manufacturer."),
  is_import: flag("True when the car is known to be imported to China, else null."),
  specid: text("Id of the specification at the source."),
  salon_id: text("Id of the dealer at the source."),
  msrp: whole("Price when new, CNY."),
  transfers: whole("Number of ownership changes."),
  first_registration_precision: {
    enum: ["day", "month", null],
    description: "Precision of `first_registration`.",
  },
  never_registered: flag("True when the seller says so, else null."),
  section: code("Used or new."),
  address: text("Place as the seller gave it."),
  place: {
    type: ["object", "null"],
    properties: { province: place("Province"), city: place("City"), district: place("District") },
  },
  mild_hybrid_voltage: whole("Voltage of a mild hybrid, V."),
  aspiration: code("Aspiration."),
  displacement_cc: whole("Displacement, cm³; only where the source is exact."),
  power_kw: whole("Power, kW."),
  system_power_hp: whole("Combined power of engine and motors, metric horsepower."),
  torque_nm: whole("Torque, N·m."),
  cylinders: whole("Cylinders."),
  cylinder_layout: code("Layout of the cylinders."),
  engine_model: text("Model of the engine."),
  cylinder_head_material: code("Material of the cylinder head."),
  cylinder_block_material: code("Material of the cylinder block."),
  battery_kwh: number("Battery, kWh."),
  battery_chemistry: code("Chemistry of the battery."),
  ev_range_km: whole("Electric range, km."),
  emission_standard: code("Emission standard."),
  gears: whole("Gears."),
  motor_position: code("Position of the motor."),
  drive_motors: whole("Number of drive motors."),
  front_suspension: code("Front suspension."),
  rear_suspension: code("Rear suspension."),
  car_class: code("Class."),
  doors: whole("Doors."),
  seats: whole("Seats; null when there are several variants."),
  seats_min: whole("Fewest seats."),
  seats_max: whole("Most seats."),
  length_mm: whole("Length, mm."),
  width_mm: whole("Width, mm."),
  height_mm: whole("Height, mm."),
  wheelbase_mm: whole("Wheelbase, mm."),
  curb_weight_kg: whole("Curb weight, kg."),
  trunk_l: whole("Boot, litres."),
  tank_l: whole("Tank, litres."),
  top_speed_kmh: number("Top speed, km/h."),
  acceleration_s: number("0 to 100 km/h, seconds."),
  consumption_l: number("Litres in 100 km."),
};

const { image: _image, created_at: _createdAt, ...cardFields } = CARD;
/** Every field of a whole listing except those that {@link RAW_FIELDS} match. */
const LISTING_PROPERTIES: Readonly<Record<string, JsonSchema>> = { ...cardFields, ...MORE };

/** Beside a code `other`: the text that is not in the vocabulary. */
const RAW_FIELDS: Readonly<Record<string, JsonSchema>> = {
  _raw$: { type: "string", description: "The text of a field whose code is `other`." },
};

/** An object with exactly these members, required unless listed as optional. */
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
const string: JsonSchema = { type: "string" };
const labels: JsonSchema = {
  type: "object",
  description: "Display names of codes, marks and places; only with `lang`.",
  properties: { options: { type: "object", description: "By code.", additionalProperties: string } },
  additionalProperties: string,
};

const counted = (more: Record<string, JsonSchema> = {}) =>
  object({ value: string, count, label: string, ...more }, ["label"]);

/** The named schemas of the OpenAPI document. */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  OffersPage: object({
    result: list(ref("OfferCard")),
    meta: object({
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
    }),
  }),
  OfferCard: object({ ...CARD, labels }, ["labels"]),
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
    mark: list(counted({ models: list(object({ value: string, count })) })),
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
      incomplete: { ...count, description: "Active ones whose details are still unknown." },
      listed: { ...count, description: "Shown in lists: active and complete." },
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
      title: string,
      status: { type: "integer" },
      detail: { ...string, description: "What is wrong, and what is expected." },
      code: { ...string, description: "Machine-readable error code." },
      errors: list(object({ parameter: string, message: string })),
      request_id: string,
    },
    ["errors"],
  ),
};
