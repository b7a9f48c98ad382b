import { Problem } from "../http/problem.ts";
import type { Claim, Requester, WaitingJob } from "./claim.ts";
import { FairQueue } from "./fair-queue.ts";

/** Events of a {@link Scheduler}. */
export interface SchedulerObserver {
  /** Work that had to wait has got its turn. */
  onWaited(seconds: number): void;
  /** Work was not queued (`full`), or was not reached in time (`timeout`). */
  onRefused(reason: "full" | "timeout"): void;
}

/** Limits concurrent work, and lets tokens take turns. */
export interface Scheduler {
  /**
   * Starts work when it is the turn of one of the claim's tokens.
   *
   * @param start starts the work; calls `done` when the connection is free again, which may be after its result
   * @throws Problem 503 when the queues are full, or the turn does not come in time; 499 when every client is gone
   */
  run<T>(claim: Claim, start: (done: () => void) => Promise<T>): Promise<T>;
  /** Ends all waits with an error, for a server that is unavailable; running work is left alone. */
  refuseWaiting(problem: () => Problem): void;
  /** Queued pieces of work. */
  readonly waiting: number;
}

export interface SchedulerOptions {
  /** Concurrent pieces of work. */
  readonly limit: number;
  /** Those of one token. */
  readonly share: number;
  /** Queued pieces of work of one token; the next one is refused. */
  readonly maxWaiting: number;
  /** Limit on the wait for a turn, in milliseconds. */
  readonly timeoutMs: number;
  readonly observer: SchedulerObserver;
}

interface Job extends WaitingJob {
  readonly places: Map<number, Place>;
  start(client: number): void;
  refuse(problem: Problem): void;
}

/** A job in the queue of a token. */
interface Place {
  readonly job: Job;
  readonly client: number;
  /** The requests that wait for it. */
  readonly requesters: Requester[];
  deadline: number;
}

/** Precision of the timeout, and how soon work without clients leaves the queue. One timer checks everything that waits. */
const CHECK_EVERY_MS = 100;

const isAbandoned = ({ requesters }: { readonly requesters: readonly Requester[] }) =>
  requesters.every(({ isGone }) => isGone());

/**
 * Round robin over tokens with queued work: each turn starts one piece of the next token that runs less than its share. Work
 * starts immediately when neither limit is reached.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { limit, share, maxWaiting, timeoutMs, observer } = options;
  const queue = new FairQueue<Place>();
  const running = new Map<number, number>();
  let total = 0;
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const isBelowShare = (client: number) => (running.get(client) ?? 0) < share;

  const leave = (place: Place, problem: () => Problem) => {
    queue.remove(place.client, place);
    place.job.places.delete(place.client);
    if (place.job.places.size === 0) {
      place.job.refuse(problem());
    }
  };

  const startTurns = () => {
    while (total < limit) {
      const next = queue.take(isBelowShare);
      if (next === undefined) {
        break;
      }
      if (isAbandoned(next.item)) {
        leave(next.item, Problem.clientGone);
      } else {
        next.item.job.start(next.client);
      }
    }
    if (queue.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  /** Counts work as running until the returned function is called. */
  const occupy = (client: number): (() => void) => {
    running.set(client, (running.get(client) ?? 0) + 1);
    total += 1;
    let isDone = false;
    return () => {
      if (isDone) {
        return;
      }
      isDone = true;
      total -= 1;
      const left = (running.get(client) ?? 1) - 1;
      if (left === 0) {
        running.delete(client);
      } else {
        running.set(client, left);
      }
      startTurns();
    };
  };

  const checkWaiting = () => {
    const now = performance.now();
    for (const place of queue) {
      if (isAbandoned(place)) {
        leave(place, Problem.clientGone);
      } else if (place.deadline <= now) {
        leave(place, () => {
          observer.onRefused("timeout");
          return Problem.waitedTooLong();
        });
      }
    }
    startTurns();
  };

  /** Whether one more piece of work of a token may wait. Abandoned work does not count. */
  const hasRoom = (client: number): boolean => {
    if (queue.of(client).length >= maxWaiting) {
      for (const place of queue.of(client).filter(isAbandoned)) {
        leave(place, Problem.clientGone);
      }
    }
    return queue.of(client).length < maxWaiting;
  };

  const enqueue = <T>(claim: Claim, start: (done: () => void) => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const queuedAt = performance.now();
      const end = () => {
        waiting -= 1;
        claim.jobs.delete(job);
      };
      const addPlace = (requester: Requester) => {
        const { client } = requester;
        const known = job.places.get(client);
        if (requester.isGone() || (known === undefined && !hasRoom(client))) {
          return;
        }
        const place = known ?? { job, client, requesters: [], deadline: 0 };
        place.requesters.push(requester);
        place.deadline = performance.now() + timeoutMs;
        if (known === undefined) {
          job.places.set(client, place);
          queue.add(client, place);
        }
      };
      const job: Job = {
        places: new Map(),
        addPlace,
        start: (client) => {
          for (const place of job.places.values()) {
            queue.remove(place.client, place);
          }
          end();
          observer.onWaited((performance.now() - queuedAt) / 1_000);
          start(occupy(client)).then(resolve, reject);
        },
        refuse: (problem) => {
          claim.isClosed = true;
          end();
          reject(problem);
        },
      };
      waiting += 1;
      claim.jobs.add(job);
      for (const requester of claim.requesters) {
        addPlace(requester);
      }
      if (job.places.size > 0) {
        timer ??= setInterval(checkWaiting, CHECK_EVERY_MS).unref();
      } else if (isAbandoned(claim)) {
        job.refuse(Problem.clientGone());
      } else {
        observer.onRefused("full");
        job.refuse(Problem.tooManyWaiting());
      }
    });

  return {
    run: (claim, start) => {
      if (total < limit) {
        for (const { client } of claim.requesters) {
          // After earlier work of the same token.
          if (isBelowShare(client) && queue.of(client).length === 0) {
            return start(occupy(client));
          }
        }
      }
      return enqueue(claim, start);
    },
    refuseWaiting: (problem) => {
      for (const place of queue) {
        leave(place, problem);
      }
      startTurns();
    },
    get waiting() {
      return waiting;
    },
  };
}
