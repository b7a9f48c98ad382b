import type { Problem } from "../http/problem.ts";
import type { Claim } from "./claim.ts";
import type { QueryLimiter } from "./limiter.ts";
import { createScheduler, type Scheduler, type SchedulerObserver } from "./scheduler.ts";

/** Queues of one server: work of requests, and statements of exports, which would delay them. */
export type Lane = "request" | "export";

/** The turns of one server's connections. */
export interface Lanes {
  /** Runs work at its turn, within the limits of `limiter`. */
  run<T>(limiter: QueryLimiter, claim: Claim, lane: Lane, work: () => Promise<T>): Promise<T>;
  /** Ends all waits with an error, for a server that is unavailable. */
  refuseWaiting(problem: () => Problem): void;
  /** Queued pieces of work. */
  readonly waiting: number;
}

/** Settings that apply to every server. */
export interface LaneOptions {
  /** Queued pieces of work of one token. */
  readonly maxWaiting: number;
  /** Limit on the wait for a turn, in milliseconds. */
  readonly timeoutMs: number;
  readonly observer: SchedulerObserver;
}

/**
 * How a server's connections are used: two thirds for requests, half of them for one token. The rest is for one statement of the
 * exports and for what all requests share: tokens, versions, single listings. A single connection serves everything.
 */
export function shareConnections(connections: number): { readonly limit: number; readonly share: number } {
  const limit = Math.max(1, Math.floor((connections * 2) / 3));
  return { limit, share: Math.ceil(limit / 2) };
}

/** @param connections size of the server's pool */
export function createLanes(connections: number, options: LaneOptions): Lanes {
  const lanes: Readonly<Record<Lane, Scheduler>> = {
    request: createScheduler({ ...options, ...shareConnections(connections) }),
    export: createScheduler({ ...options, limit: 1, share: 1 }),
  };
  return {
    run: (limiter, claim, lane, work) => lanes[lane].run(claim, (done) => limiter.run(work, done)),
    refuseWaiting: (problem) => {
      lanes.request.refuseWaiting(problem);
      lanes.export.refuseWaiting(problem);
    },
    get waiting() {
      return lanes.request.waiting + lanes.export.waiting;
    },
  };
}
