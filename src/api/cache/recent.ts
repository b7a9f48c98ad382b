/** Remembers what was set or asked for lately: at least `count` entries, at most twice as many. */
export interface Recent<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  clear(): void;
}

/**
 * Two maps: when the younger is full it becomes the older, and the older goes. Costs a third of a list that is kept in
 * order, on ways where each request leaves something behind that most never come back to.
 */
export function createRecent<V>(count: number): Recent<V> {
  let younger = new Map<string, V>();
  let older = new Map<string, V>();
  const set = (key: string, value: V) => {
    if (younger.size >= count && !younger.has(key)) {
      older = younger;
      younger = new Map();
    }
    younger.set(key, value);
  };
  return {
    get: (key) => {
      const value = younger.get(key);
      if (value !== undefined) {
        return value;
      }
      const old = older.get(key);
      if (old !== undefined) {
        set(key, old);
      }
      return old;
    },
    set,
    clear: () => {
      younger.clear();
      older.clear();
    },
  };
}
