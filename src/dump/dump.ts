import type { Writable } from "node:stream";
import { type Database, type Queryable, refuseNewer } from "../database/index.ts";
import { Che168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { version } from "../version.ts";
import { withCopySession } from "./copy/copy-session.ts";
import type { ManifestTable } from "./format.ts";
import { countRowsOf, findTables, nextValue, type StandingTable } from "./tables.ts";
import { createDumpWriter } from "./writer.ts";

/** How far a dump or a restore is. */
export interface DumpProgress {
  readonly unit: "rows";
  readonly done: number;
  readonly total: number;
}

/** What is dumped, and where to. */
export interface DumpOptions {
  /** May have an older schema than this program. */
  readonly database: Database;
  /** Ended when the dump is complete, destroyed when it fails. */
  readonly output: Writable;
  readonly logger?: Logger | undefined;
  /** Ends it, and destroys the output; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each piece of a table. */
  readonly onProgress?: ((progress: DumpProgress) => void) | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** What a dump holds. */
export interface DumpResult {
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Length of what was written. */
  readonly bytes: number;
  readonly durationMs: number;
}

async function describe(
  session: Queryable,
  { name, columns, key, sequence }: StandingTable,
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
 * Writes the whole database as one stream: every table as it is at one moment, whatever is written meanwhile. The access
 * tokens are in it. Memory stays flat. Nothing may go on while the embedded database is dumped, since it has one connection.
 *
 * @throws Che168Error `SCHEMA_NEWER`; `DATABASE_UNUSABLE` when there is nothing to dump
 * @throws the signal's reason, or the output's error
 */
export async function dumpDatabase(options: DumpOptions): Promise<DumpResult> {
  const { database, output, signal, onProgress } = options;
  const logger = options.logger ?? silentLogger;
  const started = performance.now();
  const schema = await database.migrations.status();
  refuseNewer(schema);
  for (const { holder } of await database.lockHolders()) {
    logger.info(`Running meanwhile: ${holder}. The dump shows the database as it is now.`);
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
      const { rows: about } = await session.query<{ version: string }>(
        "select current_setting('server_version') as version",
      );
      const total = tables.reduce((sum, { rows }) => sum + rows, 0);
      const writer = await createDumpWriter(output, {
        madeBy: version,
        madeAt: (options.now?.() ?? new Date()).toISOString(),
        engine: database.engine,
        serverVersion: about[0]?.version ?? "",
        schema: [...schema.executed],
        tables,
      });
      try {
        let done = 0;
        for (const table of tables) {
          const before = done;
          // A piece is compressed and written while the next one is read.
          let writing = Promise.resolve(0);
          for await (const piece of session.copyOut(table)) {
            signal?.throwIfAborted();
            done += await writing;
            onProgress?.({ unit: "rows", done, total });
            writing = writer.add(table.name, piece);
            writing.catch(() => {});
          }
          done += await writing;
          if (done - before !== table.rows) {
            throw new Error(`${table.name} gave ${done - before} rows of ${table.rows}`);
          }
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
