import { createCircuitBreaker, type Database, type Queryable } from "../../database/index.ts";
import type { Logger } from "../../logging/types.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import {
  createRefreshed,
  type DataVersion,
  isOlder,
  isSameVersion,
  readDataVersion,
} from "./data-version.ts";
import type { QueryLimiter } from "./limiter.ts";
import { createReadReplica, ReadFailure, type ReadServer, type Snapshot } from "./replica.ts";

/** Chooses the server of each request: a standby that is up, else the primary. */
export interface ReadRouter {
  /**
   * Runs `attempt` with the state of one server after the other until one responds. A token sticks to one standby while it
   * is up: standbys differ in lag, and a paging client must not go back to older data.
   *
   * @throws ReadFailure when no server could; errors of `attempt` are not retried
   */
  withFailover<T>(
    tokenId: number | undefined,
    attempt: (snapshot: () => MaybePromise<Snapshot>) => MaybePromise<T>,
  ): Promise<T>;
  /** Queries the primary for data that standbys lack; with standbys, through a circuit breaker. */
  primary<T>(work: () => Promise<T>): Promise<T>;
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
  /** Pending queries per standby. */
  readonly maxPending: number;
  /** Age at which the known version of a server is read again. */
  readonly maxAgeMs: number;
  /** Called when no server is at the version of the cached responses any more. */
  readonly onOutdated: () => void;
  readonly logger: Logger;
}): ReadRouter {
  const { database, limiter, maxPending, maxAgeMs, logger } = options;
  const isAlone = database.replicas.length === 0;
  let last: Snapshot | undefined;

  const onChange = (before: string | undefined) => {
    const versions = [last?.version, ...replicas.map((replica) => replica.version())];
    if (before === undefined || !versions.includes(before)) {
      options.onOutdated();
    }
  };
  const replicas = database.replicas.map((replica) =>
    createReadReplica({ replica, maxPending, maxAgeMs, onChange, logger }),
  );

  /** After a failover the primary may be another server than the one whose version was read. */
  async function readChecked<T>(version: string, work: (db: Queryable) => Promise<T>): Promise<T> {
    const found = await limiter.run(() =>
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

  const snapshotOf = (found: DataVersion): Snapshot => {
    if (last === undefined || !isSameVersion(found, last)) {
      const before = last?.version;
      last = {
        ...found,
        read: isAlone
          ? (work) => limiter.run(() => work(database))
          : (work) => readChecked(found.version, work),
      };
      onChange(before);
    }
    return last;
  };
  const state = createRefreshed(
    async () => snapshotOf(await limiter.run(() => readDataVersion(database))),
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
    withFailover: async (tokenId = 0, attempt) => {
      let failure: unknown;
      for (const server of candidates(tokenId)) {
        for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
          try {
            return await attempt(server.current);
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
    primary: (work) => limiter.run(isAlone ? work : () => breaker(work)),
    lags: () => Promise.all(replicas.map((replica) => replica.lag())),
  };
}
