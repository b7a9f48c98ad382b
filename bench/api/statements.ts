import { listStatement } from "../../src/api/query/list-sql.ts";
import { CARD_COLUMNS, ENVELOPE_COLUMNS, type ListingMember } from "../../src/api/schema/schemas.ts";
import { LISTED } from "../../src/database/index.ts";

// Statements of the bare server: the same JSON as ours, one row per listing. Of `image_sizes` it sends the stored addresses.

const select = (columns: readonly ListingMember[], imageSizes: string): string =>
  columns
    .map(({ name, sql }) => ({ name, sql: name === "image_sizes" ? imageSizes : sql }))
    .map(({ name, sql }) => (name === sql ? name : `${sql} as ${name}`))
    .join(", ");

/** `$1`: the listing's id. */
export const DETAIL_SQL = `
select left(row_to_json(x)::text, -1) || ',' || substr(p.normalized_data::text, 2) as offer
  from processed_data p
 cross join lateral (select ${select(ENVELOPE_COLUMNS, "coalesce(images, '[]')")}) x
 where p.inner_id = $1`;

/** The `$2` newest listings with at most `$1` km: keys first, as ours, then rows. */
export const LIST_SQL = `
select k.id, k.created_at::text as key, row_to_json(x)::text as item
  from (select id, created_at from processed_data
         where ${LISTED} and km_age <= $1::int
         order by created_at desc, id desc limit $2::int) k
 cross join lateral (select ${select(CARD_COLUMNS, "json_build_array(images -> 0)")}
                       from processed_data p where p.id = k.id) x
 order by k.created_at desc, k.id desc`;

/** The same list with our statement. */
export const OWN_LIST_SQL = listStatement(
  { conditions: [{ kind: "range", column: "km_age", from: undefined, to: 0 }], sort: "-created_at" },
  { branch: "keyed", limit: 0 },
).text;
