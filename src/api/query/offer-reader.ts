import DataLoader from "dataloader";
import type { Queryable } from "../../database/index.ts";
import { readOffers } from "./read-offers.ts";

/** Reads a listing by its id, active or not, as JSON; undefined when there is none. */
export type OfferReader = (db: Queryable, innerId: string) => Promise<string | undefined>;

/** Statements that are under way at once, so that one which is slow does not hold up everyone. */
const MAX_STATEMENTS = 4;
/** Listings of one statement: some 4 kB each. */
const MAX_LISTINGS = 100;

/**
 * Whoever comes while enough statements are under way shares the next one: under load most of what a listing costs is
 * planning, and two processes waking each other. Who comes alone does not wait.
 */
export function createOfferReader(): OfferReader {
  const loaders = new WeakMap<Queryable, DataLoader<string, string | undefined>>();
  return (db, innerId) => {
    let loader = loaders.get(db);
    if (loader === undefined) {
      loader = loaderOver(db);
      loaders.set(db, loader);
    }
    return loader.load(innerId);
  };
}

function loaderOver(db: Queryable): DataLoader<string, string | undefined> {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return new DataLoader<string, string | undefined>(
    async (ids) => {
      try {
        const offers = await readOffers(db, ids);
        return ids.map((id) => offers.get(id));
      } finally {
        const next = waiting.shift();
        if (next === undefined) {
          underWay -= 1;
        } else {
          next();
        }
      }
    },
    {
      // Answers are remembered elsewhere, by the version of the data.
      cache: false,
      maxBatchSize: MAX_LISTINGS,
      batchScheduleFn: (dispatch) => {
        if (underWay < MAX_STATEMENTS) {
          underWay += 1;
          queueMicrotask(dispatch);
        } else {
          waiting.push(dispatch);
        }
      },
    },
  );
}
