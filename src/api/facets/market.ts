import type { Condition } from "../query/offers-query.ts";
import { type ColumnStore, NO_INT } from "./column-store.ts";
import { selectRows } from "./select-rows.ts";

/** Prices of a selection, and how fast it sells. */
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

/** Above this number of values, quantiles are taken from a histogram: sorting would take longer than all facets. */
const MAX_SORTED = 1_000;
const BUCKETS = 4_096;

/** The numbers of some rows, without missing ones. */
function valuesOf(data: Int32Array, rows: Int32Array): Int32Array {
  const values = new Int32Array(rows.length);
  let count = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const value = data[rows[index] as number] as number;
    if (value !== NO_INT) {
      values[count] = value;
      count += 1;
    }
  }
  return values.subarray(0, count);
}

/** The values at places of the ascending order. Pure. */
function valuesAt(values: Int32Array, places: readonly number[]): number[] {
  if (values.length <= MAX_SORTED) {
    const sorted = values.slice().sort();
    return places.map((place) => sorted[place] as number);
  }
  let min = values[0] as number;
  let max = min;
  for (let index = 1; index < values.length; index += 1) {
    const value = values[index] as number;
    min = value < min ? value : min;
    max = value > max ? value : max;
  }
  const width = Math.floor((max - min) / BUCKETS) + 1;
  const counts = new Int32Array(BUCKETS);
  for (let index = 0; index < values.length; index += 1) {
    const bucket = Math.floor(((values[index] as number) - min) / width);
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  const sorted = new Map<number, Int32Array>();
  return places.map((place) => {
    let bucket = 0;
    let before = 0;
    while (before + (counts[bucket] as number) <= place) {
      before += counts[bucket] as number;
      bucket += 1;
    }
    const low = min + bucket * width;
    if (width === 1) {
      return low;
    }
    const members =
      sorted.get(bucket) ?? values.filter((value) => value >= low && value < low + width).sort();
    sorted.set(bucket, members);
    return members[place - before] as number;
  });
}

/** Quantiles as PostgreSQL's `percentile_cont`; null without values. Pure. */
export function quantiles(values: Int32Array, shares: readonly number[]): (number | null)[] {
  if (values.length === 0) {
    return shares.map(() => null);
  }
  const places = shares.map((share) => (values.length - 1) * share);
  const found = valuesAt(
    values,
    places.flatMap((place) => [Math.floor(place), Math.ceil(place)]),
  );
  return places.map((place, index) => {
    const [below = 0, above = 0] = found.slice(index * 2, index * 2 + 2);
    return below + (above - below) * (place - Math.floor(place));
  });
}

const countSince = (times: Float64Array, rows: Int32Array, since: number): number => {
  let count = 0;
  for (let index = 0; index < rows.length; index += 1) {
    count += (times[rows[index] as number] as number) >= since ? 1 : 0;
  }
  return count;
};

/** Listings of a selection that ended in the last seven days, and those of them that had appeared in them. */
export interface EndedListings {
  readonly removed: number;
  readonly added: number;
}

/**
 * Counts the ended listings of a selection. Pure.
 *
 * @param store the ended rows
 * @param now milliseconds of the epoch
 */
export function endedOf(
  store: ColumnStore,
  conditions: readonly Condition[],
  found: Int32Array | undefined,
  now: number,
): EndedListings {
  const since = now - WINDOW_MS;
  const { all } = selectRows(store, conditions, found);
  // The store may be older than the window.
  const removed = all.filter((row) => (store.times.removed_at[row] as number) >= since);
  return { removed: removed.length, added: countSince(store.times.first_seen_at, removed, since) };
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
  const [min, p25, median, p75, max] = quantiles(
    valuesOf(store.ranges.price as Int32Array, all),
    [0, 0.25, 0.5, 0.75, 1],
  ).map((value) => (value === null ? null : Math.round(value)));
  const [listedMedian = null] = quantiles(valuesOf(store.listedOn, all), [0.5]);
  return {
    count: all.length,
    price: {
      min: min ?? null,
      p25: p25 ?? null,
      median: median ?? null,
      p75: p75 ?? null,
      max: max ?? null,
    },
    days_on_market: {
      median: listedMedian === null ? null : Math.max(0, Math.round(Math.floor(now / DAY_MS) - listedMedian)),
    },
    added_7d: countSince(store.times.first_seen_at, all, now - WINDOW_MS) + ended.added,
    removed_7d: ended.removed,
  };
}
