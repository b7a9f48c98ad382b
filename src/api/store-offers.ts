import type { Queryable } from "../database/types.ts";
import { CARD_COLUMNS, ENVELOPE_COLUMNS } from "./columns.ts";
import { encodeCursor } from "./cursor.ts";
import { countStatement, type ListPart, listStatement, type Statement } from "./list-sql.ts";
import type { OffersQuery } from "./offers-query.ts";
import { sortOf } from "./sorts.ts";
import type { StatementNames } from "./statement-names.ts";

/** A page of listings. */
export interface OffersPage {
  /** The listings as JSON, as the database wrote them, separated by commas. */
  readonly items: string;
  readonly meta: {
    readonly page: number | null;
    readonly next_page: number | null;
    readonly limit: number;
    readonly next_cursor: string | null;
  };
}

type Run = <Row>(statement: Statement) => Promise<Row[]>;
const NOTHING: ListPart = { found: 0, items: null, key: null, id: null };

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
  const part =
    query.cursor === null
      ? await partByNumber(run, query, newestId)
      : await partBehind(run, query, query.cursor);
  const more = part.found > query.limit;
  return {
    items: part.items ?? "",
    meta: {
      page: query.page,
      next_page: more && query.page !== null ? query.page + 1 : null,
      limit: query.limit,
      next_cursor:
        more && part.id !== null ? encodeCursor({ sort: query.sort, key: part.key, id: part.id }) : null,
    },
  };
}

async function readPart(
  run: Run,
  query: OffersQuery,
  part: Omit<Parameters<typeof listStatement>[1], "limit"> & { limit?: number },
): Promise<ListPart> {
  const [row] = await run<ListPart>(listStatement(query, { limit: query.limit, ...part }, CARD_COLUMNS));
  return row ?? NOTHING;
}

/** Rows with a value to sort by, then rows without one. */
function joined(keyed: ListPart, keyless: ListPart): ListPart {
  return keyless.found === 0
    ? keyed
    : {
        found: keyed.found + keyless.found,
        items: [keyed.items, keyless.items].filter((items) => items !== null).join(","),
        key: keyless.items === null ? keyed.key : keyless.key,
        id: keyless.items === null ? keyed.id : keyless.id,
      };
}

/** A numbered page: rows with a value by offset; when they run out, those without one. */
async function partByNumber(run: Run, query: OffersQuery, newestId: number): Promise<ListPart> {
  const offset = ((query.page ?? 1) - 1) * query.limit;
  const keyed = await readPart(run, query, { branch: "keyed", offset, newestId });
  if (keyed.found > query.limit || !sortOf(query.sort).nullable) {
    return keyed;
  }
  const before =
    keyed.found > 0 || offset === 0 ? offset + keyed.found : await countKeyed(run, query, newestId);
  const keyless = await readPart(run, query, {
    branch: "keyless",
    limit: query.limit - keyed.found,
    offset: Math.max(0, offset - before),
    newestId,
  });
  return joined(keyed, keyless);
}

/** The page behind a position. */
async function partBehind(
  run: Run,
  query: OffersQuery,
  position: { key: string | null; id: number },
): Promise<ListPart> {
  const { nullable } = sortOf(query.sort);
  const isKeyless = nullable && position.key === null;
  const keyed = isKeyless ? NOTHING : await readPart(run, query, { branch: "keyed", after: position });
  if (keyed.found > query.limit || !nullable) {
    return keyed;
  }
  const keyless = await readPart(run, query, {
    branch: "keyless",
    limit: query.limit - keyed.found,
    after: isKeyless ? position : undefined,
  });
  return joined(keyed, keyless);
}

async function countKeyed(run: Run, query: OffersQuery, newestId: number): Promise<number> {
  const [row] = await run<{ count: number }>(countStatement(query, newestId));
  return row?.count ?? 0;
}

/** What is known of the row, then everything canonical: one object, as text. */
const OFFER = `
select left(row_to_json(x)::text, -1) || ',' || substr(p.normalized_data::text, 2) as offer
  from processed_data p
 cross join lateral (select ${ENVELOPE_COLUMNS.map(({ name, sql }) =>
   name === sql ? `p.${name}` : `p.${sql} as ${name}`,
 ).join(", ")}) x
 where p.inner_id = $1`;

/** A listing by its id, active or not, as JSON; undefined when there is none. */
export async function readOffer(database: Queryable, innerId: string): Promise<string | undefined> {
  const { rows } = await database.query<{ offer: string }>(OFFER, [innerId], { name: "che168_offer" });
  return rows[0]?.offer;
}
