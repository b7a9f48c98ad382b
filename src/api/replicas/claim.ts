/** A request, as far as the queues are concerned. */
export interface Requester {
  /** Id of its token; requests without one share a queue. */
  readonly client: number;
  /** Whether its client has disconnected. Polled while the request waits: an abort signal would need a controller and listeners each. */
  readonly isGone: () => boolean;
}

/** Work of a claim that waits for its turn. */
export interface WaitingJob {
  /** Lets the job wait in the queue of this request as well. */
  addPlace(requester: Requester): void;
}

/**
 * The requests that want one result: the first one, and those that joined while it was loaded. Its work waits in the queue of each
 * of their tokens and runs at the first turn, so a token with many requests of its own delays no other.
 */
export class Claim {
  readonly requesters: Requester[];
  /** @internal work that waits for its turn */
  readonly jobs = new Set<WaitingJob>();
  /** @internal set when its work was refused or abandoned */
  isClosed = false;

  constructor(requester: Requester) {
    this.requesters = [requester];
  }

  /** Id of the first request's token. */
  get client(): number {
    return this.requesters[0]?.client ?? 0;
  }

  /** Adds the requests of another claim; false when the work of this one was refused or abandoned. */
  join(other: Claim): boolean {
    if (this.isClosed) {
      return false;
    }
    for (const requester of other.requesters) {
      this.requesters.push(requester);
      for (const job of this.jobs) {
        job.addPlace(requester);
      }
    }
    return true;
  }
}
