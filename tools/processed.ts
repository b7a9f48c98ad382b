import type { Queryable } from "../src/database/index.ts";
import { columnTypeOf, fieldsWith, RULES_VERSION } from "../src/listing/fields.ts";
import { compileVocabulary } from "../src/listing/index.ts";
import { listingWords, placeIndex } from "../src/listing/internal.ts";
import { numbersFrom } from "./random.ts";

/** A generated row of `processed_data`: its columns and search words. */
export interface ListingRow {
  readonly inner_id: string;
  readonly active_status: 0 | 1;
  readonly is_incomplete: boolean;
  /** In PostgreSQL's text format in UTC, with microseconds. */
  readonly created_at: string;
  readonly mark: string | null;
  readonly model: string | null;
  readonly trim: string | null;
  readonly title: string | null;
  readonly year: number | null;
  readonly price: number | null;
  readonly km_age: number | null;
  readonly color: string | null;
  readonly body_type: string | null;
  readonly engine_type: string | null;
  readonly transmission_type: string | null;
  readonly drive_type: string | null;
  readonly seller_type: string | null;
  readonly is_dealer: boolean | null;
  readonly province: string | null;
  readonly city: string | null;
  readonly district: string | null;
  readonly displacement: number | null;
  readonly displacement_cc: number | null;
  readonly series: string | null;
  readonly car_class: string | null;
  readonly emission_standard: string | null;
  readonly seats: number | null;
  readonly doors: number | null;
  readonly salon_id: string | null;
  readonly battery_kwh: number | null;
  readonly ev_range_km: number | null;
  readonly transfers: number | null;
  readonly consumption_l: number | null;
  readonly is_import: true | null;
  readonly price_drop: number | null;
  readonly vin: string | null;
  readonly passable_from: string | null;
  readonly passable_until: string | null;
  readonly power: number | null;
  readonly url: string;
  readonly images: readonly string[];
  readonly options: readonly unknown[];
  readonly description: string;
  readonly offer_created: string;
  readonly first_registration: string | null;
  readonly place: unknown;
  readonly search_words: readonly string[];
}

const vocabulary = compileVocabulary();
/** Frequent marks in a fixed order, which does not depend on the vocabulary, then all others. */
const FREQUENT = [
  "Acura",
  "Aion",
  "AITO",
  "Aiways",
  "Alfa Romeo",
  "Alpina",
  "Arcfox",
  "Aston Martin",
  "Audi",
  "Avatr",
  "BAIC",
  "BAIC Changhe",
];
const MARKS = [...new Set([...FREQUENT, ...vocabulary.marks.labels.keys()])];
const codes = (
  category:
    | "car_class"
    | "emission_standard"
    | "color"
    | "body_type"
    | "engine_type"
    | "transmission_type"
    | "drive_type",
) => [...vocabulary.categories[category].labels.keys()];
const CODES = {
  car_class: codes("car_class"),
  emission_standard: codes("emission_standard"),
  color: codes("color"),
  body_type: codes("body_type"),
  engine_type: codes("engine_type"),
  transmission_type: codes("transmission_type"),
  drive_type: codes("drive_type"),
};
const CITIES = [...new Set([...placeIndex().citiesByKey.values()].flat())];
const MODEL_NAMES = [
  "X5",
  "3 Series",
  "Song PLUS",
  "RX",
  "C-Class",
  "宏光",
  "Land Cruiser",
  "E-tron",
  "A6L",
  "T1",
];
const TRIMS = ["1.5T 尊贵版", "2.0L Comfort", "45 TFSI quattro", "EV 401km", "Elite", "3.0T V6 4WD"];
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);

export interface ListingsOptions {
  readonly seed?: number;
  /** Number of the first row; rows of disjoint ranges have different ids. */
  readonly first?: number;
  /** Number of marks; the first is the most frequent. */
  readonly marks?: number;
  readonly modelsPerMark?: number;
  /** Length that is added to each description, in characters. */
  readonly padding?: number;
}

