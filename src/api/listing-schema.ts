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

/** Fields that a whole listing may have beside those of a card. */
const MORE: Readonly<Record<string, JsonSchema>> = {
  series: text("Series, as the specification has it."),
  model_latin: text("Model in Latin letters."),
  model_year: whole("Model year."),
  generation: whole("Generation."),
  description: text("The seller's text; telephone numbers and the like are masked."),
  vin: text("VIN."),
  images: { type: "array", items: { type: "string" }, description: "Addresses of the images, in order." },
  options: {
    type: "array",
    description: "Equipment: with a code and labels when it is known, else in Chinese only.",
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
  is_import: flag("Whether the car was imported to China."),
  specid: text("Id of the specification at the source."),
  salon_id: text("Id of the dealer at the source."),
  msrp: whole("Price when new, CNY."),
  displacement_cc: whole("Displacement, cm³; only where the source tells it exactly."),
  power_kw: whole("Power, kW."),
  torque_nm: whole("Torque, N·m."),
  cylinders: whole("Cylinders."),
  doors: whole("Doors."),
  seats: whole("Seats; null when there are several variants."),
  seats_min: whole("Fewest seats."),
  seats_max: whole("Most seats."),
  gears: whole("Gears."),
  length_mm: whole("Length, mm."),
  width_mm: whole("Width, mm."),
  height_mm: whole("Height, mm."),
  wheelbase_mm: whole("Wheelbase, mm."),
  curb_weight_kg: whole("Curb weight, kg."),
  trunk_l: whole("Boot, litres."),
  tank_l: whole("Tank, litres."),
  battery_kwh: number("Battery, kWh."),
  ev_range_km: whole("Electric range, km."),
  top_speed_kmh: whole("Top speed, km/h."),
  acceleration_s: number("0 to 100 km/h, seconds."),
  consumption_l: number("Litres in 100 km."),
  transfers: whole("Times that the car changed hands."),
  aspiration: code("Aspiration."),
  emission_standard: code("Emission standard."),
  car_class: code("Class."),
  cylinder_layout: code("Layout of the cylinders."),
  motor_position: code("Position of the motor."),
  battery_chemistry: code("Chemistry of the battery."),
  section: code("Used or new."),
  address: text("Place as the seller gave it."),
  place: {
    type: ["object", "null"],
    properties: { province: place("Province"), city: place("City"), district: place("District") },
  },
};

/** What is known of a listing's fields; where the specification tells more, there are more. */
export const LISTING_PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  ...Object.fromEntries(
    CARD_COLUMNS.filter(({ name }) => name !== "image" && name !== "created_at").map(({ name, schema }) => [
      name,
      schema,
    ]),
  ),
  ...MORE,
};
