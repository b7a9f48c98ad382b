/** One change of the feed. Its text is made when it is read. */
export interface FeedEntry {
  readonly id: number;
  /** The day (`YYYY-MM-DD`) that the change belongs to. */
  readonly day: string;
  text(): Buffer[];
}

/** The change feed: ids only grow, small gaps are normal. */
export interface Feed {
  readonly entries: readonly FeedEntry[];
  /** The last change's id; one below the first possible id while there is none. */
  readonly lastId: number;
  /** @throws RangeError when the id does not lie behind the last one */
  append(entry: FeedEntry): void;
  /** At most `count` changes with ids from `id` on, and the id of the change behind them (null at the end). */
  page(id: number, count: number): { entries: readonly FeedEntry[]; next: number | null };
  /** The id of the first change of a day or, when it has none, of the next day that has; else last id + 1. */
  firstOf(day: string): number;
}

/** The id of the feed's first change. */
export const FIRST_CHANGE = 892_145;

export function createFeed(): Feed {
  const entries: FeedEntry[] = [];
  const lastId = () => entries.at(-1)?.id ?? FIRST_CHANGE - 1;

  return {
    entries,
    get lastId() {
      return lastId();
    },
    append(entry) {
      if (entries.length > 0 && entry.id <= lastId()) {
        throw new RangeError(`Change ${entry.id} must come behind the feed's last one, ${lastId()}`);
      }
      entries.push(entry);
    },
    page(id, count) {
      let low = 0;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((entries[middle]?.id ?? 0) < id) low = middle + 1;
        else high = middle;
      }
      return { entries: entries.slice(low, low + count), next: entries[low + count]?.id ?? null };
    },
    firstOf: (day) => entries.find((entry) => entry.day >= day)?.id ?? lastId() + 1,
  };
}
