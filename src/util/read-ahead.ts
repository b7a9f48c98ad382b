/**
 * Yields the items of `source`, which makes the next ones while the consumer is busy with one.
 *
 * @param items how many are made ahead
 */
export async function* readAhead<T>(source: AsyncGenerator<T, void>, items: number): AsyncGenerator<T, void> {
  const pending: Promise<IteratorResult<T, void>>[] = [];
  try {
    for (;;) {
      while (pending.length <= items) {
        const item = source.next();
        // Awaited later; the no-op catch prevents an unhandled rejection until then.
        item.catch(() => {});
        pending.push(item);
      }
      const next = await pending.shift();
      if (next === undefined || next.done) {
        return;
      }
      yield next.value;
    }
  } finally {
    // Waits for what is being made: nothing goes on in the background.
    await source.return();
  }
}
