import { LRUCache } from "lru-cache";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Claim } from "../replicas/claim.ts";
import { hash32, ONE, OTHER } from "./hash.ts";

/** Responses by key, limited in bytes; concurrent requests for one key share one load. */
export interface ResponseCache<T extends object> {
  /**
   * The entry of `key`, or the result of `load`. Failures are not cached.
   *
   * @param claim waits with the claim of a load in progress
   */
  get(key: string, claim: Claim, load: () => Promise<T>): MaybePromise<T>;
  clear(): void;
  /** Memory in use, in bytes. */
  readonly bytes: number;
}

/** A load in progress. Cleared when it is done: see `limiter.ts` for why. */
interface Loading<T> {
  claim: Claim | undefined;
  promise: Promise<T> | undefined;
}

/** Memory of an entry besides its bytes and key: Buffers, their ArrayBuffers, slots of the cache. */
const OVERHEAD_BYTES = 1_000;
/** Doorkeeper slots for keys that were requested once. */
const SLOTS = 16_384;

/**
 * A response is cached from its second request on: most are requested once (crawlers, searches) and would only evict those
 * that are requested again.
 *
 * @param options.maxBytes 0 caches nothing
 * @param options.sizeOf memory that a prepared entry holds, in bytes
 * @param options.prepare makes the form to keep, e.g. with a compressed copy. @default the entry itself
 */
export function createResponseCache<T extends object>(options: {
  readonly maxBytes: number;
  readonly sizeOf: (entry: T) => number;
  readonly prepare?: ((entry: T) => MaybePromise<T>) | undefined;
}): ResponseCache<T> {
  const { maxBytes, sizeOf, prepare = (entry) => entry } = options;
  const entries =
    maxBytes > 0
      ? new LRUCache<string, T>({
          maxSize: maxBytes,
          sizeCalculation: (entry, key) => sizeOf(entry) + key.length * 2 + OVERHEAD_BYTES,
        })
      : undefined;
  const inProgress = new Map<string, Loading<T>>();
  const doorkeeper = createDoorkeeper(SLOTS);
  /** Incremented by `clear`, so that loads in progress are not cached. */
  let generation = 0;

  const loadEntry = async (key: string, load: () => Promise<T>): Promise<T> => {
    const startedIn = generation;
    const entry = await load();
    if (entries === undefined || startedIn !== generation || !doorkeeper.seenBefore(key)) {
      return entry;
    }
    const prepared = await prepare(entry);
    if (startedIn === generation) {
      entries.set(key, prepared);
    }
    return prepared;
  };

  return {
    get: (key, claim, load) => {
      const known = entries?.get(key);
      if (known !== undefined) {
        return known;
      }
      const current = inProgress.get(key);
      if (current?.promise !== undefined && current.claim?.join(claim)) {
        return current.promise;
      }
      const loading: Loading<T> = { claim, promise: undefined };
      const loaded = loadEntry(key, load).finally(() => {
        loading.promise = undefined;
        loading.claim = undefined;
        if (inProgress.get(key) === loading) {
          inProgress.delete(key);
        }
      });
      loading.promise = loaded;
      inProgress.set(key, loading);
      return loaded;
    },
    clear: () => {
      generation += 1;
      entries?.clear();
      inProgress.clear();
      doorkeeper.clear();
    },
    get bytes() {
      return entries?.calculatedSize ?? 0;
    },
  };
}

/** Recognises repeated keys. */
export interface Doorkeeper {
  /** Whether the key was seen before, as far as known; marks it as seen. */
  seenBefore(key: string): boolean;
  clear(): void;
}

/**
 * Doorkeeper for mostly one-off keys: stores a 32-bit hash per slot instead of the key, so one-off keys create no garbage.
 * Lossy: a colliding key evicts the slot, and 1 in 2³² lookups is a false positive.
 *
 * @param slots a power of two
 */
export function createDoorkeeper(slots: number): Doorkeeper {
  const hashes = new Uint32Array(slots);
  return {
    seenBefore: (key) => {
      const slot = hash32(key, ONE) & (slots - 1);
      // 0 is an empty slot.
      const hash = hash32(key, OTHER) || 1;
      const known = hashes[slot] === hash;
      hashes[slot] = hash;
      return known;
    },
    clear: () => void hashes.fill(0),
  };
}
