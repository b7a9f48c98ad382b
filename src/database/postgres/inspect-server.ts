import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { databaseUnusable, TRANSACTION_POOLING, unusableEncoding } from "../open-errors.ts";
import { errorCode } from "../retry-transient.ts";
import { SETTINGS_JSON } from "../session-settings.ts";
import { quoteIdentifier, SQLSTATE } from "../sql.ts";
import { setSettingsBySql, type WatchedPool } from "./pool.ts";
import { sessionOn } from "./sessions.ts";

/** Server version as a number: 14.0. */
const MIN_VERSION = 140_000;

/** Facts that decide whether and how a database can be used. */
interface ServerFacts {
  /** Null when no schema of the search path exists. */
  readonly schema: string | null;
  readonly searchPath: string;
  readonly role: string;
  readonly encoding: string;
  readonly version: number;
  /** Those of `session-settings.ts`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Process of the session on the server. */
  readonly pid: number;
  /** Whether a pooler or proxy is in between: it invents the process id of the protocol's handshake. */
  readonly isPooled: boolean;
}

const FACTS = `
  select current_schema()::text as schema, current_setting('search_path') as "searchPath", current_user::text as role,
         current_setting('server_encoding') as encoding, current_setting('server_version_num')::int as version,
         ${SETTINGS_JSON} as settings, pg_backend_pid() as pid`;

/** Reads the facts over a new or idle connection. */
export async function readServerFacts(connections: WatchedPool): Promise<ServerFacts> {
  return sessionOn(connections, async (client) => {
    const { rows } = await client.query<Omit<ServerFacts, "isPooled">>(FACTS);
    const facts = rows[0] as Omit<ServerFacts, "isPooled">;
    const { processID } = client as unknown as { readonly processID: number | null };
    return { ...facts, isPooled: processID !== facts.pid };
  });
}

/** @throws Che168Error `DATABASE_UNUSABLE` */
export function refuseUnusable({ version, encoding }: ServerFacts, description: string): void {
  if (version < MIN_VERSION) {
    throw databaseUnusable(
      description,
      `PostgreSQL ${Math.floor(version / 10_000)} is too old: 14 or newer is needed`,
    );
  }
  if (encoding !== "UTF8") {
    throw unusableEncoding(description, encoding);
  }
}

/** The first schema of a search path that may be created: `"$user"` is only used if it exists. */
function firstOfPath(searchPath: string): string | undefined {
  const names = searchPath.match(/"(?:[^"]|"")*"|[^\s,]+/g) ?? [];
  const plain = names.map((name) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase(),
  );
  return plain.find((name) => name !== "$user");
}

/**
 * Determines the schema, and creates it when `mayCreate`.
 * @throws Che168Error `DATABASE_UNUSABLE` without a schema
 */
export async function resolveSchema(
  connections: WatchedPool,
  { schema, searchPath, role }: ServerFacts,
  { description, mayCreate }: { readonly description: string; readonly mayCreate: boolean },
): Promise<string> {
  if (schema !== null) {
    return schema;
  }
  const name = firstOfPath(searchPath);
  if (name === undefined) {
    throw databaseUnusable(
      description,
      `search_path (${searchPath}) names no schema. Set database.schema, or create one: create schema che168`,
    );
  }
  if (!mayCreate) {
    throw databaseUnusable(description, `there is no schema ${name}; \`che168-sync init\` creates it`);
  }
  try {
    await connections.pool.query(`create schema if not exists ${quoteIdentifier(name)}`);
  } catch (error) {
    if (errorCode(error) === SQLSTATE.insufficientPrivilege) {
      throw databaseUnusable(
        description,
        `the role ${role} may not create the schema ${name}. As a superuser, run: create schema ${quoteIdentifier(name)} authorization ${quoteIdentifier(role)}`,
        error,
      );
    }
    throw error;
  }
  return name;
}

const PROBE = "che168.pool_probe";

/** Whether two clients share one session of the server, or one client changes sessions: transaction pooling. */
async function sharesSessions(a: PoolClient, b: PoolClient): Promise<boolean> {
  const read = async (client: PoolClient) =>
    (await client.query(`select current_setting('${PROBE}', true) as token`)).rows[0]?.token;
  const token = randomUUID();
  await a.query(`select set_config('${PROBE}', $1, false)`, [token]);
  await b.query("begin");
  try {
    return (await read(b)) === token || (await read(a)) !== token;
  } finally {
    await b.query("rollback");
    await a.query(`select set_config('${PROBE}', '', false)`);
  }
}

/**
 * Handles a connection pooler such as PgBouncer. In transaction mode, advisory locks would silently protect nothing and
 * named statements fail: rejected. In session mode it may drop the session settings, so they are set by SQL.
 *
 * @throws Che168Error `DATABASE_UNUSABLE`
 */
export async function adaptToPooler(
  connections: WatchedPool,
  { isPooled }: ServerFacts,
  description: string,
): Promise<void> {
  if (!isPooled) {
    return;
  }
  const shares = await sessionOn(connections, (a) => sessionOn(connections, (b) => sharesSessions(a, b)));
  if (shares) {
    throw databaseUnusable(description, TRANSACTION_POOLING);
  }
  setSettingsBySql(connections.pool);
  await closeIdle(connections);
}

/** Closes connections that were opened without their settings. */
async function closeIdle({ pool }: WatchedPool): Promise<void> {
  const clients = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  for (const client of clients) {
    client.release(true);
  }
}
