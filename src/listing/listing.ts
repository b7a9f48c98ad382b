import type { ListingOption } from "./equipment.ts";
import type { Places } from "./types.ts";

/** A text that tells one fact; null where the listing does not tell it. */
type Text = string | null;
/** A code of the category of the same name. */
type Code = string | null;
/** Bounds stand in brackets; null where the listing does not tell it or tells something else. */
type Numeric = number | null;

/**
 * A listing in canonical form. Every key is always there, except those ending in `_raw` and `vin_masked`. Texts are
 * free of personal data.
 */
export interface Listing {
  inner_id: Text;
  /** At che168.com, https, without query. */
  url: Text;
  title: Text;
  /** Canonical Latin name. */
  mark: Text;
  /** Best name; `model_latin` is its form in plain Latin letters. */
  model: Text;
  model_latin: Text;
  series: Text;
  /** 1980 to the year after next year. */
  model_year: Numeric;
  trim: Text;
  /** True for `改款`; never false. */
  facelift: true | null;
  generation: Numeric;
  manufacturer: Text;
  /** True for `(进口)`; never false, because imports are not always called so. */
  is_import: true | null;
  description: Text;
  vin: Text;
  /** As far as the seller shows it; only there when `vin` is null. */
  vin_masked?: string;
  /** Addresses below autoimg.cn. */
  images: string[];
  options: ListingOption[];
  specid: Text;
  salon_id: Text;

  /** 1950 to next year. */
  year: Numeric;
  /** CNY [500, 100,000,000]. */
  price: Numeric;
  /** CNY [5,000, 100,000,000]: the price of the new car. */
  msrp: Numeric;
  /** km [0, 2,000,000]. */
  km_age: Numeric;
  /** [0, 50]. */
  transfers: Numeric;
  /** `YYYY-MM-DD`; with the precision of a month its first day. */
  first_registration: Text;
  first_registration_precision: "day" | "month" | null;
  never_registered: true | null;
  /** `YYYY-MM-DD`. */
  offer_created: Text;
  seller_type: Code;
  is_dealer: boolean | null;
  section: Code;
  color: Code;

  /** The address as the seller wrote it. */
  address: Text;
  place: Places;
  /** English names of {@link place}. */
  province: Text;
  city: Text;
  district: Text;

  engine_type: Code;
  mild_hybrid_voltage: Numeric;
  aspiration: Code;
  /** Litres to two digits [0.3, 10]. */
  displacement: Numeric;
  /** [300, 10,000]; only from a value in millilitres, never made from rounded litres. */
  displacement_cc: Numeric;
  /** Metric horsepower [5, 2,500]. */
  power: Numeric;
  /** [4, 1,850]. */
  power_kw: Numeric;
  /** Metric horsepower of engine and motors together [5, 2,500]. */
  system_power_hp: Numeric;
  /** [20, 5,000]. */
  torque_nm: Numeric;
  /** [1, 16]. */
  cylinders: Numeric;
  cylinder_layout: Code;
  engine_model: Text;
  cylinder_head_material: Code;
  cylinder_block_material: Code;
  /** [0.5, 300]. */
  battery_kwh: Numeric;
  battery_chemistry: Code;
  /** Electric range, km [10, 2,000]. */
  ev_range_km: Numeric;
  emission_standard: Code;

  transmission_type: Code;
  /** [1, 12]; null for a CVT. */
  gears: Numeric;
  drive_type: Code;
  motor_position: Code;
  /** Number of electric motors that drive [1, 4]. */
  drive_motors: Numeric;
  front_suspension: Code;
  rear_suspension: Code;

  body_type: Code;
  car_class: Code;
  /** [1, 6]. */
  doors: Numeric;
  /** [1, 60]; null when the car comes with several numbers of seats. */
  seats: Numeric;
  seats_min: Numeric;
  seats_max: Numeric;
  /** mm [1,500, 9,000]. */
  length_mm: Numeric;
  /** mm [900, 2,700]. */
  width_mm: Numeric;
  /** mm [900, 3,500]. */
  height_mm: Numeric;
  /** mm [1,200, 6,000]. */
  wheelbase_mm: Numeric;
  /** [300, 8,000]. */
  curb_weight_kg: Numeric;
  /** [10, 20,000]. */
  trunk_l: Numeric;
  /** [5, 300]. */
  tank_l: Numeric;
  /** [30, 500]. */
  top_speed_kmh: Numeric;
  /** 0 to 100 km/h in seconds [1, 60]. */
  acceleration_s: Numeric;
  /** Litres on 100 km [0, 40]. */
  consumption_l: Numeric;

  /** The raw text of a category whose code is `other` because no vocabulary knows it. */
  engine_type_raw?: string;
  aspiration_raw?: string;
  cylinder_layout_raw?: string;
  cylinder_head_material_raw?: string;
  cylinder_block_material_raw?: string;
  battery_chemistry_raw?: string;
  emission_standard_raw?: string;
  transmission_type_raw?: string;
  drive_type_raw?: string;
  front_suspension_raw?: string;
  rear_suspension_raw?: string;
  body_type_raw?: string;
  car_class_raw?: string;
  color_raw?: string;
  seller_type_raw?: string;
  section_raw?: string;
}
