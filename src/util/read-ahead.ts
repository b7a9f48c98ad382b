/**
 * Yields the items of `source`, which makes the next ones while the consumer uses one. Returns the result of `source`. Nothing keeps
 * running in the background afterwards, even when the consumer stops early.
 *
 * @param count items that are made ahead
 */
export async function* readAhead<T, R>(
  source: AsyncGenerator<T, R, void>,
  count: number,
): AsyncGenerator<T, R, void> {
  const request = () => {
    const item = source.next();
    // Awaited later; the no-op catch prevents an unhandled rejection until then.
    item.catch(() => {});
    return item;
  };
  const pending: ReturnType<typeof request>[] = [];
  try {
    for (;;) {
      const { done, value } = await (pending.shift() ?? request());
      if (done) {
        return value;
      }
      while (pending.length < count) {
        pending.push(request());
      }
      yield value;
    }
  } finally {
    // Runs after the items that are being made.
    await source.return(undefined as R);
  }
}
