/** Items of several clients, taken in turn: one of each client that may take one, then again the first. Pure. */
export class FairQueue<T> {
  /** In the order of turns; only clients with items. */
  readonly #items = new Map<number, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The items of a client, in their order. */
  of(client: number): readonly T[] {
    return this.#items.get(client) ?? [];
  }

  add(client: number, item: T): void {
    const items = this.#items.get(client);
    if (items === undefined) {
      this.#items.set(client, [item]);
    } else {
      items.push(item);
    }
    this.#size += 1;
  }

  /** Takes the oldest item of the next client; undefined when there is none. */
  take(mayTake: (client: number) => boolean = () => true): { client: number; item: T } | undefined {
    for (const [client, items] of this.#items) {
      if (mayTake(client)) {
        const item = items.shift() as T;
        this.#size -= 1;
        this.#items.delete(client);
        if (items.length > 0) {
          this.#items.set(client, items);
        }
        return { client, item };
      }
    }
    return undefined;
  }

  /** Removes an item that has not been taken. */
  remove(client: number, item: T): void {
    const items = this.#items.get(client);
    const index = items?.indexOf(item) ?? -1;
    if (items === undefined || index === -1) {
      return;
    }
    items.splice(index, 1);
    this.#size -= 1;
    if (items.length === 0) {
      this.#items.delete(client);
    }
  }

  *[Symbol.iterator](): Generator<T> {
    for (const items of this.#items.values()) {
      yield* [...items];
    }
  }
}
