import type { Lock } from "../database/index.ts";
import { ConfigError, isChe168Error } from "../errors.ts";
import { readEventRange } from "../events/index.ts";
import { silentLogger } from "../logging/types.ts";
import { linkSignals, sleep } from "../util/abort.ts";
import { requireDependencies } from "../util/dependencies.ts";
import { errorMessage } from "../util/error-message.ts";
import { createDelivery, type Recipient } from "./delivery.ts";
import { endpointName, endpointProblems, isEndpointUrl, signingKeyOf } from "./endpoints.ts";
import { type EndpointState, enable, readStates, register } from "./store-endpoints.ts";
import type { WebhookStatus, Webhooks, WebhooksOptions } from "./types.ts";

/** Interval at which a waiting process tries to take over, `retry` of another one is noticed, and the database is retried. */
const CHECK_MS = 5_000;

const stateOf = (state: EndpointState | undefined): WebhookStatus["state"] => {
  if (state === undefined) {
    return "new";
  }
  return state.disabled_at !== null ? "disabled" : state.failures > 0 ? "failing" : "ok";
};

/**
 * Delivers the events of listings to webhooks, as Standard Webhooks describes.
 *
 * @throws ConfigError with every problem of the endpoints
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  requireDependencies("createWebhooks", options, ["database"]);
  const problems = endpointProblems(options.endpoints);
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  const { database, endpoints, pollMs = 1_000, logger = silentLogger } = options;
  const recipients = endpoints.map(
    ({ url, secret, kinds }): Recipient => ({
      url,
      kinds,
      name: endpointName(url),
      key: signingKeyOf(secret) ?? Buffer.alloc(0),
    }),
  );
  const names = recipients.map(({ name }) => name);

  /**
   * Delivers to all endpoints, each at its own pace.
   *
   * @param endsAt returns when nothing is left to send before this time of the monotonic clock; undefined continues
   */
  const deliverAll = async (lock: Lock, signal: AbortSignal, endsAt: number | undefined): Promise<void> => {
    for (const { url, from = "newest" } of endpoints) {
      await register(database, endpointName(url), from);
    }
    const step = createDelivery({ database, lock, logger, signal });
    const deliverTo = async (recipient: Recipient): Promise<void> => {
      for (;;) {
        const done = await step(recipient);
        signal.throwIfAborted();
        if (done.state === "sent") {
          continue;
        }
        const isWaiting = done.state === "waiting";
        if (endsAt !== undefined && !(isWaiting && performance.now() + done.waitMs < endsAt)) {
          return;
        }
        await sleep(isWaiting ? Math.min(done.waitMs, CHECK_MS) : pollMs, signal);
      }
    };
    await Promise.all(recipients.map(deliverTo));
  };

  /**
   * Runs `deliverAll` with the sender's lock.
   *
   * @throws LockedError when another process holds it
   */
  const withLock = async (signal: AbortSignal, endsAt?: number): Promise<void> => {
    const lock = await database.lock(["webhooks"], options.applicationName ?? "che168-sync webhooks");
    // The first failure stops the deliveries to the other endpoints before the lock is released.
    const linked = linkSignals(signal);
    try {
      await deliverAll(lock, linked.signal, endsAt);
    } finally {
      linked.abort(new Error("The lock is released"));
      linked.unlink();
      await lock.release();
    }
  };

  const isLocked = (error: unknown) => isChe168Error(error) && error.code === "LOCKED";
  const warnInterrupted = (error: unknown) =>
    logger.warn(`Webhooks are interrupted and continue later: ${errorMessage(error)}`);

  const run: Webhooks["run"] = async ({ signal }) => {
    let isFailing = false;
    while (!signal.aborted && recipients.length > 0) {
      try {
        await withLock(signal);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (!(isFailing || isLocked(error))) {
          warnInterrupted(error);
        }
        isFailing = !isLocked(error);
        await sleep(CHECK_MS, signal).catch(() => {});
      }
    }
  };

  const deliver: Webhooks["deliver"] = async ({ maxMs, signal }) => {
    if (recipients.length === 0) {
      return;
    }
    const linked = linkSignals(signal);
    const timer = setTimeout(() => linked.abort(new Error("The time is over")), maxMs);
    try {
      await withLock(linked.signal, performance.now() + maxMs);
    } catch (error) {
      if (!(linked.signal.aborted || isLocked(error))) {
        warnInterrupted(error);
      }
    } finally {
      clearTimeout(timer);
      linked.unlink();
    }
  };

  return {
    run,
    deliver,
    status: async () => {
      const states = await readStates(database, names);
      const { latest } = await readEventRange(database);
      return names.map((url) => {
        const state = states.get(url);
        return {
          url,
          state: stateOf(state),
          position: state?.position ?? null,
          lag: state === undefined ? 0 : Math.max(0, latest - state.position),
          failures: state?.failures ?? 0,
          failingSince: state?.failing_since ?? null,
          disabledAt: state?.disabled_at ?? null,
          deliveredAt: state?.delivered_at ?? null,
          lastError: state?.last_error ?? null,
        };
      });
    },
    retry: async (url) => {
      const name = isEndpointUrl(url) ? endpointName(url) : url;
      if (!names.includes(name)) {
        return false;
      }
      await enable(database, name);
      return true;
    },
  };
}
