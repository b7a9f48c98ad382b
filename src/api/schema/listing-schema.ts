import type { Listing } from "../../listing/index.ts";
import { CARD_COLUMNS, type JsonSchema } from "./columns.ts";

const number = (description: string): JsonSchema => ({ type: ["number", "null"], description });
const whole = (description: string): JsonSchema => ({ type: ["integer", "null"], description });
const text = (description: string): JsonSchema => ({ type: ["string", "null"], description });
const flag = (description: string): JsonSchema => ({ type: ["boolean", "null"], description });
const code = (description: string) => text(`${description} A code; \`lang\` adds its label.`);

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

const CARD_FIELDS = [
  ...([
    "inner_id",
    "mark",
    "model",
    "trim",
    "title",
    "year",
    "price",
    "km_age",
    "color",
    "body_type",
  ] as const),
  ...([
    "engine_type",
    "transmission_type",
    "drive_type",
    "displacement",
    "power",
    "province",
    "city",
  ] as const),
  ...(["district", "seller_type", "is_dealer", "url", "first_registration", "offer_created"] as const),
];
type CardField = (typeof CARD_FIELDS)[number];
type RawField = Extract<keyof Listing, `${string}_raw`>;

/** The fields that a whole listing has beside those of a card. The type names every one that the normaliser makes. */
const MORE: Readonly<Record<Exclude<keyof Listing, CardField | RawField>, JsonSchema>> = {
  series: text("Series, as the specification has it."),
  model_latin: text("Model in Latin letters."),
  model_year: whole("Model year."),
  facelift: flag("True when the trim says so, else null."),
  generation: whole("Generation."),
  description: text("The seller's text; telephone numbers and the like are masked."),
  vin: text("VIN."),
  vin_masked: text("VIN as far as the seller shows it."),
  images: { type: "array", items: { type: "string" }, description: "Addresses of the images, in order." },
  options: {
    type: "array",
    description: "Equipment: its code when it is known (`labels.options` has the words), else in Chinese.",
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
  transfers: whole("Times that the car changed hands."),
  first_registration_precision: { enum: ["day", "month", null], description: "How exact it is." },
  never_registered: flag("True when the seller says so, else null."),
  section: code("Used or new."),
  address: text("Place as the seller gave it."),
  place: {
    type: ["object", "null"],
    properties: { province: place("Province"), city: place("City"), district: place("District") },
  },
  mild_hybrid_voltage: whole("Voltage of a mild hybrid, V."),
  aspiration: code("Aspiration."),
  displacement_cc: whole("Displacement, cm³; only where the source tells it exactly."),
  power_kw: whole("Power, kW."),
  system_power_hp: whole("Power of engine and motors together, metric horsepower."),
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
  drive_motors: whole("Electric motors that drive."),
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

const card = new Map(CARD_COLUMNS.map(({ name, schema }) => [name, schema]));

/** Every field that a whole listing may have, but those that {@link RAW_FIELDS} match. */
export const LISTING_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  ...Object.fromEntries(CARD_FIELDS.map((name) => [name, card.get(name) ?? {}])),
  ...MORE,
};

/** Beside a code `other`: the text that no vocabulary knows. */
export const RAW_FIELDS: Readonly<Record<string, JsonSchema>> = {
  _raw$: { type: "string", description: "The text of a field whose code is `other`." },
};
