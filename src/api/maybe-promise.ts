/**
 * Goes on with a value, at once when it is there already: what is answered from memory passes a dozen places that may
 * have to wait, and each promise among them costs half a microsecond of some fifty.
 *
 * @returns what `goOn` gives; a promise of it when the value is one
 */
export const maybeThen = <T, R>(value: T | Promise<T>, goOn: (value: T) => R | Promise<R>): R | Promise<R> =>
  value instanceof Promise ? value.then(goOn) : goOn(value);
