import { isWanted, type Wanted } from "../http/filters.ts";
import type { Facts, Listings } from "../listings/listings.ts";
import type { Fields } from "../listings/make-listing.ts";
import { type Change, merge } from "./replay.ts";

/**
 * Which listings are on offer, and what has changed of them. Listings themselves are not kept: a source gives them by
 * number; kept are the numbers on offer, fields that changed, and listings that came from outside.
 */
export interface Catalogue {
  /** How many listings of the source are on offer; they stand before those from outside. */
  readonly size: number;
  /** Records of `/offers`, oldest listing first: `count` of them after the first `from`. */
  page(from: number, count: number, wanted?: Wanted): Buffer[][];
  /** How many listings there are to page through. */
  total(wanted?: Wanted): number;
  /** The `data` of a listing on offer. */
  data(innerId: string): Buffer[] | undefined;
  /** The number of the listing at a place of the list; at most `size` - 1. */
  at(position: number): number;
  has(index: number): boolean;
  /** A function that gives the listing's `data` as it is now, whatever changes later. */
  snapshot(index: number): () => Buffer[];
  /** Fields of a listing of the source that differ from what the source says. */
  patchOf(index: number): Fields | undefined;
  add(index: number): void;
  remove(index: number): void;
  patch(index: number, fields: Fields): void;
  /** Applies a change that somebody scripted. */
  apply(change: Change, createdAt: unknown): void;
}

/** Numbers of listings that came from outside begin here, behind those of any source. */
const OUTSIDE = 1_500_000_000;
/** Results of filters that are kept until the catalogue changes. */
const KEPT_RESULTS = 32;

interface Outsider {
  readonly innerId: string;
  readonly createdAt: unknown;
  readonly data: Fields;
}

const text = (value: unknown) => [Buffer.from(JSON.stringify(value))];

/** What filters can ask of data of any shape. */
export function factsOf(data: Fields): Facts {
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
  };
}

/** @param count how many listings of the source are on offer at first: the numbers 0 to count - 1 */
export function createCatalogue(source: Listings, count: number): Catalogue {
  const active = Array.from({ length: count }, (_, index) => index);
  const patches = new Map<number, Fields>();
  const outsiders = new Map<number, Outsider>();
  const outsideNumbers = new Map<string, number>();
  const results = new Map<string, number[]>();

  /** Where the number stands or would stand in the list. */
  function place(index: number): number {
    let low = 0;
    let high = active.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((active[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const numberOf = (innerId: string) => outsideNumbers.get(innerId) ?? source.indexOf(innerId);
  const has = (index: number) => active[place(index)] === index;

  function add(index: number): void {
    const position = place(index);
    if (active[position] !== index) active.splice(position, 0, index);
    results.clear();
  }

  function remove(index: number): void {
    const position = place(index);
    if (active[position] === index) active.splice(position, 1);
    results.clear();
  }

  function patch(index: number, fields: Fields): void {
    const outsider = outsiders.get(index);
    if (outsider) outsiders.set(index, { ...outsider, data: merge(outsider.data, fields) });
    else patches.set(index, merge(patches.get(index) ?? {}, fields));
    results.clear();
  }

  function put(outsider: Outsider): void {
    const known = numberOf(outsider.innerId);
    const index = known ?? OUTSIDE + outsideNumbers.size;
    if (known === undefined) outsideNumbers.set(outsider.innerId, index);
    outsiders.set(index, outsider);
    patches.delete(index);
    add(index);
  }

  function record(index: number): Buffer[] {
    const outsider = outsiders.get(index);
    if (!outsider) return source.record(index, patches.get(index));
    const { innerId, createdAt, data } = outsider;
    return text({ id: index, inner_id: innerId, change_type: "added", created_at: createdAt, data });
  }

  function snapshot(index: number): () => Buffer[] {
    const outsider = outsiders.get(index);
    const fields = patches.get(index);
    return outsider ? () => text(outsider.data) : () => source.data(index, fields);
  }

  function found(wanted: Wanted): number[] {
    const key = JSON.stringify([...wanted.texts, wanted.ranges]);
    const known = results.get(key);
    if (known) return known;
    const list = active.filter((index) => {
      const outsider = outsiders.get(index);
      const facts = outsider ? factsOf(outsider.data) : source.facts(index, patches.get(index));
      return facts !== undefined && isWanted(wanted, facts);
    });
    if (results.size >= KEPT_RESULTS) results.clear();
    results.set(key, list);
    return list;
  }

  return {
    get size() {
      return place(OUTSIDE);
    },
    total: (wanted) => (wanted ? found(wanted) : active).length,
    page: (from, length, wanted) => (wanted ? found(wanted) : active).slice(from, from + length).map(record),
    data(innerId) {
      const index = numberOf(innerId);
      if (index === undefined || !has(index)) return undefined;
      return snapshot(index)();
    },
    at(position) {
      const index = active[position];
      if (index === undefined) throw new RangeError(`The catalogue has no place ${position}`);
      return index;
    },
    has,
    snapshot,
    patchOf: (index) => patches.get(index),
    add,
    remove,
    patch,
    apply({ innerId, kind, fields }, createdAt) {
      const index = numberOf(innerId);
      if (kind === "added" || (kind === "changed" && index === undefined)) {
        put({ innerId, createdAt, data: fields });
      } else if (index !== undefined && kind === "removed") remove(index);
      else if (index !== undefined) patch(index, fields);
    },
  };
}
