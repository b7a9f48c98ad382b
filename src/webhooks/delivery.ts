import type { Database, Lock } from "../database/index.ts";
import { type EventsPage, type PublicEvent, readEvents } from "../events/index.ts";
import type { Logger } from "../logging/types.ts";
import { backOffMs } from "./back-off.ts";
import type { WebhookEndpoint } from "./endpoints.ts";
import { makeMessage } from "./message.ts";
import { post } from "./post.ts";
import {
  type EndpointState,
  movePosition,
  readStates,
  recordDelivery,
  recordFailure,
} from "./store-endpoints.ts";

/** Events in one POST. */
const MAX_EVENTS = 100;

/** An endpoint that is being delivered to. */
export interface Recipient extends Pick<WebhookEndpoint, "url" | "kinds"> {
  /** The URL without credentials. */
  readonly name: string;
  readonly key: Buffer;
}

/** Result of a step: `sent` may have more to send; `idle` has nothing; `waiting` is backing off. */
export type Step =
  | { readonly state: "sent" | "idle" | "disabled" }
  | { readonly state: "waiting"; readonly waitMs: number };

/** Dependencies of {@link createDelivery}. */
export interface DeliveryOptions {
  readonly database: Database;
  readonly lock: Lock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Makes the next step of a delivery: reads the state, sends at most one request, and records its outcome. */
export function createDelivery({
  database,
  lock,
  logger,
  signal,
}: DeliveryOptions): (recipient: Recipient) => Promise<Step> {
  /** The last skipped event of each endpoint that was reported. */
  const reported = new Map<string, number>();

  const reportSkipped = (name: string, { position }: EndpointState, skippedTo: number) => {
    if (reported.get(name) !== skippedTo) {
      reported.set(name, skippedTo);
      logger.error(
        `Webhook ${name}: the events from ${position + 1} to ${skippedTo} were deleted before delivery; the next message has skipped_to.`,
      );
    }
  };

  const send = async (
    recipient: Recipient,
    state: EndpointState,
    { events, to, skippedTo }: { events: [PublicEvent, ...PublicEvent[]]; to: number; skippedTo?: number },
  ): Promise<Step> => {
    const { name, url, key } = recipient;
    await lock.ensure();
    const refusal = await post(url, makeMessage(name, events, skippedTo), key, signal);
    if (refusal === undefined) {
      await recordDelivery(database, name, { from: state.position, to });
      if (state.failures > 0) {
        logger.info(`Webhook ${name} responds again.`);
      }
      return { state: "sent" };
    }
    const { reason, retryAfterMs } = refusal;
    const waitMs = backOffMs(state.failures + 1, Math.random(), retryAfterMs);
    if (await recordFailure(database, name, { reason, waitMs })) {
      logger.error(
        `Webhook ${name} has failed for three days and is disabled (${reason}). Once it works: che168-sync webhooks --retry ${name}`,
      );
      return { state: "disabled" };
    }
    if (state.failures === 0) {
      logger.warn(`Webhook ${name} failed (${reason}); it is retried with increasing intervals.`);
    }
    return { state: "waiting", waitMs };
  };

  const read = (after: number, kinds: Recipient["kinds"]): Promise<EventsPage> =>
    readEvents(database, { after, kinds, limit: MAX_EVENTS });

  return async (recipient) => {
    const { name, kinds } = recipient;
    const state = (await readStates(database, [name])).get(name);
    if (state === undefined) {
      throw new Error(`The endpoint ${name} is not registered`);
    }
    if (state.disabled_at !== null) {
      return { state: "disabled" };
    }
    if (state.wait_ms > 0) {
      return { state: "waiting", waitMs: state.wait_ms };
    }
    const { position } = state;
    let page = await read(position, kinds);
    if (position > page.latest) {
      logger.warn(
        `Webhook ${name}: its position ${position} is beyond the newest event ${page.latest}, so the database was restored; it continues from there.`,
      );
      await movePosition(database, name, { from: position, to: page.latest });
      return { state: "sent" };
    }
    const skippedTo = position < page.oldest - 1 ? page.oldest - 1 : undefined;
    if (skippedTo !== undefined) {
      reportSkipped(name, state, skippedTo);
      page = await read(skippedTo, kinds);
    }
    const [first, ...more] = page.events;
    if (first !== undefined) {
      return send(recipient, state, { events: [first, ...more], to: page.nextAfter, skippedTo });
    }
    // Skipped events stay unrecorded until a message has reported them.
    if (page.nextAfter > position && skippedTo === undefined) {
      await movePosition(database, name, { from: position, to: page.nextAfter });
      return { state: page.nextAfter < page.latest ? "sent" : "idle" };
    }
    return { state: "idle" };
  };
}
