import { type Database, type Queryable, quoteIdentifier } from "../database/index.ts";
import type { CopyTable } from "./copy/copy-format.ts";

/** A table that exists in a database. */
export interface ExistingTable extends CopyTable {
  /** The sequence of its key, quoted and qualified; null when keys are assigned by hand. */
  readonly sequence: string | null;
}

/** Counters of the last minute. */
const NOT_DUMPED: readonly string[] = ["api_rate_limits"];

const ownTables = (database: Database): string[] =>
  [...database.orm.getMetadata().getAll().values()]
    .map(({ tableName }) => tableName)
    .filter((name) => !NOT_DUMPED.includes(name));

const FIND = `
  select c.relname::text as name,
         (select json_agg(a.attname order by a.attnum) from pg_attribute a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
         k.attname::text as key,
         pg_get_serial_sequence(c.oid::regclass::text, k.attname::text) as sequence
    from pg_class c
    join pg_index i on i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1
    join pg_attribute k on k.attrelid = c.oid and k.attnum = i.indkey[0]
   where c.relkind = 'r' and c.relnamespace = quote_ident(current_schema())::regnamespace
     and c.relname in (select jsonb_array_elements_text($1::jsonb))
   order by c.relname`;

/** The tables of this package that the database has, by name. */
export async function findTables(database: Database, db: Queryable = database): Promise<ExistingTable[]> {
  const { rows } = await db.query<ExistingTable>(FIND, [JSON.stringify(ownTables(database))]);
  return rows;
}

export async function countRowsOf(db: Queryable, name: string): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    `select count(*)::text as count from ${quoteIdentifier(name)}`,
  );
  return Number(rows[0]?.count);
}

/** The next value of a sequence. */
export async function nextValue(db: Queryable, sequence: string): Promise<string> {
  const { rows } = await db.query<{ next: string }>(
    `select case when is_called then last_value + 1 else last_value end::text as next from ${sequence}`,
  );
  return String(rows[0]?.next);
}
