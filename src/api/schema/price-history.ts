/** A price event: `old_price` and `new_price` as in `GET /changes`. */
export type PriceEvent = readonly [at: string, oldPrice: number | null, newPrice: number | null];

/** A price, and the time from which it is known. */
export interface KnownPrice {
  readonly at: string | null;
  readonly price: number;
}

/**
 * The prices of a listing, oldest first; the last one is the present one. Before the first event, the listing had that
 * event's old price since it was first seen: events may have started later, or be deleted. Pure.
 *
 * @param events oldest first
 */
export function priceHistory(
  events: readonly PriceEvent[],
  listing: {
    readonly price: number | null;
    readonly firstSeenAt: string | null;
    readonly updatedAt: string;
  },
): KnownPrice[] {
  const [first] = events;
  const before = first === undefined ? listing.price : first[1];
  const known: (readonly [at: string | null, price: number | null])[] = [
    [listing.firstSeenAt, before],
    ...events.map(([at, , price]) => [at, price] as const),
    // Other rules may read another price without an event.
    [listing.updatedAt, listing.price],
  ];
  const history: KnownPrice[] = [];
  for (const [at, price] of known) {
    if (price !== null && price !== history.at(-1)?.price) {
      history.push({ at, price });
    }
  }
  return history;
}