/** Generates rows lazily, equal for equal options. */
export function* listings(count: number, options: ListingsOptions = {}): Generator<ListingRow> {
  const { seed = 1, first = 0, marks = 12, modelsPerMark = 5, padding = 0 } = options;
  const random = numbersFrom(seed);
  const others = numbersFrom(seed + 1_000);
  const less = (limit: number) => Math.floor(others() * limit);
  const any = <T>(chance: number, value: T): T | null => (others() < chance ? value : null);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  /** Small numbers are frequent and large ones rare, as with marks and models. */
  const skewed = (limit: number) => Math.min(limit - 1, Math.floor(limit ** random() - 1));
  const maybe = <T>(chance: number, value: T): T | null => (random() < chance ? value : null);

  for (let index = first; index < first + count; index += 1) {
    const mark = MARKS[skewed(Math.min(marks, MARKS.length))] as string;
    const modelNumber = skewed(modelsPerMark);
    const name = MODEL_NAMES[modelNumber % MODEL_NAMES.length] as string;
    const model = modelNumber < MODEL_NAMES.length ? name : `${name} ${modelNumber}`;
    const city = CITIES[skewed(CITIES.length)] as (typeof CITIES)[number];
    const district = maybe(0.7, pick(city.districts))?.place ?? null;
    // Few distinct seconds, so that some times are equal.
    const instant = FIRST_DAY + below(300) * DAY_MS + below(5_000) * 1_000;
    const fraction = random() < 0.3 ? "" : `.${String(1 + below(999_998)).padStart(6, "0")}`;
    const year = maybe(0.97, 2_005 + below(21));
    const hasPlace = random() < 0.95;
    const text = {
      mark: maybe(0.99, mark),
      model: maybe(0.98, model),
      trim: maybe(0.9, pick(TRIMS)),
      title: `${mark} ${model} ${year ?? ""}`.trim(),
    };
    const place = hasPlace
      ? { province: city.province, city: city.place, district }
      : { province: null, city: null, district: null };
    const dealer = random() < 0.8;
    // From a sequence of its own: rows of older versions stay the same.
    const more = {
      displacement_cc: any(0.7, 800 + 50 * less(80)),
      series: any(0.8, `${model} series`),
      car_class: any(0.9, CODES.car_class[less(CODES.car_class.length)] as string),
      emission_standard: any(0.9, CODES.emission_standard[less(CODES.emission_standard.length)] as string),
      seats: any(0.9, 2 + less(7)),
      doors: any(0.9, 2 + less(4)),
      salon_id: any(0.8, String(100_000 + less(3_000))),
      battery_kwh: any(0.2, (5_000 + less(100_000)) / 1_000),
      ev_range_km: any(0.2, 50 + less(700)),
      transfers: any(0.8, less(4)),
      consumption_l: any(0.6, (300 + less(1_000)) / 100),
      is_import: any(0.1, true as const),
      price_drop: any(0.2, 1_000 * (1 + less(20))),
      passable_from: year === null ? null : `${year + 3}-0${1 + less(9)}-02`,
      passable_until: year === null ? null : `${year + 5}-0${1 + less(9)}-01`,
      vin: any(0.6, `LVSHCAMB${String(index).padStart(9, "0")}`),
    };
    const pictured = any(0.95, 1) ?? 0;
    const filler =
      padding > 0 ? `Осмотр по договорённости, 车况良好 ${index} `.repeat(Math.ceil(padding / 40)) : "";
    yield {
      inner_id: String(50_000_000 + index),
      active_status: random() < 0.85 ? 0 : 1,
      is_incomplete: random() < 0.02,
      created_at: `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")}${fraction.replace(/0+$/, "")}+00`,
      ...text,
      year,
      price: maybe(0.95, 5_000 + below(300) * 1_000),
      km_age: maybe(0.95, below(200) * 1_000),
      color: maybe(0.97, CODES.color[skewed(CODES.color.length)] as string),
      body_type: maybe(0.97, CODES.body_type[skewed(CODES.body_type.length)] as string),
      engine_type: maybe(0.97, CODES.engine_type[skewed(CODES.engine_type.length)] as string),
      transmission_type: maybe(0.97, pick(CODES.transmission_type)),
      drive_type: maybe(0.97, pick(CODES.drive_type)),
      seller_type: dealer ? "dealer" : "private",
      is_dealer: dealer,
      province: place.province?.en ?? null,
      city: place.city?.en ?? null,
      district: place.district?.en ?? null,
      displacement: maybe(0.8, (8 + below(50)) / 10),
      power: maybe(0.9, 60 + below(500)),
      ...more,
      url: `https://www.che168.com/dealer/${below(900_000)}/${50_000_000 + index}.html`,
      images: Array.from(
        { length: (1 + below(12)) * pictured },
        (_, image) => `https://2sc2.autoimg.cn/escimg/auto/g30/${index}/${image}.jpg`,
      ),
      options: [{ code: "cruise_control" }, { zh: "某种装置" }],
      description: `Listing ${index}. ${filler.slice(0, padding)}`.trim(),
      offer_created: new Date(instant - DAY_MS).toISOString().slice(0, 10),
      first_registration: year === null ? null : `${year}-0${1 + below(9)}-01`,
      place,
      search_words: listingWords({ ...text, place }, vocabulary),
    };
  }
}

const COLUMNS = fieldsWith("column").map((name) => [name, columnTypeOf(name)] as const);
const OWN = ["inner_id", "active_status", "is_incomplete", "created_at", "price_drop"];

/** The canonical listing of a row, as the normalizer writes it. */
export function canonicalOf(row: ListingRow): Record<string, unknown> {
  const { active_status, is_incomplete, created_at, price_drop, search_words, ...canonical } = row;
  return canonical;
}

const INSERT = `
  with written as (
    insert into processed_data (${[...OWN, ...COLUMNS.map(([name]) => name)].join(", ")},
                                normalized_data, search, rules_version, updated_at)
    select ${[...OWN, ...COLUMNS.map(([name]) => name)].map((name) => `c.${name}`).join(", ")},
           c.normalized_data, array_to_tsvector(c.search_words), ${RULES_VERSION}, clock_timestamp()
      from jsonb_to_recordset($1::jsonb) as c(
             inner_id text, active_status int, is_incomplete boolean, created_at timestamptz, price_drop int, normalized_data jsonb,
             search_words text[], ${COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")})
    returning 1)
  update data_version set version = version + 1 where id = 1 and exists (select from written)`;

const BATCH = 500;

/** Writes rows as the normalizer does: each batch raises the version of the data. */
export async function insertListings(database: Queryable, rows: Iterable<ListingRow>): Promise<void> {
  let batch: Record<string, unknown>[] = [];
  const write = async () => {
    if (batch.length > 0) {
      await database.query(INSERT, [JSON.stringify(batch)]);
      batch = [];
    }
  };
  for (const row of rows) {
    batch.push({ ...row, normalized_data: canonicalOf(row) });
    if (batch.length === BATCH) {
      await write();
    }
  }
  await write();
}
