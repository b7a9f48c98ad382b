import { LRUCache } from "lru-cache";

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

/**
 * @param options.maxBytes 0 remembers nothing
 * @param options.sizeOf bytes of an entry without its key
 */
export function createByteCache<T extends object>(options: {
  maxBytes: number;
  sizeOf: (entry: T) => number;
}): ByteCache<T> {
  const { maxBytes, sizeOf } = options;
  /** What an entry costs beside its text: key, headers, places in the cache. */
  const OVERHEAD = 400;
  const entries =
    maxBytes > 0
      ? new LRUCache<string, T>({
          maxSize: maxBytes,
          sizeCalculation: (entry, key) => sizeOf(entry) + key.length + OVERHEAD,
        })
      : undefined;
  const loading = new Map<string, Promise<T>>();
  let generation = 0;

  return {
    get: (key, load) => {
      const known = entries?.get(key) ?? loading.get(key);
      if (known !== undefined) {
        return known;
      }
      const begun = generation;
      const loaded = load().then(
        (entry) => {
          if (loading.get(key) === loaded) {
            loading.delete(key);
          }
          if (begun === generation) {
            entries?.set(key, entry);
          }
          return entry;
        },
        (error: unknown) => {
          if (loading.get(key) === loaded) {
            loading.delete(key);
          }
          throw error;
        },
      );
      loading.set(key, loaded);
      return loaded;
    },
    grew: (key, entry) => {
      if (entries?.peek(key) === entry) {
        entries.set(key, entry, { noUpdateTTL: true });
      }
    },
    clear: () => {
      generation += 1;
      entries?.clear();
      loading.clear();
    },
    get bytes() {
      return entries?.calculatedSize ?? 0;
    },
  };
}
