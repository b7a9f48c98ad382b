import type { Queryable } from "../database/index.ts";
import { type ExportFile, fileLabel } from "../export-file/index.ts";

/** The daily file that was loaded last. */
export interface ExportCheckpoint {
  readonly file: string;
  readonly version: string;
  readonly columns: readonly string[];
  /** Where the next row starts; null before the first one. */
  readonly position: number | null;
  readonly records: number;
  readonly isFinished: boolean;
}

/** Reads the checkpoint; `for update` waits for a statement that the server still runs for a killed process. */
export async function readExportCheckpoint(db: Queryable): Promise<ExportCheckpoint | undefined> {
  const { rows } = await db.query<ExportCheckpoint>(
    `select file, version, columns, position::float8 as position, records, finished_at is not null as "isFinished"
       from export_state where id = 1 for update`,
  );
  return rows[0];
}

/** Starts a file at its first row. */
export async function startExport(db: Queryable, file: ExportFile): Promise<void> {
  await db.query(
    `insert into export_state (id, file, version, columns, started_at) values (1, $1, $2, $3, clock_timestamp())
     on conflict (id) do update
        set file = excluded.file, version = excluded.version, columns = excluded.columns, position = null,
            records = 0, started_at = excluded.started_at, finished_at = null`,
    [fileLabel(file), file.version, JSON.stringify(file.columns.names)],
  );
}

/** Marks a file complete. The catalogue then counts as loaded, however far a walk over the API had come. */
export async function finishExport(db: Queryable): Promise<void> {
  await db.query(
    `with finished as (
       update export_state set finished_at = clock_timestamp() where id = 1 returning records, started_at, finished_at),
     deleted as (delete from failed_pages)
     insert into load_state (id, walk, next_page, started_at, finished_at, records, last_records)
     select 1, 'load', null, started_at, finished_at, records, records from finished
     on conflict (id) do update
        set walk = 'load', next_page = null, started_at = excluded.started_at, finished_at = excluded.finished_at,
            records = excluded.records, last_records = excluded.last_records, removed_meanwhile = 0`,
  );
}
