import { JSON_KEYS, meaningSql } from "./same-meaning.ts";

const JSON_KEY_LIST = JSON_KEYS.map((key) => `'${key}'`).join(", ");

/** A text that may be JSON, at either level where the service sends one. */
const holdsText = (value: string) => `jsonb_typeof(${value}) = 'string'
           or jsonb_typeof(${value}) = 'object' and jsonb_typeof(${value} -> 'configuration') = 'string'`;

/**
 * Common table expressions that compare a batch with the copy; `judged` has a row per record, with its `outcome`:
 * `missing`; `newer`: the row has a change at or after the snapshot's position; `equal`; `differs`; `undecided`: only texts
 * of JSON differ, and the caller decides (`isSameJson`), because PostgreSQL 14 cannot parse a text that may be invalid.
 *
 * $1 records: inner_id, created_at, position and size of the data in $2, hash, verdict of the caller, ignored key; $2 their data as one
 * text; $3 number of records, which gives the planner a small row estimate, so that it uses the index; $4 the snapshot's
 * position. `|| '{}'` reads a stored document once, however many of its keys are compared.
 */
export const COMPARE = `
  batch as (
    select b.inner_id, b.created_at, b.hash, b.verdict,
           convert_from(substr($2::bytea, b.first, b.size), 'UTF8')::jsonb - 'synced_at'
             - coalesce(b.ignored, 'synced_at') as data
      from jsonb_to_recordset($1::jsonb) as b(
             inner_id text, created_at timestamptz, first int, size int, hash text, verdict text, ignored text)
     limit $3::int),
  paired as materialized (
    select b.*, r.id, r.last_updated_at, r.active_status, r.active_status <> 0 or r.completeness <> 'complete' as stale,
           coalesce(r.change_id >= $4::bigint, false) as newer,
           case when r.change_id >= $4::bigint then null else r.data || '{}'::jsonb end as stored
      from batch b left join raw_data r on r.inner_id = b.inner_id),
  judged as materialized (
    select p.*,
           case when p.id is null then 'missing'
                when p.newer then 'newer'
                when p.verdict is not null then p.verdict
                when d.differs then 'differs'
                when d.differs is not null then 'undecided'
                else 'equal' end as outcome
      from paired p
      left join lateral (
        select bool_or(k.key not in (${JSON_KEY_LIST}) or not coalesce(
                 ${holdsText("k.value")}, false) and not coalesce(
                 ${holdsText("k.stored")}, false)) as differs
          from (select n.key, n.value, p.stored -> n.key as stored from jsonb_each(p.data) as n) as k
         where p.verdict is null and p.stored <> p.data
           and k.value is distinct from k.stored
           and ${meaningSql("k.value")} is distinct from ${meaningSql("k.stored")}) as d on true)`;

/** Columns of the counts of a batch, from `judged`. */
export const BATCH_COUNTS = `
    (select count(*) filter (where outcome = 'missing')::int from judged) as loaded,
    (select count(*) filter (where outcome = 'differs' and active_status = 0)::int from judged)
      + (select count(*) filter (where outcome = 'equal' and stale and active_status = 0)::int from judged) as updated,
    (select count(*) filter (where outcome in ('equal', 'differs') and active_status <> 0)::int from judged) as reactivated,
    (select count(*) filter (where outcome = 'equal' and not stale)::int from judged) as unchanged,
    (select count(*) filter (where outcome = 'newer')::int from judged) as newer,
    (select jsonb_agg(jsonb_build_object(
              'inner_id', j.inner_id,
              'received', (select jsonb_object_agg(key, value) from jsonb_each(j.data) where key in (${JSON_KEY_LIST})),
              'stored', (select jsonb_object_agg(key, value) from jsonb_each(j.stored) where key in (${JSON_KEY_LIST}))))
       from judged j where outcome = 'undecided') as undecided`;

/**
 * Rows that are known to be equal, because a file with the same content was compared before, and the row has not changed
 * since then. $1 records: inner_id and hash; $2 the snapshot's position; $3 number of records.
 */
export const FIND_KNOWN = `
  select r.id, b.place
    from (select * from jsonb_to_recordset($1::jsonb) as b(inner_id text, hash text, place int) limit $3::int) as b
    join raw_data r on r.inner_id = b.inner_id
    join source_hashes h on h.raw_id = r.id
   where h.hash = decode(b.hash, 'hex') and h.row_updated_at = r.last_updated_at
     and r.active_status = 0 and r.completeness = 'complete' and not coalesce(r.change_id >= $2::bigint, false)`;
