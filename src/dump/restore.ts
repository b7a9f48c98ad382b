import type { Readable } from "node:stream";
import {
  type Database,
  errorCode,
  type Queryable,
  quoteIdentifier,
  refuseNewer,
  SQLSTATE,
} from "../database/index.ts";
import { Che168Error, LockedError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { requireDependencies } from "../util/dependencies.ts";
import { withCopySession } from "./copy/copy.ts";
import { type CopySession, countCopiedRows } from "./copy/copy-format.ts";
import type { DumpProgress } from "./dump.ts";
import { damagedDump, type Manifest } from "./format.ts";
import { createDumpReader, type DumpReader } from "./reader.ts";
import { countRowsOf, type ExistingTable, findTables } from "./tables.ts";

/** Options of {@link restoreDatabase}. */
export interface RestoreOptions {
  /** Opened with `skipSchemaCheck`: it may be empty or have another schema version. */
  readonly database: Database;
  readonly input: Readable;
  /** The dump's name in messages, e.g. its path. */
  readonly name: string;
  /** Replaces existing rows. @default false */
  readonly force?: boolean | undefined;
  /** The name of this run in the messages of others. @default "che168-sync restore" */
  readonly applicationName?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Rolls everything back; the call throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each part of a table. */
  readonly onProgress?: ((progress: DumpProgress) => void) | undefined;
}

/** Result of a restore. */
export interface RestoreResult {
  /** Number of rows by table, counted after storing. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** When the dump was made: ISO 8601, UTC. */
  readonly madeAt: string;
  /** The version that made it. */
  readonly madeBy: string;
  /** Migrations that are newer than the dump and were applied to it. */
  readonly migrated: readonly string[];
  readonly durationMs: number;
}

/** Has a row in an empty database, too. */
const ALWAYS_FILLED = "data_version";

async function refuseNonEmpty(
  db: Queryable,
  tables: readonly ExistingTable[],
  { description }: Database,
): Promise<void> {
  const found: string[] = [];
  for (const { name } of tables.filter((table) => table.name !== ALWAYS_FILLED)) {
    const rows = await countRowsOf(db, name);
    if (rows > 0) {
      found.push(`${rows} in ${name}`);
    }
  }
  if (found.length > 0) {
    throw new Che168Error(
      "DATABASE_NOT_EMPTY",
      `The database ${description} is not empty: it has rows (${found.join(", ")}). --force replaces them with those of the dump.`,
    );
  }
}

/** Refuses servers that cannot store a dump without loss. */
async function checkServer(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ number: number; version: string; encoding: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
            current_setting('server_encoding') as encoding`,
  );
  const [server] = rows;
  if (server === undefined || server.number < 140_000) {
    throw new Che168Error(
      "DATABASE_UNUSABLE",
      `The server is PostgreSQL ${server?.version}; che168-sync needs PostgreSQL 14 or newer.`,
    );
  }
  if (server.encoding !== "UTF8") {
    throw new Che168Error(
      "DATABASE_UNUSABLE",
      `The database's encoding is ${server.encoding}; create one with encoding UTF8: listings are in Chinese and Russian.`,
    );
  }
}

/** Locks the tables exclusively: readers wait. */
async function lockTables(session: CopySession, tables: readonly ExistingTable[]): Promise<void> {
  const names = tables.map(({ name }) => quoteIdentifier(name)).join(", ");
  await session.query("set local lock_timeout = '10s'");
  await session.query(`lock table ${names} in access exclusive mode`).catch((error) => {
    throw errorCode(error) === SQLSTATE.lockNotAvailable
      ? new LockedError(
          "The tables are in use by another session. Stop `serve` and other readers, then try again.",
        )
      : error;
  });
  await session.query("set local lock_timeout = 0");
}

