import { Problem } from "../http/problem.ts";
import { FairQueue } from "../replicas/fair-queue.ts";
import type { ServerState } from "../replicas/replica.ts";
import { readOffers, type StoredOffer } from "./read-offers.ts";

/**
 * Reads one listing by its id, active or not; undefined when it does not exist.
 *
 * @param client id of the request's token
 * @throws Problem 503 when the token has too many requests waiting
 */
export type OfferReader = (
  server: Pick<ServerState, "read">,
  client: number,
  innerId: string,
) => Promise<StoredOffer | undefined>;

/** Statements in flight per server, so that a slow one does not delay all requests. */
const MAX_STATEMENTS = 4;
/** Listings per statement, some 4 kB each. */
const MAX_LISTINGS = 100;

interface PendingOffer {
  readonly innerId: string;
  resolve(offer: StoredOffer | undefined): void;
  reject(error: unknown): void;
}

/** Requests that wait for a statement, and the statements in flight. */
interface OfferBatches {
  readonly pending: FairQueue<PendingOffer>;
  inFlight: number;
  isScheduled: boolean;
}

/**
 * Batches reads by key: while {@link MAX_STATEMENTS} statements are in flight, further requests share the next one, because
 * under load most of the cost of a listing is planning and context switches. Tokens take turns in a full one. A single request is
 * sent without delay.
 */
export function createOfferReader(
  options: {
    /** False leaves the price history empty. @default true */
    readonly hasHistory?: boolean | undefined;
    /** Waiting requests of one token. @default 200 */
    readonly maxWaiting?: number | undefined;
  } = {},
): OfferReader {
  const { hasHistory = true, maxWaiting = 200 } = options;
  const batches = new WeakMap<object, OfferBatches>();

  const send = async (server: Pick<ServerState, "read">, batch: OfferBatches): Promise<void> => {
    const sent: PendingOffer[] = [];
    for (let next = batch.pending.take(); next !== undefined; next = batch.pending.take()) {
      if (sent.push(next.item) === MAX_LISTINGS) {
        break;
      }
    }
    batch.inFlight += 1;
    try {
      const innerIds = sent.map(({ innerId }) => innerId);
      const offers = await server.read((db) => readOffers(db, innerIds, hasHistory));
      for (const { innerId, resolve } of sent) {
        resolve(offers.get(innerId));
      }
    } catch (error) {
      for (const { reject } of sent) {
        reject(error);
      }
    }
    batch.inFlight -= 1;
    sendPending(server, batch);
  };

  const sendPending = (server: Pick<ServerState, "read">, batch: OfferBatches): void => {
    while (batch.pending.size > 0 && batch.inFlight < MAX_STATEMENTS) {
      void send(server, batch);
    }
  };

  return (server, client, innerId) => {
    let batch = batches.get(server);
    if (batch === undefined) {
      batch = { pending: new FairQueue(), inFlight: 0, isScheduled: false };
      batches.set(server, batch);
    }
    const { pending } = batch;
    if (pending.of(client).length >= maxWaiting) {
      return Promise.reject(Problem.tooManyWaiting());
    }
    const { promise, resolve, reject } = Promise.withResolvers<StoredOffer | undefined>();
    pending.add(client, { innerId, resolve, reject });
    if (!batch.isScheduled && batch.inFlight < MAX_STATEMENTS) {
      // Requests of the same tick share one statement.
      batch.isScheduled = true;
      const scheduled = batch;
      queueMicrotask(() => {
        scheduled.isScheduled = false;
        sendPending(server, scheduled);
      });
    }
    return promise;
  };
}
