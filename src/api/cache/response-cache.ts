import { LRUCache } from "lru-cache";
import { createDoorkeeper } from "./seen.ts";

/** Answers by name, at most so many bytes, each computed by one request at a time. */
export interface ByteCache<T extends object> {
  /** What is remembered under `key`, or what `load` gives; a failure is not remembered. */
  get(key: string, load: () => Promise<T>): T | Promise<T>;
  /** Tells that an entry has grown (a compressed copy was added to it). */
  grew(key: string, entry: T): void;
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
 */
export function createByteCache<T extends object>(options: {
  maxBytes: number;
  sizeOf: (entry: T) => number;
}): ByteCache<T> {
  const { maxBytes, sizeOf } = options;
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
      const loaded = load().then(
        (entry) => {
          finished(key, one);
          if (entries !== undefined && begun === generation && asked.before(key)) {
            entries.set(key, entry);
          }
          return entry;
        },
        (error: unknown) => {
          finished(key, one);
          throw error;
        },
      );
      one.promise = loaded;
      loading.set(key, one);
      return loaded;
    },
    grew: (key, entry) => {
      if (entries?.peek(key) === entry) {
        entries.set(key, entry);
      }
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
