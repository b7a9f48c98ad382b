// Generated from fields.ts by `npm run generate`; edit the declaration there.
import type { ListingOption } from "./equipment.ts";
import type { Places } from "./types.ts";

/**
 * A listing in canonical form. Every key is present, except `vin_masked` and those that end in `_raw`. Texts contain no
 * personal data.
 */
export interface Listing {
  /** ID of the listing at che168.com. */
  readonly inner_id: string | null;
  /** Make. Canonical Latin name. */
  readonly mark: string | null;
  /** Model. */
  readonly model: string | null;
  /** Model in Latin letters. */
  readonly model_latin: string | null;
  /** Series. As in the specification. */
  readonly series: string | null;
  /** Model year. From 1980 to the year after next. */
  readonly model_year: number | null;
  /** Trim. */
  readonly trim: string | null;
  /** Trim in English. Word by word; words that are in no vocabulary stay Chinese. */
  readonly trim_en: string | null;
  /** Trim in Russian. Like `trim_en`. */
  readonly trim_ru: string | null;
  /** Facelift. True when the trim says so, otherwise null. */
  readonly facelift: true | null;
  /** Generation. */
  readonly generation: number | null;
  /** Title given by the seller. */
  readonly title: string | null;
  /** Year of manufacture or registration. From 1950 to next year. */
  readonly year: number | null;
  /** Price, CNY. 500 to 100,000,000. */
  readonly price: number | null;
  /** Price when new, CNY. 5,000 to 100,000,000. */
  readonly msrp: number | null;
  /** Mileage, km. 0 to 2,000,000. */
  readonly km_age: number | null;
  /** Changes of owner. 0 to 50. */
  readonly transfers: number | null;
  /** Body colour. Code of the vocabulary `color`. */
  readonly color: string | null;
  /** Body type. Code of the vocabulary `body_type`. */
  readonly body_type: string | null;
  /** Vehicle class. Code of the vocabulary `car_class`. */
  readonly car_class: string | null;
  /** Number of doors. 1 to 6. */
  readonly doors: number | null;
  /** Number of seats. Null when the car comes with several numbers of seats. 1 to 60. */
  readonly seats: number | null;
  /** Minimum number of seats. 1 to 60. */
  readonly seats_min: number | null;
  /** Maximum number of seats. 1 to 60. */
  readonly seats_max: number | null;
  /** Length, mm. 1,500 to 9,000. */
  readonly length_mm: number | null;
  /** Width, mm. 900 to 2,700. */
  readonly width_mm: number | null;
  /** Height, mm. 900 to 3,500. */
  readonly height_mm: number | null;
  /** Wheelbase, mm. 1,200 to 6,000. */
  readonly wheelbase_mm: number | null;
  /** Kerb weight, kg. 300 to 8,000. */
  readonly curb_weight_kg: number | null;
  /** Gross weight, kg. 400 to 20,000. */
  readonly gross_weight_kg: number | null;
  /** Payload, kg. 20 to 10,000. */
  readonly payload_kg: number | null;
  /** Boot capacity, L. 10 to 20,000. */
  readonly trunk_l: number | null;
  /** Fuel tank capacity, L. 5 to 300. */
  readonly tank_l: number | null;
  /** Fuel type. Code of the vocabulary `engine_type`. */
  readonly engine_type: string | null;
  /** Type of hybrid. Only for the engine type `hybrid`. */
  readonly hybrid_kind: "parallel" | "series" | null;
  /** Transmission. Code of the vocabulary `transmission_type`. */
  readonly transmission_type: string | null;
  /** Number of gears. Null for a CVT. 1 to 12. */
  readonly gears: number | null;
  /** Drive type. Code of the vocabulary `drive_type`. */
  readonly drive_type: string | null;
  /** Position of the engine or motor. Code of the vocabulary `motor_position`. */
  readonly motor_position: string | null;
  /** Number of drive motors. 1 to 4. */
  readonly drive_motors: number | null;
  /** Front suspension. Code of the vocabulary `suspension`. */
  readonly front_suspension: string | null;
  /** Rear suspension. Code of the vocabulary `suspension`. */
  readonly rear_suspension: string | null;
  /** Voltage of a mild hybrid, V. 12 to 96. */
  readonly mild_hybrid_voltage: number | null;
  /** Aspiration. Code of the vocabulary `aspiration`. */
  readonly aspiration: string | null;
  /** Power, metric hp. Of the combustion engine; of all motors when the car is electric. 5 to 2,500. */
  readonly power: number | null;
  /** Power, kW. Of the same machine as `power`. 4 to 1,850. */
  readonly power_kw: number | null;
  /** Total motor power, metric hp. 5 to 2,500. */
  readonly motor_power_hp: number | null;
  /** Total motor power, kW. 4 to 1,850. */
  readonly motor_power_kw: number | null;
  /** System power, metric hp. 5 to 2,500. */
  readonly system_power_hp: number | null;
  /** System power, kW. 4 to 1,850. */
  readonly system_power_kw: number | null;
  /** Torque, N·m. Of the same machine as `power`. 20 to 5,000. */
  readonly torque_nm: number | null;
  /** Displacement, L. 0.3 to 10. */
  readonly displacement: number | null;
  /** Displacement, cm³. Only where the source has it in millilitres, never computed from rounded litres. 300 to 10,000. */
  readonly displacement_cc: number | null;
  /** Number of cylinders. 1 to 16. */
  readonly cylinders: number | null;
  /** Cylinder layout. Code of the vocabulary `cylinder_layout`. */
  readonly cylinder_layout: string | null;
  /** Engine code. */
  readonly engine_model: string | null;
  /** Cylinder head material. Code of the vocabulary `material`. */
  readonly cylinder_head_material: string | null;
  /** Cylinder block material. Code of the vocabulary `material`. */
  readonly cylinder_block_material: string | null;
  /** Emission standard. Code of the vocabulary `emission_standard`. */
  readonly emission_standard: string | null;
  /** Battery capacity, kWh. 0.5 to 300. */
  readonly battery_kwh: number | null;
  /** Battery chemistry. Code of the vocabulary `battery_chemistry`. */
  readonly battery_chemistry: string | null;
  /** Electric range, km. 10 to 2,000. */
  readonly ev_range_km: number | null;
  /** Measured electric range, km. 10 to 2,000. */
  readonly ev_range_measured_km: number | null;
  /** Fast charging power, kW. 1 to 2,000. */
  readonly fast_charge_kw: number | null;
  /** Top speed, km/h. 30 to 500. */
  readonly top_speed_kmh: number | null;
  /** Acceleration from 0 to 100 km/h, s. 1 to 60. */
  readonly acceleration_s: number | null;
  /** Fuel consumption, L/100 km. 0 to 40. */
  readonly consumption_l: number | null;
  /** Manufacturer. */
  readonly manufacturer: string | null;
  /** Imported to China. True when the source says so, otherwise null. */
  readonly is_import: true | null;
  /** Type of seller. Code of the vocabulary `seller_type`. */
  readonly seller_type: string | null;
  /** Sold by a dealer. */
  readonly is_dealer: boolean | null;
  /** Location as written by the seller. */
  readonly address: string | null;
  /** Province. English name. */
  readonly province: string | null;
  /** City. English name. */
  readonly city: string | null;
  /** District. English name. */
  readonly district: string | null;
  /** Province, city and district. Codes of GB/T 2260 and names in three languages. */
  readonly place: Places;
  /** New or used. Code of the vocabulary `section`. */
  readonly section: string | null;
  /** ID of the dealer at the source. */
  readonly salon_id: string | null;
  /** ID of the specification at the source. */
  readonly specid: string | null;
  /** Address of the listing at che168.com. */
  readonly url: string | null;
  /** VIN. */
  readonly vin: string | null;
  /** VIN as far as the seller shows it. Only present when `vin` is null. */
  readonly vin_masked?: string;
  /** Description by the seller. Personal data is masked. */
  readonly description: string | null;
  /** First registration. The first of the month when only the month is known. `YYYY-MM-DD`. */
  readonly first_registration: string | null;
  /** Precision of the first registration. */
  readonly first_registration_precision: "day" | "month" | null;
  /** Never registered. True when the seller says so, otherwise null. */
  readonly never_registered: true | null;
  /** Date of the listing. `YYYY-MM-DD`. */
  readonly offer_created: string | null;
  /** Addresses of the photos. In order, all below autoimg.cn. */
  readonly images: readonly string[];
  /** Equipment. Known pieces have a code (`labels.options` has their names), others only their Chinese name. */
  readonly options: readonly ListingOption[];
  /** Passable from. First registration + 36 months + 1 day: a convention of buyers. Customs count from production, which may be earlier. `YYYY-MM-DD`. */
  readonly passable_from: string | null;
  /** Passable until. First registration + 60 months. `YYYY-MM-DD`. */
  readonly passable_until: string | null;
  /** Highest power that a recycling fee may count, kW. Of 160 hp and 118 kW, which are often one engine, the higher one; of motors the peak power. 3 to 4,000. */
  readonly customs_power_kw: number | null;
  /** Power that the recycling fee counts. */
  readonly customs_power_basis: "engine" | "engine_and_motors" | "motors" | null;
  /** Facts missing for import costs. `price`, `production_date`, `engine_type`, `hybrid_kind`, `displacement_cc`, `power`, `power_30min_kw`, `vehicle_category`. With `power_30min_kw` an estimate may still be possible: the peak power can show that it makes no difference. */
  readonly customs_missing: readonly string[];

  // The raw text of a category whose code is `other` because the vocabulary does not know it.
  readonly color_raw?: string;
  readonly body_type_raw?: string;
  readonly car_class_raw?: string;
  readonly engine_type_raw?: string;
  readonly transmission_type_raw?: string;
  readonly drive_type_raw?: string;
  readonly front_suspension_raw?: string;
  readonly rear_suspension_raw?: string;
  readonly aspiration_raw?: string;
  readonly cylinder_layout_raw?: string;
  readonly cylinder_head_material_raw?: string;
  readonly cylinder_block_material_raw?: string;
  readonly emission_standard_raw?: string;
  readonly battery_chemistry_raw?: string;
  readonly seller_type_raw?: string;
  readonly section_raw?: string;
}
