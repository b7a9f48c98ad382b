import { createHash } from "node:crypto";
import type { PublicEvent } from "../events/index.ts";

/** A signed delivery. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/**
 * The body of a delivery. The same events make the same id and body, so a receiver recognises a repetition. Pure.
 *
 * @param name identifies the endpoint
 * @param events at least one
 * @param skippedTo id of the last event that was deleted before it could be delivered
 */
export function makeMessage(
  name: string,
  events: readonly [PublicEvent, ...PublicEvent[]],
  skippedTo: number | undefined,
): Message {
  const [first] = events;
  const last = events.at(-1) ?? first;
  const endpoint = createHash("sha256").update(name).digest("hex").slice(0, 16);
  const data = skippedTo === undefined ? { events } : { skipped_to: skippedTo, events };
  return {
    id: `che168_${endpoint}_${first.id}_${last.id}`,
    body: JSON.stringify({ type: "listings.changed", timestamp: last.at, data }),
  };
}
