import aspiration from "./aspiration.json" with { type: "json" };
import battery_chemistry from "./battery-chemistry.json" with { type: "json" };
import body_type from "./body-type.json" with { type: "json" };
import car_class from "./car-class.json" with { type: "json" };
import color from "./color.json" with { type: "json" };
import cylinder_layout from "./cylinder-layout.json" with { type: "json" };
import drive_type from "./drive-type.json" with { type: "json" };
import emission_standard from "./emission-standard.json" with { type: "json" };
import engine_type from "./engine-type.json" with { type: "json" };
import material from "./material.json" with { type: "json" };
import motor_position from "./motor-position.json" with { type: "json" };
import section from "./section.json" with { type: "json" };
import seller_type from "./seller-type.json" with { type: "json" };
import suspension from "./suspension.json" with { type: "json" };
import transmission_type from "./transmission-type.json" with { type: "json" };
import type { Category, Term } from "./types.ts";

/** The built-in terms of every category. */
export const CATEGORY_TERMS: Readonly<Record<Category, Readonly<Record<string, Term>>>> = {
  engine_type,
  transmission_type,
  body_type,
  drive_type,
  motor_position,
  color,
  seller_type,
  section,
  emission_standard,
  car_class,
  aspiration,
  cylinder_layout,
  battery_chemistry,
  material,
  suspension,
};
