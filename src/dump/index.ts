/** Dumps of the whole database. The tar format, validation and the driver load with the first dump or restore. */

import type { DumpOptions, DumpResult } from "./dump.ts";
import type { RestoreOptions, RestoreResult } from "./restore.ts";

export type { DumpOptions, DumpProgress, DumpResult } from "./dump.ts";
export { createDumpFile } from "./dump-file.ts";
export type { RestoreOptions, RestoreResult } from "./restore.ts";

/**
 * Writes the whole database as one stream, from a single snapshot, unaffected by concurrent writes. Access tokens
 * are included. Memory is bounded. The embedded database has one connection, so nothing else can use it during the dump.
 *
 * @throws Che168Error `SCHEMA_NEWER`; `DATABASE_UNUSABLE` when the database has none of our tables
 * @throws the signal's reason, or the error of the output
 */
export async function dumpDatabase(options: DumpOptions): Promise<DumpResult> {
  return (await import("./dump.ts")).dumpDatabase(options);
}

/**
 * Fills a database from a dump of either engine, in one transaction: after a crash, a lost connection or a damaged dump the
 * previous content is unchanged. Memory is bounded.
 *
 * @throws Che168Error `DATABASE_NOT_EMPTY`, `DUMP_INVALID`, `SCHEMA_NEWER`, `DATABASE_UNUSABLE`
 * @throws LockedError while a run holds a lock, or another session keeps the tables locked
 */
export async function restoreDatabase(options: RestoreOptions): Promise<RestoreResult> {
  return (await import("./restore.ts")).restoreDatabase(options);
}
