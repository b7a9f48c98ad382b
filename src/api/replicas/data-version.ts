import type { Queryable } from "../../database/index.ts";
import { NEWEST_EVENT_SQL } from "../../events/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** State of the data. Read before the data that is labelled with it, so data is never older than its label. */
export interface DataState {
  /** Incremented by every transaction that changes listings. */
  readonly version: string;
  /** Greatest id of a listing; later listings have greater ones. 0 without listings. */
  readonly newestId: number;
  /** Id of the newest event that the data includes; later data only includes more. */
  readonly newestEvent: number;
}

const VERSION = `
  select version::text as version, coalesce((select max(id) from processed_data), 0)::int as "newestId",
         ${NEWEST_EVENT_SQL}::float8 as "newestEvent"
    from data_version where id = 1`;

export async function readDataVersion(db: Queryable): Promise<DataState> {
  const { rows } = await db.query<DataState>(VERSION, [], { name: "che168_version" });
  return rows[0] ?? { version: "0", newestId: 0, newestEvent: 0 };
}

export const isSameVersion = (one: DataState, other: DataState | undefined): boolean =>
  one.version === other?.version && one.newestId === other.newestId && one.newestEvent === other.newestEvent;

/** Versions never decrease. */
export const isOlder = (one: string, other: string): boolean => one !== other && BigInt(one) < BigInt(other);

/**
 * A value that is read at most once per `maxAgeMs`, by one request at a time.
 *
 * @typeParam A arguments of the read, as the request that causes it passes them
 */
export interface Refreshed<T, A extends readonly unknown[] = []> {
  current(...from: A): MaybePromise<T>;
  /** Reads again regardless of age; joins a read in progress. */
  refresh(...from: A): Promise<T>;
  /** Replaces the value with one that was read elsewhere. */
  set(value: T): void;
  /** Makes the next `current` read again. */
  expire(): void;
}

/** Ages count from the start of the read. */
export function createRefreshed<T, A extends readonly unknown[] = []>(
  read: (...from: A) => Promise<T>,
  maxAgeMs: number,
): Refreshed<T, A> {
  let value: { readonly of: T } | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<T> | undefined;

  const set = (next: T, at: number): T => {
    value = { of: next };
    readAt = at;
    return next;
  };
  const refresh = (...from: A): Promise<T> => {
    const startedAt = performance.now();
    reading ??= read(...from)
      .then((next) => set(next, startedAt))
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  return {
    current: (...from) =>
      value !== undefined && performance.now() - readAt < maxAgeMs ? value.of : refresh(...from),
    refresh,
    set: (next) => void set(next, performance.now()),
    expire: () => {
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}
