import { lowerBound } from "./lower-bound.ts";

/** One change of the feed. Its text is made when it is read. */
export interface FeedEntry {
  readonly id: number;
  /** The day (`YYYY-MM-DD`) of the change. */
  readonly day: string;
  /** When it happened, in milliseconds. */
  readonly at: number;
  text(): Buffer[];
}

/** The change feed: ids ascend, old changes expire while it runs; faults of the service in both can be simulated. */
export interface Feed {
  /** Every change since the sandbox started, dropped and hidden ones included. */
  readonly entries: readonly FeedEntry[];
  /** Id of the last change; one less than the first possible id while the feed is empty. */
  readonly lastId: number;
  /** The id after the last change that `/changes` returns. */
  readonly endId: number;
  /** @throws RangeError unless the id is greater than the last one */
  append(entry: FeedEntry): void;
  /** At most `count` available changes with ids from `id` on, and the id of the next one (null at the end). */
  page(id: number, count: number): { readonly entries: readonly FeedEntry[]; readonly next: number | null };
  /** Id of the first available change of a day or, without one, of the next day that has one; else `endId`. */
  firstOf(day: string): number;
  /** Hides later changes until `resume`. */
  stop(): void;
  resume(): void;
  /** Drops all changes; the next one gets `firstId`. */
  restart(firstId: number): void;
}

/** Id of the first change. */
export const FIRST_CHANGE = 892_145;

/**
 * @param options.retentionMs how long a change is available; undefined: no limit
 * @param options.now the clock, in milliseconds
 */
export function createFeed(options: { retentionMs: number | undefined; now: () => number }): Feed {
  const { retentionMs = Number.POSITIVE_INFINITY, now } = options;
  const entries: FeedEntry[] = [];
  /** Index of the first available change. */
  let oldest = 0;
  /** Index after the last visible change, while the feed is stopped. */
  let stopped: number | undefined;
  let firstId = FIRST_CHANGE;
  /** Index of the first change of the current numbering. */
  let numberedFrom = 0;

  const lastId = () => (entries.length > numberedFrom ? (entries.at(-1)?.id ?? firstId) : firstId - 1);
  const end = () => stopped ?? entries.length;
  const endId = () => (end() > numberedFrom ? (entries[end() - 1]?.id ?? 0) + 1 : firstId);

  function dropOld(): void {
    while (oldest < end() && (entries[oldest]?.at ?? 0) < now() - retentionMs) {
      oldest += 1;
    }
  }

  return {
    entries,
    get lastId() {
      return lastId();
    },
    get endId() {
      return endId();
    },
    append(entry) {
      if (entries.length > numberedFrom && entry.id <= lastId()) {
        throw new RangeError(`Change ${entry.id} must come after the last change of the feed, ${lastId()}`);
      }
      entries.push(entry);
    },
    page(id, count) {
      dropOld();
      const first = lowerBound(oldest, end(), (at) => (entries[at]?.id ?? 0) < id);
      const last = Math.min(first + count, end());
      return { entries: entries.slice(first, last), next: last < end() ? (entries[last]?.id ?? null) : null };
    },
    firstOf(day) {
      dropOld();
      for (let index = oldest; index < end(); index += 1) {
        const entry = entries[index];
        if (entry !== undefined && entry.day >= day) {
          return entry.id;
        }
      }
      return endId();
    },
    stop() {
      stopped ??= entries.length;
    },
    resume() {
      stopped = undefined;
    },
    restart(id) {
      oldest = entries.length;
      numberedFrom = entries.length;
      stopped = undefined;
      firstId = id;
    },
  };
}
