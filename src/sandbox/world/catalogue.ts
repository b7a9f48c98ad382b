import { type OfferFilters, passesFilters } from "../http/filters.ts";
import type { Facts, Listings } from "../listings/listings.ts";
import type { RawFields } from "../listings/make-listing.ts";
import { lowerBound } from "./lower-bound.ts";
import { merge, type ReplayedChange } from "./replay.ts";

/**
 * The active listings and their changes. A source makes listings from their numbers, so that only the active numbers,
 * changed fields and listings from outside take memory.
 */
export interface Catalogue {
  /** Number of active listings of the source. */
  readonly size: number;
  /** Records of `/offers`: `count` of them after the first `from`. */
  page(from: number, count: number, filters?: OfferFilters): Buffer[][];
  /** Number of listings in all pages. */
  total(filters?: OfferFilters): number;
  /** The `data` of an active listing. */
  data(innerId: string): Buffer[] | undefined;
  /** The filterable facts of a listing, active or not. */
  facts(innerId: string): Facts | undefined;
  /** The number of the active listing of the source at a position, from 0 to `size` - 1. */
  at(position: number): number;
  has(index: number): boolean;
  /** Returns a function for the listing's present `data`, unaffected by later changes. */
  snapshot(index: number): () => Buffer[];
  /** All active listings in the order of `/offers`; `data` returns their present data, unaffected by later changes. */
  snapshots(): {
    readonly innerId: string;
    readonly data: () => Buffer[];
    /** Names of its fields, without rendering it. */
    readonly names: () => readonly string[];
  }[];
  /** Changed fields of a listing of the source. */
  patchOf(index: number): RawFields | undefined;
  add(index: number): void;
  remove(index: number): void;
  patch(index: number, fields: RawFields): void;
  /** Applies a scripted change. */
  apply(change: ReplayedChange, createdAt: unknown): void;
}

/** First number of listings from outside; a source has fewer listings. Ranks after all others as well. */
const OUTSIDE = 1_500_000_000;
/** Cached results of filters; cleared by every change of the catalogue. */
const KEPT_RESULTS = 32;

interface Outsider {
  readonly innerId: string;
  readonly createdAt: unknown;
  readonly data: RawFields;
}

const text = (value: unknown) => [Buffer.from(JSON.stringify(value))];

/** The filterable facts in data of any shape. */
export function factsOf(data: RawFields): Facts {
  const word = (key: string) => String(data[key] ?? "");
  const label = (key: string) => ({ zh: word(key), ru: word(key), en: word(key) });
  return {
    mark: word("mark"),
    model: word("model"),
    year: Number(data.year),
    price: Number(data.price),
    kmAge: Number(data.km_age),
    color: label("color"),
    body: label("body_type"),
    engine: label("engine_type"),
    gearbox: label("transmission_type"),
    drive: label("drive_type"),
  };
}

