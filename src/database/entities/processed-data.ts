import { defineEntity, p } from "@mikro-orm/core";
import { FILTER_COLUMNS, LISTED } from "../filter-columns.ts";

const coveringIndex = (key: string) => {
  const included = FILTER_COLUMNS.filter((column) => column !== key).join(", ");
  const name = `processed_data_by_${key}`;
  const expression = `create index ${name} on processed_data (${key}, id) include (${included}) where ${LISTED}`;
  return { name, expression };
};

const equalityIndex = (column: string) => {
  const name = `processed_data_${column}`;
  return { name, expression: `create index ${name} on processed_data (${column}) where ${LISTED}` };
};

/** Everything that finds rows fast; that the migrations make the same is tested. */
export const PROCESSED_DATA_INDEXES = [
  ...["created_at", "price", "year", "km_age"].map(coveringIndex),
  {
    name: "processed_data_mark_model",
    expression: `create index processed_data_mark_model on processed_data (mark, model, created_at, id) where ${LISTED}`,
  },
  ...["city", "color", "body_type", "engine_type"].map(equalityIndex),
  {
    name: "processed_data_search",
    expression: `create index processed_data_search on processed_data using gin (search) where ${LISTED}`,
  },
  {
    name: "processed_data_rules_version",
    expression: "create index processed_data_rules_version on processed_data (rules_version)",
  },
];

const schema = defineEntity({
  name: "ProcessedData",
  tableName: "processed_data",
  properties: {
    id: p.integer().primary().autoincrement(),
    innerId: p.string().unique("processed_data_inner_id_unique"),
    activeStatus: p.integer().default(0),
    isIncomplete: p.boolean().default(false),
    createdAt: p.datetime().columnType("timestamptz"),
    updatedAt: p.datetime().columnType("timestamptz"),
    mark: p.text().nullable(),
    model: p.text().nullable(),
    modelLatin: p.text().nullable(),
    series: p.text().nullable(),
    modelYear: p.integer().nullable(),
    trim: p.text().nullable(),
    generation: p.integer().nullable(),
    title: p.text().nullable(),
    year: p.integer().nullable(),
    color: p.text().nullable(),
    price: p.integer().nullable(),
    msrp: p.integer().nullable(),
    kmAge: p.integer().nullable(),
    engineType: p.text().nullable(),
    transmissionType: p.text().nullable(),
    bodyType: p.text().nullable(),
    driveType: p.text().nullable(),
    displacement: p.decimal("number").columnType("numeric(5,2)").nullable(),
    displacementCc: p.integer().nullable(),
    power: p.integer().nullable(),
    powerKw: p.integer().nullable(),
    torqueNm: p.integer().nullable(),
    aspiration: p.text().nullable(),
    cylinders: p.integer().nullable(),
    doors: p.integer().nullable(),
    seats: p.integer().nullable(),
    emissionStandard: p.text().nullable(),
    carClass: p.text().nullable(),
    manufacturer: p.text().nullable(),
    isImport: p.boolean().nullable(),
    address: p.text().nullable(),
    province: p.text().nullable(),
    city: p.text().nullable(),
    district: p.text().nullable(),
    sellerType: p.text().nullable(),
    isDealer: p.boolean().nullable(),
    section: p.text().nullable(),
    salonId: p.text().nullable(),
    specid: p.text().nullable(),
    url: p.text().nullable(),
    vin: p.text().nullable(),
    description: p.text().nullable(),
    offerCreated: p.date().nullable(),
    firstRegistration: p.date().nullable(),
    images: p.json<string[]>().nullable(),
    options: p.json<unknown[]>().nullable(),
    normalizedData: p.json<Record<string, unknown>>(),
    search: p.string().columnType("tsvector").nullable().hidden(),
    rulesVersion: p.integer(),
  },
  indexes: PROCESSED_DATA_INDEXES,
});

/** A listing in canonical form. */
export class ProcessedData extends schema.class {}
schema.setClass(ProcessedData);
