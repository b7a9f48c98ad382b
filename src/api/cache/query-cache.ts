import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { parseQueryString, type QueryString } from "../http/query-string.ts";
import type { OffersQuery } from "../query/offers-query.ts";
import { createDoorkeeper } from "./response-cache.ts";

/** A query string and its derived forms, each computed once, on first use. */
export interface CachedQuery {
  readonly query: QueryString;
  /**
   * The checked query of `GET /offers`.
   *
   * @throws Problem 400
   */
  offers(): OffersQuery;
  /** The form for the access log. */
  logged(): string;
}

/** Parses a query string; cached, because sites repeat the same ones. */
export type QueryCache = (text: string) => CachedQuery;

const MAX_QUERIES = 1_000;
/** Slots for query strings that were seen once. */
const SLOTS = 4_096;

/**
 * @param derive.offers checks the parameters of `GET /offers`
 * @param derive.logged formats a query string for the log
 */
export function createQueryCache(derive: {
  readonly offers: (query: QueryString) => OffersQuery;
  readonly logged: (query: QueryString) => string;
}): QueryCache {
  const known = new LRUCache<string, CachedQuery>({ max: MAX_QUERIES });
  const doorkeeper = createDoorkeeper(SLOTS);
  const parse = (text: string): CachedQuery => {
    const query = parseQueryString(text);
    let offers: OffersQuery | undefined;
    let logged: string | undefined;
    return {
      query,
      offers: () => {
        if (offers === undefined || Date.now() >= offers.validUntil) {
          offers = derive.offers(query);
        }
        return offers;
      },
      logged: () => {
        logged ??= derive.logged(query);
        return logged;
      },
    };
  };
  const empty = parse("");
  return (text) => {
    if (text === "" || text === "?") {
      return empty;
    }
    let cached = known.get(text);
    if (cached === undefined) {
      cached = parse(text);
      if (doorkeeper.seenBefore(text)) {
        known.set(text, cached);
      }
    }
    return cached;
  };
}

/** A statement's text, and its name once it is frequent enough to be prepared. */
export interface CachedStatement {
  readonly text: string;
  readonly name?: string | undefined;
}

/** Statement texts by their shape. */
export interface StatementCache {
  /** @param build makes the text; called when the shape is not cached */
  get(shape: string, build: () => string): CachedStatement;
}

/** Bounded, because a connection keeps its prepared statements until it closes. */
const MAX_PREPARED = 64;
const MAX_STATEMENTS = 500;
const PREPARED_AFTER = 3;

/** Prepares frequent statements: each connection then parses them once. */
export function createStatementCache(): StatementCache {
  const prepared = new Map<string, CachedStatement>();
  const counted = new LRUCache<string, { readonly text: string; uses: number }>({ max: MAX_STATEMENTS });
  return {
    get: (shape, build) => {
      const named = prepared.get(shape);
      if (named !== undefined) {
        return named;
      }
      let entry = counted.get(shape);
      if (entry === undefined) {
        entry = { text: build(), uses: 0 };
        counted.set(shape, entry);
      }
      entry.uses += 1;
      if (entry.uses < PREPARED_AFTER || prepared.size >= MAX_PREPARED) {
        return { text: entry.text };
      }
      // Named by a hash of its text: several handlers may share the connections of one database.
      const name = `che168_${hash("sha256", entry.text, "base64url").slice(0, 22)}`;
      const statement = { text: entry.text, name };
      prepared.set(shape, statement);
      counted.delete(shape);
      return statement;
    },
  };
}
