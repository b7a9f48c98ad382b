import type { Readable } from "node:stream";
import { type Database, errorCode, type Queryable, refuseNewer } from "../database/index.ts";
import { Che168Error, LockedError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { type CopySession, countRows, quoteName } from "./copy/copy.ts";
import { withCopySession } from "./copy/copy-session.ts";
import type { DumpProgress } from "./dump.ts";
import { damagedDump, type Manifest } from "./format.ts";
import { createDumpReader, type DumpReader } from "./reader.ts";
import { countRowsOf, findTables, type StandingTable } from "./tables.ts";

/** What is restored, and into which database. */
export interface RestoreOptions {
  /** Opened with `skipSchemaCheck`; may be empty or have another schema. */
  readonly database: Database;
  readonly input: Readable;
  /** What messages call the dump, e.g. its path. */
  readonly name: string;
  /** Replaces what the database holds. @default false */
  readonly force?: boolean | undefined;
  /** What others are told about who is at work. @default "che168-sync restore" */
  readonly applicationName?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Takes everything back; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each piece of a table. */
  readonly onProgress?: ((progress: DumpProgress) => void) | undefined;
}

/** What was restored. */
export interface RestoreResult {
  /** Rows of each table, counted after they were stored. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** What the dump says of itself. */
  readonly madeAt: string;
  readonly madeBy: string;
  /** Steps of the schema that came after the dump was made, and were applied to it. */
  readonly migrated: readonly string[];
  readonly durationMs: number;
}

/** Rows that one expects in an empty database, too. */
const ALWAYS_THERE = "data_version";

async function refuseNonEmpty(
  db: Queryable,
  tables: readonly StandingTable[],
  { description }: Database,
): Promise<void> {
  const found: string[] = [];
  for (const { name } of tables.filter((table) => table.name !== ALWAYS_THERE)) {
    const rows = await countRowsOf(db, name);
    if (rows > 0) {
      found.push(`${rows} in ${name}`);
    }
  }
  if (found.length > 0) {
    throw new Che168Error(
      "DATABASE_NOT_EMPTY",
      `The database ${description} is not empty: it has rows (${found.join(", ")}). With --force they are replaced by what is in the dump.`,
    );
  }
}

/** What the server must be for a dump to be stored without loss. */
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
      `The database's encoding is ${server.encoding}; make one with encoding UTF8, since listings are in Chinese and Russian.`,
    );
  }
}

/** SQLSTATE of a lock that did not come in time. */
const LOCK_NOT_AVAILABLE = "55P03";

/** Takes the tables for this transaction alone; whoever reads them waits. */
async function takeTables(session: CopySession, tables: readonly StandingTable[]): Promise<void> {
  const names = tables.map(({ name }) => quoteName(name)).join(", ");
  await session.query("set local lock_timeout = '10s'");
  await session.query(`lock table ${names} in access exclusive mode`).catch((error) => {
    throw errorCode(error) === LOCK_NOT_AVAILABLE
      ? new LockedError(
          "The tables are in use by another session. Stop `serve` and whatever else reads them, then try again.",
        )
      : error;
  });
  await session.query("set local lock_timeout = 0");
}

/** Takes the indexes away that no constraint needs: built over all rows at once they are faster, and denser. */
async function dropIndexes(session: CopySession, tables: readonly StandingTable[]): Promise<string[]> {
  const { rows } = await session.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relname in (select jsonb_array_elements_text($1::jsonb))
        and c.relnamespace = current_schema()::regnamespace and not i.indisunique
      order by i.indexrelid`,
    [JSON.stringify(tables.map(({ name }) => name))],
  );
  if (rows.length > 0) {
    await session.query(`drop index ${rows.map(({ name }) => name).join(", ")}`);
  }
  return rows.map(({ definition }) => definition);
}

/** Both must name the same tables and columns; that they do is what the same steps of the schema mean. */
function checkTables({ tables }: Manifest, standing: readonly StandingTable[], name: string): void {
  const shape = (list: readonly { name: string; columns: readonly string[] }[]) =>
    JSON.stringify(list.map((one) => [one.name, [...one.columns].sort()]).sort());
  if (shape(tables) !== shape(standing)) {
    throw damagedDump(name, "its tables are not those of the schema that it names");
  }
}

/** Stores every row of the dump; gives the rows of each table as they are counted afterwards. */
async function fill(
  session: CopySession,
  dump: DumpReader,
  standing: readonly StandingTable[],
  { name, signal, onProgress }: RestoreOptions,
): Promise<Record<string, number>> {
  const { tables } = dump.manifest;
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const stored: Record<string, number> = {};
  let done = 0;
  const watched = async function* (pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      signal?.throwIfAborted();
      yield piece;
      done += countRows(piece);
      onProgress?.({ unit: "rows", done, total });
    }
  };
  for (const { rows, next, ...table } of tables) {
    await session.copyIn(table, watched(dump.pieces(table.name)));
    const count = await countRowsOf(session, table.name);
    if (count !== rows) {
      throw damagedDump(name, `it has ${count} rows of ${table.name}, and says that there are ${rows}`);
    }
    stored[table.name] = count;
    const sequence = standing.find((one) => one.name === table.name)?.sequence ?? null;
    if (next !== undefined && sequence !== null) {
      // Unlike setval(), this is undone when the transaction is.
      await session.query(`alter sequence ${sequence} restart with ${next}`);
    }
  }
  await dump.finish();
  return stored;
}

/** The whole of a restore, in one transaction. */
async function replaceAll(
  session: CopySession,
  dump: DumpReader,
  options: RestoreOptions,
): Promise<Record<string, number>> {
  const { database, signal } = options;
  const logger = options.logger ?? silentLogger;
  const standing = await findTables(database, session);
  checkTables(dump.manifest, standing, options.name);
  await takeTables(session, standing);
  if (!options.force) {
    await refuseNonEmpty(session, standing, database);
  }
  const { rows: before } = await session.query<{ version: string }>(
    "select version::text as version from data_version",
  );
  await session.query(`truncate ${standing.map(({ name }) => quoteName(name)).join(", ")}`);
  const indexes = await dropIndexes(session, standing);
  logger.info(`Filling ${standing.length} tables; until the end nothing of it can be seen`);
  const stored = await fill(session, dump, standing, options);
  logger.info(`Building ${indexes.length} indexes`);
  for (const definition of indexes) {
    signal?.throwIfAborted();
    await session.query(definition);
  }
  // Whoever kept an answer of the database as it was must not take it for one of the restored.
  await session.query("update data_version set version = greatest(version, $1::bigint) + 1", [
    before[0]?.version ?? "0",
  ]);
  for (const { name } of standing) {
    signal?.throwIfAborted();
    await session.query(`analyze ${quoteName(name)}`);
  }
  return stored;
}

/**
 * Fills a database from a dump of either engine: all of it in one transaction, so that a crash, a cut connection or a
 * damaged dump leaves what was there before. Memory stays flat.
 *
 * @throws Che168Error `DATABASE_NOT_EMPTY`, `DUMP_INVALID`, `SCHEMA_NEWER`, `DATABASE_UNUSABLE`
 * @throws LockedError while a run is at work, or somebody does not let go of the tables
 */
export async function restoreDatabase(options: RestoreOptions): Promise<RestoreResult> {
  const { database, input, signal } = options;
  const logger = options.logger ?? silentLogger;
  const started = performance.now();
  const lock = await database.lock(
    ["data_fetch", "normalization"],
    options.applicationName ?? "che168-sync restore",
  );
  let dump: DumpReader | undefined;
  // A pipe that brings nothing would be waited for.
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
