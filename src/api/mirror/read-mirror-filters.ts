import { LISTED, type Queryable } from "../../database/index.ts";

const VALUES = ["transmission_type", "color", "body_type", "engine_type", "drive_type"] as const;

/** The spelling of one listing for each value in use: reading the documents of all would take minutes. */
const spellingOf = (column: string) => `
  select json_agg(distinct value) from (
    select (select coalesce(r.data ->> '${column}', one.${column}) from raw_data r where r.inner_id = one.inner_id) as value
      from (select distinct on (${column}) ${column}, inner_id from processed_data
             where ${LISTED} and ${column} is not null order by ${column}, id) one) spelled
   where value <> ''`;

const FILTERS = `
  select json_build_object(
    'mark', (select coalesce(json_object_agg(mark, json_build_object('model', models) order by mark), '{}') from (
      select mark, coalesce(json_agg(model order by model) filter (where model is not null), '[]') as models
        from (select distinct mark, model from processed_data where ${LISTED} and mark is not null) pairs
       group by mark) marks),
    ${VALUES.map((column) => `'${column}', coalesce((${spellingOf(column)}), '[]')`).join(", ")})::text as filters`;

/** Reads every value in use, as JSON: marks and models by their canonical names, categories as the service spells them. */
export async function readMirrorFilters(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ filters: string }>(FILTERS);
  return rows[0]?.filters ?? "{}";
}
