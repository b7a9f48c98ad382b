import { type } from "arktype";
import type { Queryable } from "../../database/index.ts";
import { EVENT_KINDS, type PublicEvent } from "../../events/index.ts";
import { type Parameters, separated, whole } from "./parameter-types.ts";
import { readOffers, type StoredOffer } from "./read-offers.ts";

const MAX_ID = 999_999_999_999_999;
const MAX_EVENTS = 500;

/** Events of a response when a request names no `limit`. */
export const DEFAULT_EVENTS = 100;

/** Parameters of `GET /changes`. */
export const CHANGES = {
  after: {
    type: whole(0, MAX_ID),
    meaning:
      "Id of the last event that the client has: `next_after` of the previous response, or `X-Changes-After` of the first page of a walk. Default: before the oldest kept event.",
    example: "48210",
  },
  kind: {
    type: type("string")
      .pipe(separated)
      .to(type.enumerated(...EVENT_KINDS).array()),
    meaning: "Only events of these kinds, comma-separated.",
    example: "price,removed",
  },
  limit: { type: whole(1, MAX_EVENTS), meaning: "Maximum number of events.", example: "500" },
  include: {
    type: type.enumerated("listing"),
    meaning: "Adds each listing in its present state, as in `/offers/{inner_id}`.",
    example: "listing",
  },
} as const satisfies Parameters;

/** Reads the present listings of events; without an entry for a missing one. */
export const readListings = (
  db: Queryable,
  events: readonly PublicEvent[],
): Promise<ReadonlyMap<string, StoredOffer>> =>
  readOffers(db, [...new Set(events.map(({ inner_id }) => inner_id))], true);
