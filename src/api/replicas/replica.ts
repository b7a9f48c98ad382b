import type { Queryable, Replica } from "../../database/index.ts";
import type { Logger } from "../../logging/types.ts";
import { Problem } from "../http/problem.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Claim } from "./claim.ts";
import { createRefreshed, type DataState, isOlder, isSameVersion, readDataVersion } from "./data-version.ts";
import { createLanes, type Lane, type LaneOptions } from "./lanes.ts";
import { createLimiter, type QueryLimiter } from "./limiter.ts";

/** A version of the data, and access to a server that has it. The same object for all requests. */
export interface ServerState extends DataState {
  /**
   * Reads data that is at least as new as this version, without waiting for a turn: for results that requests share.
   *
   * @throws ReadFailure when this server cannot
   * @throws Problem 503 when no other server can
   */
  read<T>(work: (db: Queryable) => Promise<T>): Promise<T>;
  /** Reads for a claim, at its turn. */
  readFor<T>(claim: Claim, work: (db: Queryable) => Promise<T>, lane?: Lane): Promise<T>;
}

/** A version of the data, as a request reads it. */
export interface Snapshot extends DataState {
  /**
   * Reads data that is at least as new as this version, when it is the turn of the request's token.
   *
   * @param lane @default "request"
   * @throws ReadFailure when this server cannot
   * @throws Problem 503 when no other server can, or when the turn does not come
   */
  read<T>(work: (db: Queryable) => Promise<T>, lane?: Lane): Promise<T>;
  /** For work that other requests share. */
  readonly shared: ServerState;
}

/** The state of a server, as one request reads it. */
export const snapshotFor = (claim: Claim, shared: ServerState): Snapshot => ({
  version: shared.version,
  newestId: shared.newestId,
  newestEvent: shared.newestEvent,
  read: (work, lane) => shared.readFor(claim, work, lane),
  shared,
});

/** A server to read from. */
export interface ReadServer {
  /** Its state, at most a second old. */
  current(): MaybePromise<ServerState>;
}

/** A failed read that may succeed on another server, or on this one at its current version; see `router.ts`. */
export class ReadFailure extends Problem {
  readonly server: ReadServer;
  /** The server is at an older version than the snapshot; its own snapshot has been updated. */
  readonly isOutdated: boolean;

  constructor(server: ReadServer, options: { isOutdated: boolean; cause?: unknown }) {
    super(503, "unavailable", "The database does not respond; try again shortly.", {
      headers: [["retry-after", "5"]],
      cause: options.cause,
    });
    this.name = "ReadFailure";
    this.server = server;
    this.isOutdated = options.isOutdated;
  }
}

/** A standby to read from. */
export interface ReadReplica extends ReadServer {
  /** False while it is unavailable; it is then checked in the background, so that no request waits for it. */
  isUp(): boolean;
  /** The last known version; undefined while it is unavailable. */
  version(): string | undefined;
  /** Queued work of requests. */
  waiting(): number;
  /** Replication lag in seconds; null while it is unavailable. */
  lag(): Promise<number | null>;
}

const VERSION_TIMEOUT_MS = 1_000;
/** After this time the request fails over to another server. */
const READ_TIMEOUT_MS = 2_000;
const CHECK_EVERY_MS = 1_000;

// When all received WAL is replayed, the age of the last transaction is not the lag: it only shows when the last write was.
// Without a WAL receiver it is the only known figure.
const LAG = `
  select case
    when not pg_is_in_recovery() then 0
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver) then 0
    else coalesce(extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()), 0) end::float8 as lag`;