/** Drops the indexes that no constraint needs: rebuilding them over all rows is faster, and they are denser. */
async function dropIndexes(session: CopySession, tables: readonly ExistingTable[]): Promise<string[]> {
  const { rows } = await session.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relname in (select jsonb_array_elements_text($1::jsonb))
        and c.relnamespace = quote_ident(current_schema())::regnamespace and not i.indisunique
      order by i.indexrelid`,
    [JSON.stringify(tables.map(({ name }) => name))],
  );
  if (rows.length > 0) {
    await session.query(`drop index ${rows.map(({ name }) => name).join(", ")}`);
  }
  return rows.map(({ definition }) => definition);
}

/** Triggers would append to tables whose rows the dump has. */
async function setTriggers(
  session: CopySession,
  tables: readonly ExistingTable[],
  state: "enable" | "disable",
): Promise<void> {
  for (const { name } of tables) {
    await session.query(`alter table ${quoteIdentifier(name)} ${state} trigger user`);
  }
}

/** The same migrations mean the same tables and columns. */
function checkTables({ tables }: Manifest, existing: readonly ExistingTable[], name: string): void {
  const shape = (list: readonly { name: string; columns: readonly string[] }[]) =>
    JSON.stringify(list.map((one) => [one.name, [...one.columns].sort()]).sort());
  if (shape(tables) !== shape(existing)) {
    throw damagedDump(name, "its tables do not match the migrations that it lists");
  }
}

/** SQLSTATEs of rows that PostgreSQL refuses: data exceptions (22), integrity constraint violations (23). */
const REFUSED_ROWS = /^2[23]/;

/** Stores every row of the dump; returns the number of rows by table, counted afterwards. */
async function fill(
  session: CopySession,
  dump: DumpReader,
  existing: readonly ExistingTable[],
  { name, signal, onProgress }: RestoreOptions,
): Promise<Record<string, number>> {
  const { tables } = dump.manifest;
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const stored: Record<string, number> = {};
  let done = 0;
  const watched = async function* (table: string, expected: number) {
    const before = done;
    for await (const part of dump.rows(table)) {
      signal?.throwIfAborted();
      done += countCopiedRows(part);
      if (done - before > expected) {
        throw damagedDump(name, `it has more than the ${expected} rows of ${table} that it lists`);
      }
      yield part;
      onProgress?.({ unit: "rows", done, total });
    }
  };
  for (const { rows, next, ...table } of tables) {
    await session.copyIn(table, watched(table.name, rows)).catch((error) => {
      throw REFUSED_ROWS.test(errorCode(error) ?? "")
        ? damagedDump(name, `PostgreSQL refuses a row of ${table.name} (${error.message})`, error)
        : error;
    });
    const count = await countRowsOf(session, table.name);
    if (count !== rows) {
      throw damagedDump(name, `it has ${count} rows of ${table.name}, and lists ${rows}`);
    }
    stored[table.name] = count;
    const sequence = existing.find((one) => one.name === table.name)?.sequence ?? null;
    if (next !== undefined && sequence !== null) {
      await restartSequence(session, sequence, next);
    }
  }
  await dump.finish();
  return stored;
}

/** Unlike setval(), `restart` is undone when the transaction is. */
async function restartSequence(session: CopySession, sequence: string, next: string): Promise<void> {
  const { rows } = await session.query<{ max: string }>(
    "select seqmax::text as max from pg_sequence where seqrelid = $1::regclass",
    [sequence],
  );
  const max = rows[0]?.max ?? next;
  if (BigInt(next) <= BigInt(max)) {
    await session.query(`alter sequence ${sequence} restart with ${next}`);
    return;
  }
  // An exhausted sequence stays exhausted: its last value is drawn.
  await session.query(`alter sequence ${sequence} restart with ${max}`);
  await session.query("select nextval($1::regclass)", [sequence]);
}

/** Replaces all rows, in the session's transaction. */
async function replaceAll(
  session: CopySession,
  dump: DumpReader,
  options: RestoreOptions,
): Promise<Record<string, number>> {
  const { database, signal } = options;
  const logger = options.logger ?? silentLogger;
  const existing = await findTables(database, session);
  checkTables(dump.manifest, existing, options.name);
  await lockTables(session, existing);
  if (!options.force) {
    await refuseNonEmpty(session, existing, database);
  }
  const { rows: before } = await session.query<{ version: string }>(
    "select version::text as version from data_version",
  );
  await session.query(`truncate ${existing.map(({ name }) => quoteIdentifier(name)).join(", ")}`);
  const indexes = await dropIndexes(session, existing);
  await setTriggers(session, existing, "disable");
  logger.info(`Filling ${existing.length} tables; other sessions see the rows once all are stored`);
  const stored = await fill(session, dump, existing, options);
  await setTriggers(session, existing, "enable");
  logger.info(`Building ${indexes.length} indexes`);
  for (const definition of indexes) {
    signal?.throwIfAborted();
    await session.query(definition);
  }
  // Invalidates cached responses of the previous content.
  await session.query("update data_version set version = greatest(version, $1::bigint) + 1", [
    before[0]?.version ?? "0",
  ]);
  for (const { name } of existing) {
    signal?.throwIfAborted();
    await session.query(`analyze ${quoteIdentifier(name)}`);
  }
  return stored;
}

/** See `index.ts`. */
export async function restoreDatabase(options: RestoreOptions): Promise<RestoreResult> {
  requireDependencies("restoreDatabase", options, ["database"]);
  const { database, input, signal } = options;
  const logger = options.logger ?? silentLogger;
  const started = performance.now();
  const lock = await database.lock(
    ["data_fetch", "normalization"],
    options.applicationName ?? "che168-sync restore",
  );
  let dump: DumpReader | undefined;
  // A read from an idle pipe does not notice the signal.
  const stop = () => input.destroy(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    await checkServer(database);
    logger.debug(`Reading the dump ${options.name}`);
    const opened = await createDumpReader(input, options.name);
    dump = opened;
    refuseNewer(await database.migrations.status());
    if (!options.force) {
      await refuseNonEmpty(database, await findTables(database), database);
    }
    await database.migrations.to(opened.manifest.schema);
    const tables = await withCopySession(
      database,
      "write",
      (session) => replaceAll(session, opened, options),
      signal,
    );
    const migrated = await database.migrations.up();
    const { madeAt, madeBy } = opened.manifest;
    return {
      tables,
      rows: Object.values(tables).reduce((sum, rows) => sum + rows, 0),
      madeAt,
      madeBy,
      migrated,
      durationMs: Math.round(performance.now() - started),
    };
  } finally {
    signal?.removeEventListener("abort", stop);
    await dump?.close();
    input.destroy();
    await lock.release();
  }
}
