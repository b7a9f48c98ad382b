import { LRUCache } from "lru-cache";

/** Longer texts rarely repeat; they are computed each time. */
const MAX_KEPT_LENGTH = 200;

/**
 * Memoises a function of text: trims, specification values and spellings repeat a lot. The cache is cleared at `limit`
 * entries, so memory is bounded. Results are shared and must not be changed.
 */
export function memo<T>(compute: (text: string) => T, limit = 20_000): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    if (text.length > MAX_KEPT_LENGTH) {
      return compute(text);
    }
    const known = kept.get(text);
    if (known !== undefined) {
      return known;
    }
    const result = compute(text);
    if (kept.size >= limit) {
      kept.clear();
    }
    kept.set(text, result);
    return result;
  };
}

interface Met<T> {
  readonly text: string;
  readonly result: T;
  /** The text that followed it last time. */
  next: Met<T> | undefined;
}

/**
 * {@link memo} for texts that repeat in nearly the same order, as the names of a table do: the text that followed the
 * previous one last time is compared first, which costs less than a lookup.
 */
export function memoInOrder<T>(compute: (text: string) => T, limit = 20_000): (text: string) => T {
  const kept = new Map<string, Met<T>>();
  let last: Met<T> | undefined;
  return (text) => {
    const expected = last?.next;
    if (expected?.text === text) {
      last = expected;
      return expected.result;
    }
    if (text.length > MAX_KEPT_LENGTH) {
      return compute(text);
    }
    let met = kept.get(text);
    if (met === undefined) {
      met = { text, result: compute(text), next: undefined };
      if (kept.size >= limit) {
        // Entries link to each other: without this the old ones stay reachable.
        kept.clear();
        last = undefined;
      }
      kept.set(text, met);
    }
    if (last !== undefined) {
      last.next = met;
    }
    last = met;
    return met.result;
  };
}

/** Estimate of what a result of {@link memoLong} takes besides its text, in characters. */
const RESULT_SIZE = 4_000;

/**
 * Memoises a function of long texts, such as the tables in a document, by the whole text; the least recently used ones are
 * dropped. Results are shared and must not be changed.
 *
 * @param compute receives texts that are not substrings: V8 would keep what they were cut from
 * @param maxCharacters of the kept texts together, two bytes each
 */
export function memoLong<T extends object | null>(
  compute: (text: string) => T,
  maxCharacters: number,
): (text: string) => T {
  const kept = new LRUCache<string, { readonly result: T }>({
    maxSize: maxCharacters,
    sizeCalculation: (_result, text) => text.length + RESULT_SIZE,
  });
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) {
      return known.result;
    }
    const result = compute(text);
    kept.set(text, { result });
    return result;
  };
}

/** Computes a value once per object, such as a vocabulary. */
export function oncePer<K extends object, T>(create: (key: K) => T): (key: K) => T {
  const created = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    const known = created.get(key) ?? { value: create(key) };
    created.set(key, known);
    return known.value;
  };
}

type Members = Readonly<Record<string, unknown>>;

/** Further results of one subject replace the oldest. */
const MAX_RESULTS = 8;

/** A result with the inputs that led to it. */
interface Kept<T> {
  readonly given: string;
  readonly names: readonly string[];
  readonly values: readonly unknown[];
  readonly result: T;
}

/**
 * Memoises a deterministic function of a subject, a text and a record. It notes which members of the record the function
 * reads: for another record with the same values of those members the result is the same, whatever else that record contains.
 * Results are shared and must not be changed; they are dropped with their subject.
 */
export function memoByReads<K extends object, T>(): (
  subject: K,
  given: string,
  record: Members,
  compute: (record: Members) => T,
) => T {
  const kept = new WeakMap<K, Kept<T>[]>();
  return (subject, given, record, compute) => {
    const results = kept.get(subject) ?? [];
    const known = results.find((one) => one.given === given && hasSameMembers(record, one));
    if (known !== undefined) {
      return known.result;
    }
    const reads = new Map<string, unknown>();
    const result = compute(noted(record, reads));
    results.unshift({ given, names: [...reads.keys()], values: [...reads.values()], result });
    kept.set(subject, results.slice(0, MAX_RESULTS));
    return result;
  };
}

function hasSameMembers(record: Members, { names, values }: Kept<unknown>): boolean {
  for (let index = 0; index < names.length; index += 1) {
    if (record[names[index] as string] !== values[index]) {
      return false;
    }
  }
  return true;
}

/** A view of a record that notes each read of a member. Other ways of looking at it, which could not be noted, throw. */
function noted(record: Members, reads: Map<string, unknown>): Members {
  const refuse = (): never => {
    throw new TypeError("Only single members of a recorded record can be read");
  };
  return new Proxy(record, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      reads.set(String(name), value);
      return value;
    },
    has: refuse,
    ownKeys: refuse,
    getOwnPropertyDescriptor: refuse,
  });
}
