type Json = Readonly<Record<string, unknown>>;

/** Further results of one subject replace the oldest. */
const MAX_KEPT = 8;

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
  record: Json,
  compute: (record: Json) => T,
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
    kept.set(subject, results.slice(0, MAX_KEPT));
    return result;
  };
}

function hasSameMembers(record: Json, { names, values }: Kept<unknown>): boolean {
  for (let index = 0; index < names.length; index += 1) {
    if (record[names[index] as string] !== values[index]) {
      return false;
    }
  }
  return true;
}

/** A view of a record that notes each read of a member. Other ways of looking at it, which could not be noted, throw. */
function noted(record: Json, reads: Map<string, unknown>): Json {
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
