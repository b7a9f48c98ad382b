import type { Socket } from "node:net";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import type { ClientBase, Pool, PoolClient, PoolConfig } from "pg";
import type { DatabaseOptions, ServerAddress } from "../database-options.ts";
import { asConnectFailure } from "../retry-transient.ts";
import { sessionFlags } from "../session-settings.ts";
import { quoteIdentifier } from "../sql.ts";
import { parseServerUrl } from "./url.ts";

/** Settings of every session; keepalives, so that the server frees the locks of a machine that disappeared. */
const SESSION_FLAGS = [
  ...sessionFlags,
  "-c tcp_keepalives_idle=30",
  "-c tcp_keepalives_interval=10",
  "-c tcp_keepalives_count=3",
];

/** A value in PostgreSQL's `options`, where white space separates settings. */
const escapeOption = (value: string): string => value.replace(/[\\\s]/g, "\\$&");

/** `set_config` calls with the effect of an `options` string, for a pooler that drops that startup parameter. */
function settingsSql(options: string): { readonly text: string; readonly values: string[] } {
  const words = options.match(/(?:\\.|\S)+/g) ?? [];
  const settings = words.flatMap((word, index) => {
    const setting = words[index - 1] === "-c" ? word : /^(?:-c|--)(?=[^-])/.test(word) ? word.slice(2) : "";
    const [name = "", ...value] = setting.replace(/\\(.)/g, "$1").split("=");
    return value.length === 0 ? [] : [[name, value.join("=")] as const];
  });
  const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, false)`);
  return { text: `select ${calls.join(", ")}`, values: settings.flat() };
}

/** Settings of this package for the connections of a pool. */
export type SessionOptions = Pick<DatabaseOptions, "serverSettings" | "queryTimeoutMs" | "schema">;

/** node-postgres options for the sessions this package needs, merged with those of the caller. */
export function sessionOptions(
  given: object,
  { serverSettings = [], queryTimeoutMs, schema }: SessionOptions,
) {
  const { options: ownOptions, onConnect } = given as {
    options?: unknown;
    onConnect?: PoolConfig["onConnect"];
  };
  const options = [
    ...(typeof ownOptions === "string" ? [ownOptions] : []),
    ...SESSION_FLAGS,
    ...(schema === undefined ? [] : [`-c search_path=${escapeOption(quoteIdentifier(schema))}`]),
    ...serverSettings,
  ].join(" ");
  const prepareSession = async (client: ClientBase) => {
    if (queryTimeoutMs !== undefined) {
      setSocketTimeout(client, queryTimeoutMs);
    }
    if (withoutOptions.has(prepareSession)) {
      await client.query(settingsSql(options));
    }
    await onConnect?.(client);
  };
  return {
    application_name: "che168-sync",
    keepAlive: true,
    connectionTimeoutMillis: Math.min(10_000, queryTimeoutMs ?? 10_000),
    ...given,
    options,
    onConnect: prepareSession,
  };
}

/** Hooks of pools whose pooler drops `options`. */
const withoutOptions = new WeakSet<object>();

/** Makes new sessions of the pool apply their settings by SQL, because a pooler drops the startup parameter `options`. */
export function setSettingsBySql(pool: Pool): void {
  const { onConnect } = pool.options as PoolConfig;
  if (onConnect !== undefined) {
    withoutOptions.add(onConnect);
  }
}

/** MikroORM options for a server. */
export function serverOrmOptions(
  address: ServerAddress,
  options: SessionOptions & { readonly poolSize: number },
) {
  const { host, port, user, password, database, ...rest } =
    address.url === undefined ? ({} as ReturnType<typeof parseServerUrl>) : parseServerUrl(address.url);
  return {
    driver: PostgreSqlDriver,
    host: address.host ?? host ?? "localhost",
    port: address.port ?? port ?? 5432,
    user: address.user ?? user ?? "postgres",
    ...(password === undefined && address.password === undefined
      ? {}
      : { password: address.password ?? String(password) }),
    dbName: address.name ?? database ?? "che168",
    driverOptions: { ...sessionOptions(rest, options), max: options.poolSize },
  };
}

/** Internals of node-postgres that its types omit. */
interface ClientInternals {
  /** False while a statement is running, or while connecting. */
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: Socket };
}

const internalsOf = (client: ClientBase) => client as unknown as ClientInternals;

/** Every connection of a pool: idle, in use, or still connecting. */
const clientsOf = (pool: Pool) => (pool as unknown as { readonly _clients: readonly ClientBase[] })._clients;

/** Grace periods after an abort: for running statements, then for rollbacks and the closing of the run's row. */
const STOP_STATEMENTS_AFTER_MS = 900;
const STOP_CONNECTIONS_AFTER_MS = 1_400;

/**
 * A pending request for a connection. Cleared when it has ended: V8 keeps a busy Set's old backing store, and everything it
 * references, until the next major GC.
 */
interface Waiting {
  done: Acquired | undefined;
}

/** Gets a connection, or an error that `isTransient` accepts, regardless of the cause. */
type Acquired = (error: unknown, client?: PoolClient) => void;

/** A pool whose connections are closed soon after an abort, even blocked ones. */
export interface WatchedPool {
  readonly pool: Pool;
  /** With a callback, which is cheaper than a promise: each statement needs a connection. */
  acquire(done: Acquired): void;
  /** @throws an error that `isTransient` accepts, regardless of the cause */
  connect(): Promise<PoolClient>;
  /** Stops watching the signal. */
  dispose(): void;
}

/**
 * Watches a pool. A statement may block indefinitely, on a synchronous standby or a lock, and the protocol offers no way to
 * abandon it: after an abort, connections with a running statement are closed first, then all others. Their statements
 * reject with the signal's reason.
 */
export function watchConnections(pool: Pool, signal?: AbortSignal): WatchedPool {
  const waiting = new Set<Waiting>();
  let isStopped = false;
  const timers: NodeJS.Timeout[] = [];
  const close = (which: (client: ClientInternals) => boolean) => {
    for (const client of clientsOf(pool).map(internalsOf)) {
      if (which(client)) {
        client.connection.stream.destroy(signal?.reason);
      }
    }
  };
  const stop = () => {
    timers.push(
      setTimeout(() => close(({ readyForQuery }) => !readyForQuery), STOP_STATEMENTS_AFTER_MS),
      setTimeout(() => {
        isStopped = true;
        close(() => true);
        for (const { done } of waiting) {
          done?.(signal?.reason);
        }
      }, STOP_CONNECTIONS_AFTER_MS),
    );
  };
  if (signal?.aborted) {
    stop();
  }
  signal?.addEventListener("abort", stop, { once: true });
  const acquire = (done: Acquired): void => {
    if (isStopped) {
      done(signal?.reason);
      return;
    }
    const one: Waiting = { done };
    waiting.add(one);
    // A callback, for the same reason as in `native-clients.ts`.
    pool.connect((error, client) => {
      waiting.delete(one);
      one.done = undefined;
      if (client === undefined) {
        done(error === signal?.reason ? error : asConnectFailure(error));
      } else if (isStopped) {
        client.release(true);
      } else {
        done(undefined, client);
      }
    });
  };
  return {
    pool,
    acquire,
    connect: () =>
      new Promise((resolve, reject) => {
        acquire((error, client) => {
          if (client === undefined) {
            reject(error);
          } else {
            resolve(client);
          }
        });
      }),
    dispose: () => {
      signal?.removeEventListener("abort", stop);
      for (const timer of timers) {
        clearTimeout(timer);
      }
    },
  };
}

/**
 * Ends a pool of an ORM that has been closed: Kysely only does so after a statement of its own, and its idle connections
 * would keep the process alive for 10 s.
 */
export async function endPool(pool: Pool): Promise<void> {
  if (!pool.ending) {
    await pool.end();
  }
}

/**
 * Closes a connection that is silent for `afterMs` while a statement is running: its server disappeared.
 *
 * One timer per connection, which is only rescheduled. The `query_timeout` of node-postgres creates one per statement, and
 * each keeps request and response alive past minor garbage collections: under load, that triples the memory.
 *
 * @param client one that has just connected
 */
function setSocketTimeout(client: ClientBase, afterMs: number): void {
  const internals = internalsOf(client);
  const { stream } = internals.connection;
  stream.setTimeout(afterMs, () => {
    if (!internals.readyForQuery) {
      const error = new Error(`No response from the database for ${afterMs} ms`);
      stream.destroy(Object.assign(error, { code: "ETIMEDOUT" }));
    }
  });
}
