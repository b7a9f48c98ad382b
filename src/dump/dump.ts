import type { Writable } from "node:stream";
import { type Database, type Queryable, refuseNewer } from "../database/index.ts";
import { Che168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { requireDependencies } from "../util/dependencies.ts";
import { version } from "../version.ts";
import { withCopySession } from "./copy/copy.ts";
import type { CopySession } from "./copy/copy-format.ts";
import type { ManifestTable } from "./format.ts";
import { countRowsOf, type ExistingTable, findTables, nextValue } from "./tables.ts";
import { createDumpWriter, type DumpWriter } from "./writer.ts";

/** Progress of a dump or a restore. */
export interface DumpProgress {
  readonly unit: "rows";
  readonly done: number;
  readonly total: number;
}

/** Options of {@link dumpDatabase}. */
export interface DumpOptions {
  /** May have an older schema than this version. */
  readonly database: Database;
  /** Ended when the dump is complete, destroyed when it fails. */
  readonly output: Writable;
  readonly logger?: Logger | undefined;
  /** Aborts the dump and destroys the output; the call throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each piece of a table. */
  readonly onProgress?: ((progress: DumpProgress) => void) | undefined;
  /** @default the system's clock */
  readonly now?: (() => Date) | undefined;
}

/** Result of a dump. */
export interface DumpResult {
  /** Number of rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Bytes written. */
  readonly bytes: number;
  readonly durationMs: number;
}

async function describe(
  session: Queryable,
  { name, columns, key, sequence }: ExistingTable,
): Promise<ManifestTable> {
  return {
    name,
    columns: [...columns],
    key,
    rows: await countRowsOf(session, name),
    ...(sequence === null ? {} : { next: await nextValue(session, sequence) }),
  };
}

/**
 * Writes the rows of a table.
 *
 * @param onRows called with the number of rows written so far, before each piece; an error that it throws ends the dump
 * @returns the number of rows
 */
async function copyTable(
  session: CopySession,
  table: ManifestTable,
  writer: DumpWriter,
  onRows: (rows: number) => void,
): Promise<number> {
  let rows = 0;
  // Compresses and writes a piece while the next one is read.
  let writing = Promise.resolve(0);
  for await (const piece of session.copyOut(table)) {
    rows += await writing;
    onRows(rows);
    writing = writer.add(table.name, piece);
    writing.catch(() => {});
  }
  rows += await writing;
  if (rows !== table.rows) {
    throw new Error(`COPY returned ${rows} of ${table.rows} rows of ${table.name}`);
  }
  return rows;
}

/** See `index.ts`. */
export async function dumpDatabase(options: DumpOptions): Promise<DumpResult> {
  requireDependencies("dumpDatabase", options, ["database"]);
  const { database, output, signal, onProgress } = options;
  const logger = options.logger ?? silentLogger;
  const started = performance.now();
  const schema = await database.migrations.status();
  refuseNewer(schema);
  for (const { holder } of await database.lockHolders()) {
    logger.info(`Running at the same time: ${holder}. The dump contains the database as it is now.`);
  }
  return withCopySession(
    database,
    "read",
    async (session) => {
      const found = await findTables(database, session);
      if (found.length === 0) {
        throw new Che168Error(
          "DATABASE_UNUSABLE",
          `There is nothing to dump: the database ${database.description} has no tables of che168-sync.`,
        );
      }
      const tables: ManifestTable[] = [];
      for (const table of found) {
        tables.push(await describe(session, table));
      }
      const { rows: server } = await session.query<{ version: string }>(
        "select current_setting('server_version') as version",
      );
      const total = tables.reduce((sum, { rows }) => sum + rows, 0);
      const writer = await createDumpWriter(output, {
        madeBy: version,
        madeAt: (options.now?.() ?? new Date()).toISOString(),
        engine: database.engine,
        serverVersion: server[0]?.version ?? "",
        schema: [...schema.executed],
        tables,
      });
      try {
        let done = 0;
        for (const table of tables) {
          done += await copyTable(session, table, writer, (rows) => {
            signal?.throwIfAborted();
            onProgress?.({ unit: "rows", done: done + rows, total });
          });
        }
        onProgress?.({ unit: "rows", done, total });
        const bytes = await writer.finish();
        return {
          tables: Object.fromEntries(tables.map(({ name, rows }) => [name, rows])),
          rows: total,
          bytes,
          durationMs: Math.round(performance.now() - started),
        };
      } catch (error) {
        await writer.abort(error);
        throw error;
      }
    },
    signal,
  );
}
