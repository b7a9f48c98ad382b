import { LRUCache } from "lru-cache";
import type { MaybePromise } from "../maybe-promise.ts";
import { createDoorkeeper } from "./seen.ts";

/** Answers by name, at most so many bytes, each computed by one request at a time. */
export interface ByteCache<T extends object> {
  /** What is remembered under `key`, or what `load` gives; a failure is not remembered. */
  get(key: string, load: () => Promise<T>): T | Promise<T>;
  clear(): void;
  /** Bytes in use, as counted by `sizeOf`. */
  readonly bytes: number;
}

/** Emptied when it is loaded, for the reason that the gate tells of its own. */
interface Loading<T> {
  promise: Promise<T> | undefined;
}

/** What an entry costs beside its bytes: key, headers, places in the cache. */
const OVERHEAD = 400;
/** Places for names of answers that were asked for once. */
const NAMES = 16_384;

/**
 * An answer is remembered from the second time on: most are asked for once (a crawler, a search), and would only push out
 * those that are asked for again.
 *
 * @param options.maxBytes 0 remembers nothing
 * @param options.sizeOf bytes of an entry without its key
 * @param options.prepare what is kept of an entry, e.g. with a compressed copy. @default the entry
 */
export function createByteCache<T extends object>(options: {
  maxBytes: number;
  sizeOf: (entry: T) => number;
  prepare?: (entry: T) => MaybePromise<T>;
}): ByteCache<T> {
  const { maxBytes, sizeOf, prepare = (entry) => entry } = options;
  const entries =
    maxBytes > 0
      ? new LRUCache<string, T>({
          maxSize: maxBytes,
          sizeCalculation: (entry, key) => sizeOf(entry) + key.length + OVERHEAD,
        })
      : undefined;
  const loading = new Map<string, Loading<T>>();
  let generation = 0;
  const asked = createDoorkeeper(NAMES);

  const finished = (key: string, one: Loading<T>) => {
    one.promise = undefined;
    if (loading.get(key) === one) {
      loading.delete(key);
    }
  };

  return {
    get: (key, load) => {
      const known = entries?.get(key) ?? loading.get(key)?.promise;
      if (known !== undefined) {
        return known;
      }
      const begun = generation;
      const one: Loading<T> = { promise: undefined };
      const loaded = load()
        .then(async (entry) => {
          if (entries === undefined || begun !== generation || !asked.before(key)) {
            return entry;
          }
          const kept = await prepare(entry);
          if (begun === generation) {
            entries.set(key, kept);
          }
          return kept;
        })
        .finally(() => finished(key, one));
      one.promise = loaded;
      loading.set(key, one);
      return loaded;
    },
    clear: () => {
      generation += 1;
      entries?.clear();
      loading.clear();
      asked.clear();
    },
    get bytes() {
      return entries?.calculatedSize ?? 0;
    },
  };
}
