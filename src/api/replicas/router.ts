import { createCircuitBreaker, type Database, type Queryable } from "../../database/index.ts";
import type { Logger } from "../../logging/types.ts";
import { type MaybePromise, maybeThen } from "../maybe-promise.ts";
import type { Claim } from "./claim.ts";
import { createRefreshed, type DataState, isOlder, isSameVersion, readDataVersion } from "./data-version.ts";
import { createLanes, type LaneOptions } from "./lanes.ts";
import type { QueryLimiter } from "./limiter.ts";
import {
  createReadReplica,
  ReadFailure,
  type ReadServer,
  type ServerState,
  type Snapshot,
  snapshotFor,
} from "./replica.ts";

/** Chooses the server of each request: a standby that is up, else the primary. */
export interface ReadRouter {
  /**
   * Runs `attempt` with the state of one server after the other until one responds. A token sticks to one standby while it
   * is up: standbys differ in lag, and a paging client must not go back to older data.
   *
   * @throws ReadFailure when no server could; errors of `attempt` are not retried
   */
  withFailover<T>(
    claim: Claim,
    attempt: (snapshot: () => MaybePromise<Snapshot>) => MaybePromise<T>,
  ): Promise<T>;
  /**
   * Queries the primary for data that standbys lack; with standbys, through a circuit breaker.
   *
   * @param claim whose turn it waits for. @default none: work that requests share
   */
  primary<T>(work: () => Promise<T>, claim?: Claim): Promise<T>;
  /** Queued work of requests, at all servers. */
  waiting(): number;
  /** Replication lag of each standby in seconds; null for an unavailable one. */
  lags(): Promise<(number | null)[]>;
}

/** For optional queries: with standbys there is another source, or the figure is left out. */
const PRIMARY_BREAKER = { timeoutMs: 1_000, cooldownMs: 1_000 };
/** Attempts at one server, whose version may change each time. */
const MAX_ATTEMPTS = 3;

export function createReadRouter(options: {
  readonly database: Database;
  readonly limiter: QueryLimiter;
  readonly lanes: LaneOptions;
  /** Called when PostgreSQL has cancelled a statement at its time limit. */
  readonly onStatementTimeout: () => void;
  /** Pending queries per standby. */
  readonly maxPending: number;
  /** Age at which the known version of a server is read again. */
  readonly maxAgeMs: number;
  /** Called when no server is at the version of the cached responses any more. */
  readonly onOutdated: () => void;
  readonly logger: Logger;
}): ReadRouter {
  const { database, limiter, maxPending, maxAgeMs, onStatementTimeout, logger } = options;
  const lanes = createLanes(database.maxConnections, options.lanes);
  const isAlone = database.replicas.length === 0;
  let last: ServerState | undefined;

  const onChange = (before: string | undefined) => {
    const versions = [last?.version, ...replicas.map((replica) => replica.version())];
    if (before === undefined || !versions.includes(before)) {
      options.onOutdated();
    }
  };
  const replicas = database.replicas.map((replica) =>
    createReadReplica({
      replica,
      maxPending,
      maxAgeMs,
      lanes: options.lanes,
      onStatementTimeout,
      onChange,
      logger,
    }),
  );

  /** After a failover the primary may be another server than the one whose version was read. */
  async function readChecked<T>(
    version: string,
    work: (db: Queryable) => Promise<T>,
    run: QueryLimiter["run"],
  ): Promise<T> {
    const found = await run(() =>
      database.transaction(async (tx) => {
        const { rows } = await tx.query<{ version: string }>(
          "select version::text as version from data_version",
        );
        return isOlder(rows[0]?.version ?? "0", version) ? undefined : { value: await work(tx) };
      }),
    );
    if (found === undefined) {
      state.expire();
      throw new ReadFailure(primary, { isOutdated: true });
    }
    return found.value;
  }

  const stateOf = (found: DataState): ServerState => {
    if (last === undefined || !isSameVersion(found, last)) {
      const before = last?.version;
      const read = <T>(work: (db: Queryable) => Promise<T>, run: QueryLimiter["run"]): Promise<T> =>
        isAlone ? run(() => work(database)) : readChecked(found.version, work, run);
      last = {
        ...found,
        read: (work) => read(work, limiter.run),
        readFor: (claim, work, lane = "request") =>
          read(work, (query) => lanes.run(limiter, claim, lane, query)),
      };
      onChange(before);
    }
    return last;
  };
  const state = createRefreshed(
    async () => stateOf(await limiter.run(() => readDataVersion(database))),
    maxAgeMs,
  );
  const primary: ReadServer = { current: state.current };
  const breaker = createCircuitBreaker(PRIMARY_BREAKER);

  /** The standbys that are up, starting with the token's own, then the primary. */
  function* candidates(tokenId: number): Generator<ReadServer> {
    for (let index = 0; index < replicas.length; index += 1) {
      const replica = replicas[(tokenId + index) % replicas.length];
      if (replica?.isUp()) {
        yield replica;
      }
    }
    yield primary;
  }

  return {
    withFailover: async (claim, attempt) => {
      let failure: unknown;
      for (const server of candidates(claim.client)) {
        const snapshot = () => maybeThen(server.current(), (state) => snapshotFor(claim, state));
        for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
          try {
            return await attempt(snapshot);
          } catch (error) {
            if (!(error instanceof ReadFailure)) {
              throw error;
            }
            failure = error;
            // A failure of a load shared with a request at another server does not concern this one.
            if (error.server === server && !error.isOutdated) {
              break;
            }
          }
        }
      }
      throw failure;
    },
    primary: (work, claim) => {
      const query = isAlone ? work : () => breaker(work);
      return claim === undefined ? limiter.run(query) : lanes.run(limiter, claim, "request", query);
    },
    waiting: () => replicas.reduce((sum, replica) => sum + replica.waiting(), lanes.waiting),
    lags: () => Promise.all(replicas.map((replica) => replica.lag())),
  };
}
