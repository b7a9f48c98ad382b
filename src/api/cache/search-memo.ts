import { parseQueryString, type QueryString } from "../http/query-string.ts";
import type { OffersQuery } from "../query/offers-query.ts";
import { createRecent } from "./recent.ts";
import { createDoorkeeper } from "./seen.ts";

/** A query string, taken apart once, with what routes made of it. */
export interface Search {
  readonly query: QueryString;
  /** What `GET /offers` made of it. */
  offers?: OffersQuery;
  /** How the access log shows it. */
  logged?: string;
}

/** Remembers query strings from the second time on: sites ask the same ones again and again. */
export type SearchMemo = (text: string) => Search;

const REMEMBERED = 1_000;
/** Places for those that were asked once. */
const ONCE = 4_096;

export function createSearchMemo(): SearchMemo {
  const known = createRecent<Search>(REMEMBERED);
  const asked = createDoorkeeper(ONCE);
  const none: Search = { query: parseQueryString("") };
  return (text) => {
    if (text === "" || text === "?") {
      return none;
    }
    let search = known.get(text);
    if (search === undefined) {
      search = { query: parseQueryString(text) };
      if (asked.before(text)) {
        known.set(text, search);
      }
    }
    return search;
  };
}
