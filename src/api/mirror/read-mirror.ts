/** SQL of the mirror: `raw_data` as the service would send it. */
import { isoTime, type Queryable } from "../../database/index.ts";

/** Records of a page, as at the service. */
export const PAGE_SIZE = 20;

/** The rows in the catalogue. `raw_data_catalogue` is an index over exactly these, in the order of the pages. */
const IN_CATALOGUE = "active_status = 0 and completeness = 'complete'";

/** A listing of the catalogue; `data` is its document as JSON text. */
export interface CatalogueRow {
  readonly id: number;
  readonly inner_id: string;
  readonly created_at: string;
  readonly data: string;
}

/** A condition on canonical columns `p`, with its values. */
export interface CatalogueFilter {
  /** SQL with placeholders from `$3`; empty without a filter. */
  readonly sql: string;
  readonly values: readonly unknown[];
}

const filteredBy = ({ sql }: CatalogueFilter): string =>
  sql === "" ? "" : `and exists (select from processed_data p where p.inner_id = r.inner_id and ${sql})`;

/**
 * Reads the listings after `after`, in the order of the catalogue.
 *
 * @param after the last listing of the page before; empty for the first page
 * @returns one listing more than a page when there is a next page; its `data` is null
 */
export async function readCataloguePage(
  db: Queryable,
  after: string,
  filter: CatalogueFilter,
): Promise<CatalogueRow[]> {
  const { rows } = await db.query<CatalogueRow>(
    `select id, inner_id, ${isoTime("created_at", "ms")} as created_at,
            case when place <= $2::int then (select data::text from raw_data d where d.id = page.id) end as data
       from (select id, inner_id, created_at, row_number() over (order by length(inner_id), inner_id) as place
               from (select id, inner_id, created_at from raw_data r
                      where ${IN_CATALOGUE} and (length(inner_id), inner_id) > (length($1::text), $1::text)
                            ${filteredBy(filter)}
                      order by length(inner_id), inner_id limit $2::int + 1) found) page
      order by place`,
    [after, PAGE_SIZE, ...filter.values],
  );
  return rows;
}

/** Finds the listing at an offset of the catalogue; undefined beyond its end. */
export async function readListingAt(
  db: Queryable,
  offset: number,
  filter: CatalogueFilter,
): Promise<string | undefined> {
  const { rows } = await db.query<{ inner_id: string }>(
    `select inner_id from raw_data r where ${IN_CATALOGUE} and $2::int > 0 ${filteredBy(filter)}
      order by length(inner_id), inner_id offset $1::int limit 1`,
    [offset, PAGE_SIZE, ...filter.values],
  );
  return rows[0]?.inner_id;
}

/** Reads an active listing; undefined when there is none. */
export async function readListing(db: Queryable, innerId: string): Promise<CatalogueRow | undefined> {
  const { rows } = await db.query<CatalogueRow>(
    `select id, inner_id, ${isoTime("created_at", "ms")} as created_at, data::text as data from raw_data
      where inner_id = $1 and ${IN_CATALOGUE}`,
    [innerId],
  );
  return rows[0];
}

/** An entry of the feed; `data` is null for a listing that is not in the catalogue. */
export interface FeedRow {
  /** Consecutive; text, because it may exceed 2^53. */
  readonly id: string;
  readonly inner_id: string;
  readonly at: string;
  readonly data: string | null;
  readonly is_last: boolean;
}

/** Reads the entries from `id` on, each with the present state of its listing; from the oldest kept one when `id` is older. */
export async function readFeedPage(db: Queryable, id: number): Promise<FeedRow[]> {
  const { rows } = await db.query<FeedRow>(
    `select m.id::text as id, m.inner_id, ${isoTime("m.at", "ms")} as at, r.data::text as data,
            m.id >= (select last_id from mirror_state) as is_last
       from (select id, inner_id, at from mirror_changes where id >= $1::bigint order by id limit $2::int) m
       left join raw_data r on r.inner_id = m.inner_id and r.active_status = 0 and r.completeness = 'complete'
      order by m.id`,
    [id, PAGE_SIZE],
  );
  return rows;
}

/** The id of the first entry of a day, or that of the next entry when there is none yet. */
export async function readFirstIdOf(db: Queryable, day: string, timezone: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `select coalesce((select id from mirror_changes where at >= ($1::date)::timestamp at time zone $2
                       order by at, id limit 1),
                     (select last_id + 1 from mirror_state), 1)::text as id`,
    [day, timezone],
  );
  return rows[0]?.id ?? "1";
}
