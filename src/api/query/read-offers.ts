import type { Queryable } from "../../database/index.ts";
import type { StatementCache } from "../cache/query-cache.ts";
import type { StoredPictures } from "../images/picture-addresses.ts";
import { type KnownPrice, type PriceEvent, priceHistory } from "../schema/price-history.ts";
import { ENVELOPE_COLUMNS } from "../schema/schemas.ts";
import {
  countStatement,
  idsStatement,
  type ListRow,
  listStatement,
  type Statement,
  totalStatement,
} from "./list-sql.ts";
import type { OffersQuery } from "./offers-query.ts";
import { encodeCursor, keyOf, sortOf } from "./sort.ts";

/** A page of listings. */
export interface CardPage {
  /** Each listing as JSON, as the database wrote it. */
  readonly items: readonly string[];
  readonly meta: {
    readonly page: number | null;
    readonly next_page: number | null;
    readonly limit: number;
    readonly next_cursor: string | null;
    /** With `count`. */
    readonly total?: number | undefined;
    /** The text that was searched for instead of `q`. */
    readonly corrected?: string | undefined;
  };
}

/** Reads listings by their ids, in the order of the request; unknown ids are left out. */
export async function readOffersByIds(
  database: Queryable,
  { ids = [], fields, count }: OffersQuery,
): Promise<CardPage> {
  const rows = await runStatement<{ item: string }>(database, idsStatement(ids, fields));
  return {
    items: rows.map(({ item }) => item),
    meta: {
      page: 1,
      next_page: null,
      limit: ids.length,
      next_cursor: null,
      total: count ? rows.length : undefined,
    },
  };
}

/** Counts the listings of a selection. */
export async function readTotal(database: Queryable, { conditions }: OffersQuery): Promise<number> {
  const [row] = await runStatement<{ count: number }>(database, totalStatement(conditions));
  return row?.count ?? 0;
}

/**
 * Reads a page, plus one row that shows whether a next page exists; nothing is counted.
 *
 * @param newestId numbered pages leave out listings with greater ids
 */
export async function readOffersPage(
  database: Queryable,
  query: OffersQuery,
  newestId: number,
  statements: StatementCache,
): Promise<CardPage> {
  const reader: ListReader = {
    list: (part) => runStatement(database, listStatement(query, part, statements)),
    countKeyed: async () => {
      const [row] = await runStatement<{ count: number }>(
        database,
        countStatement(query, newestId, statements),
      );
      return row?.count ?? 0;
    },
  };
  const rows =
    query.cursor === null
      ? await rowsByNumber(reader, query, newestId)
      : await rowsAfter(reader, query, query.cursor);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const hasMore = rows.length > query.limit;
  return {
    items: page.map(({ item }) => item),
    meta: {
      page: query.page,
      next_page: hasMore && query.page !== null ? query.page + 1 : null,
      limit: query.limit,
      next_cursor:
        hasMore && last !== undefined
          ? encodeCursor({ sort: query.sort, key: keyOf(query.sort, last.key), id: last.id })
          : null,
    },
  };
}

/** The statements of one list. */
interface ListReader {
  list(part: Parameters<typeof listStatement>[1]): Promise<ListRow[]>;
  countKeyed(): Promise<number>;
}

async function runStatement<Row>(
  database: Queryable,
  { text, values, name, keepsPlan = false }: Statement,
): Promise<Row[]> {
  return (await database.query<Row>(text, values, { name, keepsPlan })).rows;
}

/** A numbered page: rows with a sort value by offset, then those without one. */
async function rowsByNumber(reader: ListReader, query: OffersQuery, newestId: number): Promise<ListRow[]> {
  const wanted = query.limit + 1;
  const offset = ((query.page ?? 1) - 1) * query.limit;
  const keyed = await reader.list({ branch: "keyed", limit: wanted, offset, newestId });
  if (keyed.length === wanted || !sortOf(query.sort).nullable) {
    return keyed;
  }
  const before = keyed.length > 0 || offset === 0 ? offset + keyed.length : await reader.countKeyed();
  const keyless = await reader.list({
    branch: "keyless",
    limit: wanted - keyed.length,
    offset: Math.max(0, offset - before),
    newestId,
  });
  return [...keyed, ...keyless];
}

/** The page after a position. */
async function rowsAfter(
  reader: ListReader,
  query: OffersQuery,
  position: { readonly key: string | null; readonly id: number },
): Promise<ListRow[]> {
  const wanted = query.limit + 1;
  const { nullable } = sortOf(query.sort);
  const isKeyless = nullable && position.key === null;
  const keyed = isKeyless ? [] : await reader.list({ branch: "keyed", limit: wanted, after: position });
  if (keyed.length === wanted || !nullable) {
    return keyed;
  }
  const keyless = await reader.list({
    branch: "keyless",
    limit: wanted - keyed.length,
    after: isKeyless ? position : undefined,
  });
  return [...keyed, ...keyless];
}

/** A stored listing. JSON stays in the pieces that the database wrote: cutting and joining text takes it a quarter of the time. */
export interface StoredOffer {
  /** JSON of the members that precede the listing's own fields; `image_sizes` is to be filled. */
  readonly envelope: string;
  /** JSON of the listing's own fields. */
  readonly document: string;
  readonly pictures: StoredPictures;
  readonly priceHistory: readonly KnownPrice[];
}

/** The price history is made of the rest: planning a statement that makes it would take longer than everything else. */
const OFFERS = `
select p.inner_id as id, row_to_json(x)::text as envelope, p.normalized_data::text as document, p.images as urls, p.price,
       to_json(array(select json_build_array(e.at, e.old_price, e.new_price) from listing_events e
                      where e.inner_id = p.inner_id and e.kind <> 'changed' order by e.id)) as events
  from processed_data p
 cross join lateral (select ${ENVELOPE_COLUMNS.map(({ name, sql }) =>
   name === sql ? name : `${sql} as ${name}`,
 ).join(", ")}) x
 where p.inner_id = any($1::text[])`;

interface OfferRow {
  readonly id: string;
  readonly envelope: string;
  readonly document: string;
  readonly urls: readonly string[] | null;
  readonly price: number | null;
  readonly events: readonly PriceEvent[];
}

function historyOf(envelope: string, price: number | null, events: readonly PriceEvent[]): KnownPrice[] {
  const { first_seen_at, updated_at } = JSON.parse(envelope) as {
    readonly first_seen_at: string | null;
    readonly updated_at: string;
  };
  return priceHistory(events, { price, firstSeenAt: first_seen_at, updatedAt: updated_at });
}

/**
 * Reads listings by their ids, active or not; missing ones are left out.
 *
 * @param hasHistory false leaves the price history empty
 */
export async function readOffers(
  database: Queryable,
  innerIds: readonly string[],
  hasHistory: boolean,
): Promise<ReadonlyMap<string, StoredOffer>> {
  const { rows } = await database.query<OfferRow>(OFFERS, [innerIds], {
    name: "che168_offers",
    keepsPlan: true,
  });
  return new Map(
    rows.map(({ id, envelope, document, urls, price, events }) => {
      const pictures = { innerId: id, urls: urls ?? [] };
      const history = hasHistory ? historyOf(envelope, price, events) : [];
      return [id, { envelope, document, pictures, priceHistory: history }];
    }),
  );
}
