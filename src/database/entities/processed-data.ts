import { defineEntity, p } from "@mikro-orm/core";
import { columnTypeOf, FIELDS, type FieldWith, fieldsWith } from "../../listing/fields.ts";
import { COVERED_COLUMNS, indexedBy, LISTED, PLAIN_SORT_COLUMNS, SORT_COLUMNS } from "./filter-columns.ts";

const coveringIndex = (key: string) => {
  const included = COVERED_COLUMNS.filter((column) => column !== key).join(", ");
  const name = `processed_data_by_${key}`;
  const expression = `create index ${name} on processed_data (${key}, id) include (${included}) where ${LISTED}`;
  return { name, expression };
};

const equalityIndex = (column: string) => {
  const name = `processed_data_${column}`;
  return { name, expression: `create index ${name} on processed_data (${column}) where ${LISTED}` };
};

/** All indexes; a test compares them with the migrations. */
const PROCESSED_DATA_INDEXES = [
  ...SORT_COLUMNS.map(coveringIndex),
  ...PLAIN_SORT_COLUMNS.map((key) => {
    const name = `processed_data_by_${key}`;
    return { name, expression: `create index ${name} on processed_data (${key}, id) where ${LISTED}` };
  }),
  {
    name: "processed_data_mark_model",
    expression: `create index processed_data_mark_model on processed_data (mark, model, created_at, id) where ${LISTED}`,
  },
  ...indexedBy("equality").map(equalityIndex),
  {
    name: "processed_data_search",
    expression: `create index processed_data_search on processed_data using gin (search) where ${LISTED}`,
  },
  {
    name: "processed_data_removed_at",
    expression:
      "create index processed_data_removed_at on processed_data (removed_at) where active_status = 1",
  },
  {
    name: "processed_data_rules_version",
    expression: "create index processed_data_rules_version on processed_data (rules_version)",
  },
];

/** `km_age` is `kmAge`. */
type CamelCase<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;
const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const text = () => p.text().nullable();
const whole = () => p.integer().nullable();
const decimal = (type: string) => p.decimal("number").columnType(type).nullable();
const boolean = () => p.boolean().nullable();
const date = () => p.date().nullable();
const json = <T>() => p.json<T>().nullable();

/** Builder of the property of a column, by the kind of the field. */
interface Properties {
  text: ReturnType<typeof text>;
  category: ReturnType<typeof text>;
  int: ReturnType<typeof whole>;
  decimal: ReturnType<typeof decimal>;
  flag: ReturnType<typeof boolean>;
  marker: ReturnType<typeof boolean>;
  date: ReturnType<typeof date>;
}
type PropertyOf<N extends FieldWith<"column">> = N extends "images"
  ? ReturnType<typeof json<string[]>>
  : (typeof FIELDS)[N]["kind"] extends keyof Properties
    ? Properties[(typeof FIELDS)[N]["kind"]]
    : ReturnType<typeof json<unknown[]>>;
type ListingProperties = { [N in FieldWith<"column"> as CamelCase<N>]: PropertyOf<N> };

const BUILDERS = { text, category: text, int: whole, flag: boolean, marker: boolean, date, json };

function listingProperties(): ListingProperties {
  const properties = fieldsWith("column").map((name) => {
    const { kind } = FIELDS[name];
    return [camelCase(name), kind === "decimal" ? decimal(columnTypeOf(name)) : BUILDERS[kind]()] as const;
  });
  return Object.fromEntries(properties) as unknown as ListingProperties;
}

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
    ...listingProperties(),
    normalizedData: p.json<Record<string, unknown>>(),
    search: p.string().columnType("tsvector").nullable().hidden(),
    /** When the copy first received the listing. */
    firstSeenAt: p.datetime().columnType("timestamptz").nullable(),
    /** When the copy received its removal; null while it is active. */
    removedAt: p.datetime().columnType("timestamptz").nullable(),
    /** By how much the last price event lowered the price; null if it did not. */
    priceDrop: p.integer().nullable(),
    contentHash: p.uuid().nullable().hidden(),
    rulesVersion: p.integer(),
  },
  indexes: PROCESSED_DATA_INDEXES,
});

/** A listing in canonical form. */
export class ProcessedData extends schema.class {}
schema.setClass(ProcessedData);
