import { createCircuitBreaker, type Database } from "../../database/index.ts";
import type { Logger } from "../../logging/types.ts";
import type { ApiRequest } from "../http/api-request.ts";
import { maybeThen } from "../maybe-promise.ts";
import { createDataVersion } from "./data-version.ts";
import type { QueryLimiter } from "./limiter.ts";
import { createReplicaSource, isOlder, type Source } from "./replica.ts";
import { Elsewhere, type View } from "./view.ts";

/** The servers from which answers are made: the standbys while there are any that answer, else the primary. */
export interface ReadRouter {
  /**
   * Where a request is answered from. A token stays with one standby while that answers: standbys are not equally far, and
   * whoever reads page after page must not see the time go back.
   */
  look(request: Pick<ApiRequest, "token" | "tried">): View | Promise<View>;
  /** Asks the primary what only it knows; with standbys nobody waits long for it. */
  primary<T>(work: () => Promise<T>): Promise<T>;
  /** Seconds that each standby is behind; null for one that is away. */
  lags(): Promise<(number | null)[]>;
}

/** With standbys there is another answer, or a figure can be left out. */
const PRIMARY_PATIENCE = { timeoutMs: 1_000, cooldownMs: 1_000 };

export function createSources(options: {
  database: Database;
  gate: QueryLimiter;
  maxWaiting: number;
  /** How old the known version of the data may be. */
  everyMs: number;
  /** No server is at the version any more that answers were remembered for. */
  onOutdated: () => void;
  logger: Logger;
}): ReadRouter {
  const { database, gate, everyMs, maxWaiting, logger } = options;
  const alone = database.replicas.length === 0;
  let primaryVersion: string | undefined;
  const onChange = (before: string | undefined) => {
    const current = [primaryVersion, ...standbys.map((one) => one.version())];
    if (before === undefined || !current.includes(before)) {
      options.onOutdated();
    }
  };
  const standbys: Source[] = database.replicas.map((replica) =>
    createReplicaSource({ replica, maxWaiting, everyMs, onChange, logger }),
  );

  let view: View | undefined;
  const primaryKey = {};
  const dataVersion = createDataVersion({ database, gate, everyMs });
  /** The primary may have become another server since its version was read. */
  const checked: (version: string) => View["read"] = (version) => async (work) => {
    const found = await gate.run(() =>
      database.transaction(async (tx) => {
        const { rows } = await tx.query<{ version: string }>(
          "select version::text as version from data_version",
        );
        return isOlder(rows[0]?.version ?? "0", version) ? undefined : { value: await work(tx) };
      }),
    );
    if (found === undefined) {
      dataVersion.forget();
      throw new Elsewhere(primaryKey, true);
    }
    return found.value;
  };
  const viewOf = (now: Awaited<ReturnType<typeof dataVersion.read>>): View => {
    if (view === undefined || now.version !== view.version || now.newestId !== view.newestId) {
      const before = primaryVersion;
      primaryVersion = now.version;
      view = { ...now, read: alone ? (work) => gate.run(() => work(database)) : checked(now.version) };
      onChange(before);
    }
    return view;
  };
  const lookAtPrimary = (): View | Promise<View> => maybeThen(dataVersion.read(), viewOf);
  const patient = createCircuitBreaker(PRIMARY_PATIENCE);

  return {
    look: ({ token, tried }) => {
      for (let index = 0; index < standbys.length; index += 1) {
        const standby = standbys[((token?.id ?? 0) + index) % standbys.length] as Source;
        if (!tried?.has(standby) && standby.isUp()) {
          return standby.look();
        }
      }
      return lookAtPrimary();
    },
    primary: (work) => gate.run(alone ? work : () => patient(work)),
    lags: () => Promise.all(standbys.map((standby) => standby.lag())),
  };
}
