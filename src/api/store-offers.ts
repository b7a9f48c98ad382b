import type { Queryable } from "../database/types.ts";
import { CARD_COLUMNS, ENVELOPE_COLUMNS } from "./columns.ts";
import { encodeCursor } from "./cursor.ts";
import { countStatement, listStatement, type Statement } from "./list-sql.ts";
import type { OffersQuery } from "./offers-query.ts";
import { sortOf } from "./sorts.ts";

/** A page of listings. */
export interface OffersPage {
  /** Each listing as JSON, as the database wrote it. */
  readonly items: readonly string[];
  readonly meta: {
    readonly page: number | null;
    readonly next_page: number | null;
    readonly limit: number;
    readonly next_cursor: string | null;
  };
}

interface ListRow {
  readonly id: number;
  readonly key: string | null;
  readonly item: string;
}

type Run = <Row>(statement: Statement, options?: { name?: string }) => Promise<Row[]>;

/** Columns whose combinations are asked again and again: their statements are kept prepared on each connection. */
const COMMON = new Set(["mark", "model"]);

/** A name for the statements of common lists; each name lives on each connection, so there are few. */
function nameOf(query: OffersQuery, offset: number, after: boolean, anchored: boolean): { name?: string } {
  const common = query.conditions.every(
    (one) => one.kind === "values" && COMMON.has(one.column) && one.values.length === 1,
  );
  if (!common) {
    return {};
  }
  const columns = query.conditions.map((one) => (one.kind === "values" ? one.column : "")).join("+");
  const range = [after ? "after" : "", offset > 0 ? "offset" : "", anchored ? "anchored" : ""].join(":");
  return { name: `che168_list:${query.sort}:${columns}:${range}` };
}

/**
 * Reads a page. One more row than asked for tells whether there is a next page; nothing is counted.
 *
 * @param newestId listings that are newer are left out of numbered pages
 */
export async function readOffersPage(
  database: Queryable,
  query: OffersQuery,
  newestId: number,
): Promise<OffersPage> {
  const run: Run = async <Row>({ text, values }: Statement, options = {}) =>
    (await database.query<Row>(text, values, options)).rows;
  const wanted = query.limit + 1;
  const rows =
    query.cursor === null
      ? await rowsByNumber(run, query, wanted, newestId)
      : await rowsBehind(run, query, wanted, query.cursor);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit;
  return {
    items: shown.map(({ item }) => item),
    meta: {
      page: query.page,
      next_page: more && query.page !== null ? query.page + 1 : null,
      limit: query.limit,
      next_cursor:
        more && last !== undefined ? encodeCursor({ sort: query.sort, key: last.key, id: last.id }) : null,
    },
  };
}

/** A numbered page: rows with a value by offset; when they run out, those without one. */
async function rowsByNumber(
  run: Run,
  query: OffersQuery,
  wanted: number,
  newestId: number,
): Promise<ListRow[]> {
  const offset = ((query.page ?? 1) - 1) * query.limit;
  const keyed = await run<ListRow>(
    listStatement(query, { branch: "keyed", limit: wanted, offset, newestId }, CARD_COLUMNS),
    nameOf(query, offset, false, true),
  );
  if (keyed.length === wanted || !sortOf(query.sort).nullable) {
    return keyed;
  }
  const before =
    keyed.length > 0 || offset === 0 ? offset + keyed.length : await countKeyed(run, query, newestId);
  const keyless = await run<ListRow>(
    listStatement(
      query,
      {
        branch: "keyless",
        limit: wanted - keyed.length,
        offset: Math.max(0, offset - before),
        newestId,
      },
      CARD_COLUMNS,
    ),
  );
  return [...keyed, ...keyless];
}

/** The page behind a position. */
async function rowsBehind(
  run: Run,
  query: OffersQuery,
  wanted: number,
  position: { key: string | null; id: number },
): Promise<ListRow[]> {
  const { nullable } = sortOf(query.sort);
  const keyed =
    nullable && position.key === null
      ? []
      : await run<ListRow>(
          listStatement(query, { branch: "keyed", limit: wanted, after: position }, CARD_COLUMNS),
          nameOf(query, 0, true, false),
        );
  if (keyed.length === wanted || !nullable) {
    return keyed;
  }
  const keyless = await run<ListRow>(
    listStatement(
      query,
      {
        branch: "keyless",
        limit: wanted - keyed.length,
        after: position.key === null ? position : undefined,
      },
      CARD_COLUMNS,
    ),
  );
  return [...keyed, ...keyless];
}

async function countKeyed(run: Run, query: OffersQuery, newestId: number): Promise<number> {
  const [row] = await run<{ count: number }>(countStatement(query, newestId));
  return row?.count ?? 0;
}

const OFFER = `
select row_to_json(x)::text as envelope, p.normalized_data::text as listing
  from processed_data p
 cross join lateral (select ${ENVELOPE_COLUMNS.map(({ name, sql }) =>
   name === sql ? `p.${name}` : `p.${sql} as ${name}`,
 ).join(", ")}) x
 where p.inner_id = $1`;

/** A listing by its id, active or not, as two JSON objects; undefined when there is none. */
export async function readOffer(
  database: Queryable,
  innerId: string,
): Promise<{ envelope: string; listing: string } | undefined> {
  const { rows } = await database.query<{ envelope: string; listing: string }>(OFFER, [innerId], {
    name: "che168_offer",
  });
  return rows[0];
}
