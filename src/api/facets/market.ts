import type { Queryable } from "../../database/index.ts";
import { binderOf, conditionsSql } from "../query/conditions-sql.ts";
import type { Condition } from "../query/offers-query.ts";
import { type ColumnStore, NO_INT } from "./column-store.ts";
import { selectRows } from "./select-rows.ts";

/** What a selection costs and how fast it sells. */
export interface Market {
  readonly count: number;
  /** Quartiles in yuan, interpolated between neighbours and rounded; null without prices. */
  readonly price: Readonly<Record<"min" | "p25" | "median" | "p75" | "max", number | null>>;
  readonly days_on_market: { readonly median: number | null };
  /** Listings that appeared, and that ended, in the last seven days. */
  readonly added_7d: number;
  readonly removed_7d: number;
}

const WINDOW_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;

/** The quantile of ascending numbers, as PostgreSQL's `percentile_cont`. */
function quantile(sorted: Int32Array, share: number): number | null {
  if (sorted.length === 0) {
    return null;
  }
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

/** The numbers of some rows, ascending, without missing ones. */
function sortedValues(data: Int32Array, rows: Int32Array): Int32Array {
  const values = new Int32Array(rows.length);
  let count = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const value = data[rows[index] as number] as number;
    if (value !== NO_INT) {
      values[count] = value;
      count += 1;
    }
  }
  return values.subarray(0, count).sort();
}

/** Listings of a selection that ended in the last seven days, and those of them that had appeared in them. */
export interface EndedListings {
  readonly removed: number;
  readonly added: number;
}

/** Counts the ended listings of a selection. @param now milliseconds of the epoch */
export async function readEnded(
  db: Queryable,
  conditions: readonly Condition[],
  now: number,
): Promise<EndedListings> {
  const values: unknown[] = [new Date(now - WINDOW_MS).toISOString()];
  const where = ["active_status = 1 and not is_incomplete", "removed_at >= $1::timestamptz"];
  where.push(...conditionsSql(conditions, binderOf(values)));
  const { rows } = await db.query<EndedListings>(
    `select count(*)::int as removed, (count(*) filter (where first_seen_at >= $1::timestamptz))::int as added
       from processed_data where ${where.join(" and ")}`,
    values,
  );
  return rows[0] ?? { removed: 0, added: 0 };
}

/**
 * The market of a selection. Pure.
 *
 * @param found ids of the rows that the text search of the selection found, ascending
 * @param now milliseconds of the epoch; days are counted in UTC
 */
export function marketOf(
  store: ColumnStore,
  conditions: readonly Condition[],
  found: Int32Array | undefined,
  ended: EndedListings,
  now: number,
): Market {
  const { all } = selectRows(store, conditions, found);
  const prices = sortedValues(store.ranges.price as Int32Array, all);
  const listedOn = sortedValues(store.listedOn, all);
  const listedMedian = quantile(listedOn, 0.5);
  const price = (share: number) => {
    const value = quantile(prices, share);
    return value === null ? null : Math.round(value);
  };
  const since = now - WINDOW_MS;
  const firstSeen = store.times.first_seen_at;
  let added = 0;
  for (let index = 0; index < all.length; index += 1) {
    added += (firstSeen[all[index] as number] as number) >= since ? 1 : 0;
  }
  return {
    count: all.length,
    price: {
      min: price(0),
      p25: price(0.25),
      median: price(0.5),
      p75: price(0.75),
      max: price(1),
    },
    days_on_market: {
      median: listedMedian === null ? null : Math.max(0, Math.round(Math.floor(now / DAY_MS) - listedMedian)),
    },
    added_7d: added + ended.added,
    removed_7d: ended.removed,
  };
}
