import type { Replica } from "../../database/index.ts";
import type { Logger } from "../../logging/types.ts";
import { type DataVersion, VERSION_STATEMENT } from "./data-version.ts";
import { createLimiter } from "./limiter.ts";
import { Elsewhere, type View } from "./view.ts";

/** How long the version may take, which a server that is well tells in no time. */
const VERSION_PATIENCE_MS = 1_000;
/** How long reading may take before another server is asked. */
const DATA_PATIENCE_MS = 2_000;
/** A server that was away is tried again after so long, by nobody who waits for it. */
const TRY_AGAIN_MS = 1_000;

/** A server from which answers are made. */
export interface Source {
  /** False while it is away; then it is tried from time to time, beside the requests. */
  isUp(): boolean;
  look(): View | Promise<View>;
  /** The version that is known of it. */
  version(): string | undefined;
  /** Seconds that it is behind its primary; null when it does not answer. */
  lag(): Promise<number | null>;
}

/** What is older: versions rise. */
export const isOlder = (one: string, other: string): boolean => one !== other && BigInt(one) < BigInt(other);

// When everything received is replayed, the time of the last transaction says only how long nobody has written; without a
// receiver nothing is received, and it is all that is known.
const LAG = `
  select case
    when not pg_is_in_recovery() then 0
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver) then 0
    else coalesce(extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()), 0) end::float8 as lag`;

/** A standby as a source: what it cannot answer in time is asked {@link Elsewhere}. */
export function createReplicaSource(options: {
  replica: Replica;
  maxWaiting: number;
  everyMs: number;
  /** Told after the version has become another. */
  onChange: (before: string) => void;
  logger: Logger;
}): Source {
  const { replica, logger } = options;
  const versions = createLimiter({ timeoutMs: VERSION_PATIENCE_MS, maxWaiting: options.maxWaiting });
  const data = createLimiter({ timeoutMs: DATA_PATIENCE_MS, maxWaiting: options.maxWaiting });
  /** The version that each connection has shown: behind one address may be servers that are not equally far. */
  const seen = new WeakMap<object, string>();
  let last: View | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<View> | undefined;
  let isAway = false;
  let triedAt = Number.NEGATIVE_INFINITY;

  const readVersion = async (...[db, connection]: Parameters<Parameters<Replica["session"]>[0]>) => {
    const { rows } = await db.query<DataVersion>(VERSION_STATEMENT, [], { name: "che168_version" });
    const now = rows[0] ?? { version: "0", newestId: 0 };
    seen.set(connection, now.version);
    return now;
  };

  const become = (now: DataVersion, begun: number): View => {
    if (isAway) {
      isAway = false;
      logger.info(`The replica ${replica.description} answers again.`);
    }
    readAt = begun;
    if (last === undefined || now.version !== last.version || now.newestId !== last.newestId) {
      const before = last?.version;
      last = { ...now, read: (work) => read(now.version, work) };
      if (before !== undefined) {
        options.onChange(before);
      }
    }
    return last;
  };

  const refresh = async (): Promise<View> => {
    const begun = performance.now();
    try {
      return become(await versions.run(() => replica.session(readVersion)), begun);
    } catch (error) {
      triedAt = performance.now();
      if (!isAway) {
        isAway = true;
        const { cause } = error as Error;
        const why = cause instanceof Error ? cause.message : (error as Error).message;
        logger.warn(`The replica ${replica.description} is away (${why}); others answer until it is back.`);
      }
      throw new Elsewhere(source, false, error);
    }
  };

  const look = (): View | Promise<View> => {
    if (last !== undefined && performance.now() - readAt < options.everyMs) {
      return last;
    }
    reading ??= refresh().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  /** Version and data by the same connection, so that no old data is told under a new version. */
  async function read<T>(version: string, work: Parameters<View["read"]>[0]): Promise<T> {
    let behind: DataVersion | undefined;
    let found: unknown;
    try {
      found = await data.run(() =>
        replica.session(async (db, connection) => {
          const shown = seen.get(connection);
          if (shown === undefined || isOlder(shown, version)) {
            const now = await readVersion(db, connection);
            if (isOlder(now.version, version)) {
              behind = now;
              return undefined;
            }
          }
          return work(db);
        }),
      );
    } catch (error) {
      // Whether the server is away, or only this did not work there, the next look at its version will tell.
      readAt = Number.NEGATIVE_INFINITY;
      throw new Elsewhere(source, false, error);
    }
    if (behind !== undefined) {
      become(behind, performance.now());
      throw new Elsewhere(source, true);
    }
    return found as T;
  }

  const source: Source = {
    isUp: () => {
      if (isAway && performance.now() - triedAt > TRY_AGAIN_MS) {
        triedAt = performance.now();
        reading ??= refresh().finally(() => {
          reading = undefined;
        });
        reading.catch(() => {});
      }
      return !isAway;
    },
    look,
    version: () => (isAway ? undefined : last?.version),
    lag: () =>
      versions
        .run(() => replica.session((db) => db.query<{ lag: number }>(LAG)))
        .then(
          ({ rows }) => rows[0]?.lag ?? null,
          () => null,
        ),
  };
  return source;
}