/** @param count initially active listings of the source: the numbers 0 to count - 1 */
export function createCatalogue(source: Listings, count: number): Catalogue {
  /** Active listings by number; those from outside come last. */
  const active = Array.from({ length: count }, (_, index) => index);
  /** The same by rank, in the order of `/offers`; built on first access. */
  let ranked: number[] | undefined;
  const patches = new Map<number, RawFields>();
  const outsiders = new Map<number, Outsider>();
  const outsideNumbers = new Map<string, number>();
  const results = new Map<string, number[]>();

  const isRanked = source.rank !== undefined;

  function rankOf(index: number): number {
    const outsider = outsiders.get(index);
    const rank = outsider === undefined ? source.rank?.(index) : Number(outsider.innerId);
    return rank === undefined || Number.isNaN(rank) ? OUTSIDE : rank;
  }

  function byRank(): number[] {
    if (!isRanked) {
      return active;
    }
    if (ranked === undefined) {
      const ranks = new Map(active.map((index) => [index, rankOf(index)]));
      ranked = [...active].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || a - b);
    }
    return ranked;
  }

  /** Position of a listing in `ranked`, or its insertion point. */
  function rankedPlace(list: readonly number[], index: number): number {
    const rank = rankOf(index);
    return lowerBound(0, list.length, (at) => {
      const other = list[at] as number;
      const otherRank = rankOf(other);
      return otherRank < rank || (otherRank === rank && other < index);
    });
  }

  /** Position of a number in `active`, or its insertion point. */
  const place = (index: number) => lowerBound(0, active.length, (at) => (active[at] as number) < index);

  const numberOf = (innerId: string) => outsideNumbers.get(innerId) ?? source.indexOf(innerId);
  const has = (index: number) => active[place(index)] === index;

  function add(index: number): void {
    const position = place(index);
    if (active[position] !== index) {
      active.splice(position, 0, index);
      ranked?.splice(rankedPlace(ranked, index), 0, index);
    }
    results.clear();
  }

  function remove(index: number): void {
    const position = place(index);
    if (active[position] === index) {
      active.splice(position, 1);
      ranked?.splice(rankedPlace(ranked, index), 1);
    }
    results.clear();
  }

  function patch(index: number, fields: RawFields): void {
    const outsider = outsiders.get(index);
    if (outsider) {
      outsiders.set(index, { ...outsider, data: merge(outsider.data, fields) });
    } else {
      patches.set(index, merge(patches.get(index) ?? {}, fields));
    }
    results.clear();
  }

  function put(outsider: Outsider): void {
    const known = numberOf(outsider.innerId);
    const index = known ?? OUTSIDE + outsideNumbers.size;
    if (known === undefined) {
      outsideNumbers.set(outsider.innerId, index);
    }
    outsiders.set(index, outsider);
    patches.delete(index);
    add(index);
  }

  function record(index: number): Buffer[] {
    const outsider = outsiders.get(index);
    if (!outsider) {
      return source.record(index, patches.get(index));
    }
    const { innerId, createdAt, data } = outsider;
    return text({ id: index, inner_id: innerId, change_type: "added", created_at: createdAt, data });
  }

  function snapshot(index: number): () => Buffer[] {
    const outsider = outsiders.get(index);
    const fields = patches.get(index);
    return outsider ? () => text(outsider.data) : () => source.data(index, fields);
  }

  function names(index: number): () => readonly string[] {
    const outsider = outsiders.get(index);
    const fields = patches.get(index);
    return () => (outsider ? Object.keys(outsider.data) : source.names(index, fields));
  }

  function facts(index: number): Facts | undefined {
    const outsider = outsiders.get(index);
    return outsider ? factsOf(outsider.data) : source.facts(index, patches.get(index));
  }

  function found(filters: OfferFilters): number[] {
    const key = JSON.stringify([...filters.texts, filters.ranges]);
    const known = results.get(key);
    if (known) {
      return known;
    }
    const list = byRank().filter((index) => {
      const own = facts(index);
      return own !== undefined && passesFilters(filters, own);
    });
    if (results.size >= KEPT_RESULTS) {
      results.clear();
    }
    results.set(key, list);
    return list;
  }

  return {
    get size() {
      return place(OUTSIDE);
    },
    total: (filters) => (filters ? found(filters) : active).length,
    page: (from, length, filters) =>
      (filters ? found(filters) : byRank()).slice(from, from + length).map(record),
    data(innerId) {
      const index = numberOf(innerId);
      if (index === undefined || !has(index)) {
        return undefined;
      }
      return snapshot(index)();
    },
    facts(innerId) {
      const index = numberOf(innerId);
      return index === undefined ? undefined : facts(index);
    },
    at(position) {
      const index = active[position];
      if (index === undefined) {
        throw new RangeError(`The catalogue has no place ${position}`);
      }
      return index;
    },
    has,
    snapshot,
    snapshots: () =>
      byRank().map((index) => ({
        innerId: outsiders.get(index)?.innerId ?? source.innerId(index),
        data: snapshot(index),
        names: names(index),
      })),
    patchOf: (index) => patches.get(index),
    add,
    remove,
    patch,
    apply({ innerId, kind, fields }, createdAt) {
      const index = numberOf(innerId);
      if (kind === "added" || (kind === "changed" && index === undefined)) {
        put({ innerId, createdAt, data: fields });
      } else if (index !== undefined && kind === "removed") {
        remove(index);
      } else if (index !== undefined) {
        patch(index, fields);
      }
    },
  };
}
