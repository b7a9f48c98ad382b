import type { Queryable } from "../../database/index.ts";
import type { StatementNames } from "../cache/statement-names.ts";
import { ENVELOPE_COLUMNS } from "../schema/columns.ts";
import { encodeCursor } from "./cursor.ts";
import { countStatement, type ListRow, listStatement, type Statement } from "./list-sql.ts";
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

type Run = <Row>(statement: Statement) => Promise<Row[]>;

/**
 * Reads a page. One more row than asked for tells whether there is a next page; nothing is counted.
 *
 * @param newestId listings that are newer are left out of numbered pages
 * @param names which statements are kept prepared
 */
export async function readOffersPage(
  database: Queryable,
  query: OffersQuery,
  newestId: number,
  names: StatementNames,
): Promise<OffersPage> {
  const run: Run = async <Row>({ text, values }: Statement) =>
    (await database.query<Row>(text, values, names(text))).rows;
  const rows =
    query.cursor === null
      ? await rowsByNumber(run, query, newestId)
      : await rowsBehind(run, query, query.cursor);
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
async function rowsByNumber(run: Run, query: OffersQuery, newestId: number): Promise<ListRow[]> {
  const wanted = query.limit + 1;
  const offset = ((query.page ?? 1) - 1) * query.limit;
  const keyed = await run<ListRow>(
    listStatement(query, { branch: "keyed", limit: wanted, offset, newestId }),
  );
  if (keyed.length === wanted || !sortOf(query.sort).nullable) {
    return keyed;
  }
  const before =
    keyed.length > 0 || offset === 0 ? offset + keyed.length : await countKeyed(run, query, newestId);
  const rest = {
    branch: "keyless",
    limit: wanted - keyed.length,
    offset: Math.max(0, offset - before),
    newestId,
  } as const;
  return [...keyed, ...(await run<ListRow>(listStatement(query, rest)))];
}

/** The page behind a position. */
async function rowsBehind(
  run: Run,
  query: OffersQuery,
  position: { key: string | null; id: number },
): Promise<ListRow[]> {
  const wanted = query.limit + 1;
  const { nullable } = sortOf(query.sort);
  const isKeyless = nullable && position.key === null;
  const keyed = isKeyless
    ? []
    : await run<ListRow>(listStatement(query, { branch: "keyed", limit: wanted, after: position }));
  if (keyed.length === wanted || !nullable) {
    return keyed;
  }
  const rest = {
    branch: "keyless",
    limit: wanted - keyed.length,
    after: isKeyless ? position : undefined,
  } as const;
  return [...keyed, ...(await run<ListRow>(listStatement(query, rest)))];
}

async function countKeyed(run: Run, query: OffersQuery, newestId: number): Promise<number> {
  const [row] = await run<{ count: number }>(countStatement(query, newestId));
  return row?.count ?? 0;
}

/** What is known of the row, then everything canonical: one object, as text. */
const OFFERS = `
select p.inner_id as id, left(row_to_json(x)::text, -1) || ',' || substr(p.normalized_data::text, 2) as offer
  from processed_data p
 cross join lateral (select ${ENVELOPE_COLUMNS.map(({ name, sql }) =>
   name === sql ? `p.${name}` : `p.${sql} as ${name}`,
 ).join(", ")}) x
 where p.inner_id = any($1::text[])`;

/** Listings by their ids, active or not, each as JSON; those that there are. */
export async function readOffers(
  database: Queryable,
  innerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ id: string; offer: string }>(OFFERS, [innerIds], {
    name: "che168_offers",
  });
  return new Map(rows.map(({ id, offer }) => [id, offer]));
}
