import { addDays } from "../../util/days.ts";
import { createListings, filtersOf } from "../listings/listings.ts";
import type { AppendedChange } from "../types.ts";
import { type Catalogue, createCatalogue } from "./catalogue.ts";
import { createFeed, type Feed } from "./change-feed.ts";
import { type ChangedFields, createChanges, growth } from "./changes.ts";
import type { Days } from "./feed-days.ts";
import { fractionOf, hash } from "./random.ts";
import { applyChange, type Copy, readChange } from "./replay.ts";

/** The data of the endpoints: catalogue and feed. */
export interface World {
  readonly catalogue: Catalogue;
  readonly feed: Feed;
  /** Response of `/filters`. */
  filters(): unknown;
  /** The `data` for `/offer`; undefined without one. */
  offer(innerId: string): Buffer[] | undefined;
  append(changes: readonly AppendedChange[]): void;
  /** Generates `count` more changes at a time in milliseconds. */
  advance(count: number, at: number): void;
  current(): Map<string, Copy>;
}

const DAY = 86_400_000;

/** Appends scripted changes to a feed and applies them to its catalogue. */
export function appendTo(feed: Feed, catalogue: Catalogue, days: Days, now: () => number) {
  return (changes: readonly AppendedChange[]): void => {
    for (const change of changes) {
      const id = change.id ?? feed.lastId + 1;
      const { record } = change;
      const plain = typeof record === "object" && record !== null && !Array.isArray(record);
      const shown = plain && !Object.hasOwn(record, "id") ? { id, ...record } : record;
      const text = Buffer.from(JSON.stringify(shown) ?? "null");
      feed.append({ id, day: change.date ?? days.of(now()), at: now(), text: () => [text] });
      const parsed: unknown = JSON.parse(text.toString());
      const applied = readChange(parsed);
      if (applied) {
        catalogue.apply(applied, (parsed as { created_at?: unknown }).created_at);
      }
    }
  };
}

const parse = (pieces: readonly Buffer[]) => JSON.parse(Buffer.concat(pieces).toString());

/** Replays the complete feed over a copy. */
export function replay(
  copy: Map<string, Copy>,
  feed: Feed,
  full?: (innerId: string) => unknown,
): Map<string, Copy> {
  for (const entry of feed.entries) {
    const change = readChange(parse(entry.text()));
    if (change) {
      applyChange(copy, change, full);
    }
  }
  return copy;
}

/**
 * Creates the generated world. `/offers` has the current state: `offers` listings after all changes of the past days and
 * of today.
 */
export function createGeneratedWorld(options: {
  offers: number;
  changesPerDay: number;
  seed: number;
  daysBehind: number;
  days: Days;
  retentionMs: number | undefined;
  bursts: Readonly<Record<string, number>>;
  defects: boolean;
  changedFields: ChangedFields;
  now: () => number;
}): World {
  const { offers, seed, daysBehind, days, now, bursts } = options;
  const changesOn = (day: string) => (offers > 0 ? (bursts[day] ?? options.changesPerDay) : 0);
  const started = now();
  const today = days.of(started);
  const first = addDays(today, -daysBehind);
  let changes = 0;
  for (let day = first; day <= today; day = addDays(day, 1)) {
    changes += changesOn(day);
  }
  const count = Math.max(0, offers - growth(seed, changes));
  const listings = createListings({ seed, count, since: days.start(first), defects: options.defects });
  const catalogue = createCatalogue(listings, count);
  const feed = createFeed(options);
  const { changedFields } = options;
  const make = createChanges({ seed, listings, catalogue, feed, days, nextListing: count, changedFields });

  let ordinal = 0;
  for (let day = first; day <= today; day = addDays(day, 1)) {
    const begin = days.start(day);
    const end = day === today ? started : days.start(addDays(day, 1));
    const changesPerDay = changesOn(day);
    for (let index = 0; index < changesPerDay; index += 1) {
      const part = (index + fractionOf(hash(seed + ordinal, 11))) / changesPerDay;
      make(Math.floor(begin + part * (end - begin)));
      ordinal += 1;
    }
  }

  return {
    catalogue,
    feed,
    filters: () => filtersOf(listings.cars),
    offer: (innerId) => catalogue.data(innerId),
    append: appendTo(feed, catalogue, days, now),
    advance(more, at) {
      for (let index = 0; index < more; index += 1) {
        make(at);
      }
    },
    current() {
      const copy = new Map<string, Copy>();
      for (let index = 0; index < count; index += 1) {
        copy.set(listings.innerId(index), { data: parse(listings.data(index)), active: true });
      }
      return replay(copy, feed);
    },
  };
}

/** Returns the number of changes due since the last call. */
export function createClockwork(changesPerDay: number, started: number): (now: number) => number {
  let made = 0;
  return (now) => {
    const due = Math.floor(((now - started) / DAY) * changesPerDay);
    const more = Math.max(0, due - made);
    made += more;
    return more;
  };
}