export function createReadReplica(options: {
  readonly replica: Replica;
  readonly maxPending: number;
  readonly maxAgeMs: number;
  readonly lanes: LaneOptions;
  /** Called when PostgreSQL has cancelled a statement at its time limit. */
  readonly onStatementTimeout: () => void;
  /** Called after the version changed. */
  readonly onChange: (before: string) => void;
  readonly logger: Logger;
}): ReadReplica {
  const { replica, maxPending, onStatementTimeout, logger } = options;
  const versions = createLimiter({ timeoutMs: VERSION_TIMEOUT_MS, maxPending });
  const reads = createLimiter({ timeoutMs: READ_TIMEOUT_MS, maxPending, onStatementTimeout });
  const lanes = createLanes(replica.maxConnections, options.lanes);
  /** The version seen on each connection: one address may lead to several servers with different lag. */
  const seen = new WeakMap<object, string>();
  let last: ServerState | undefined;
  let isDown = false;
  let checkedAt = Number.NEGATIVE_INFINITY;

  const readVersion = async (db: Queryable, connection: object): Promise<DataState> => {
    const found = await readDataVersion(db);
    seen.set(connection, found.version);
    return found;
  };

  const stateOf = (found: DataState): ServerState => {
    if (last === undefined || !isSameVersion(found, last)) {
      const before = last?.version;
      const run = reads.run;
      last = {
        ...found,
        read: (work) => read(found.version, work, run),
        readFor: (claim, work, lane = "request") =>
          read(found.version, work, (inSession) => lanes.run(reads, claim, lane, inSession)),
      };
      if (before !== undefined) {
        options.onChange(before);
      }
    }
    return last;
  };

  const state = createRefreshed(async (): Promise<ServerState> => {
    try {
      const found = await versions.run(() => replica.session(readVersion));
      if (isDown) {
        isDown = false;
        logger.info(`The replica ${replica.description} is available again.`);
      }
      return stateOf(found);
    } catch (error) {
      checkedAt = performance.now();
      if (!isDown) {
        isDown = true;
        const { cause } = error as Error;
        const reason = cause instanceof Error ? cause.message : (error as Error).message;
        logger.warn(
          `The replica ${replica.description} is unavailable (${reason}); reading from the other servers.`,
        );
      }
      // Connections that hang keep their places, so the turns of what waits would come too late for another server.
      lanes.refuseWaiting(() => new ReadFailure(server, { isOutdated: false, cause: error }));
      throw new ReadFailure(server, { isOutdated: false, cause: error });
    }
  }, options.maxAgeMs);

  /** Reads version and data on one connection, so that data is never older than its version. */
  async function read<T>(
    version: string,
    work: (db: Queryable) => Promise<T>,
    run: QueryLimiter["run"],
  ): Promise<T> {
    let result: { readonly value: T } | { readonly older: DataState };
    try {
      result = await run(() =>
        replica.session(async (db, connection) => {
          const known = seen.get(connection);
          if (known === undefined || isOlder(known, version)) {
            const found = await readVersion(db, connection);
            if (isOlder(found.version, version)) {
              return { older: found };
            }
          }
          return { value: await work(db) };
        }),
      );
    } catch (cause) {
      if (cause instanceof Problem && cause.code !== "unavailable") {
        // Another server would not be faster.
        throw cause;
      }
      // The version read shows whether the server is unavailable or only this statement failed.
      state.refresh().catch(() => {});
      throw new ReadFailure(server, { isOutdated: false, cause });
    }
    if ("older" in result) {
      state.set(stateOf(result.older));
      throw new ReadFailure(server, { isOutdated: true });
    }
    return result.value;
  }

  const server: ReadReplica = {
    isUp: () => {
      if (isDown && performance.now() - checkedAt > CHECK_EVERY_MS) {
        checkedAt = performance.now();
        state.refresh().catch(() => {});
      }
      return !isDown;
    },
    current: state.current,
    version: () => (isDown ? undefined : last?.version),
    waiting: () => lanes.waiting,
    lag: () =>
      versions
        .run(() => replica.session((db) => db.query<{ lag: number }>(LAG)))
        .then(
          ({ rows }) => rows[0]?.lag ?? null,
          () => null,
        ),
  };
  return server;
}
