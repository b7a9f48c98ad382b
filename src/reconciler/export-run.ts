import {
  type ExportFile,
  ExportReplaced,
  fileLabel,
  MAX_REPLACEMENTS,
  previousColumns,
  recordFile,
  refuseFuture,
  reportColumns,
  requireColumns,
  staleError,
  staleReason,
} from "../export-file/index.ts";
import { readOpenGaps } from "../operations/index.ts";
import type { CallOptions } from "../upstream/index.ts";
import { errorMessage } from "../util/error-message.ts";
import { createExportSource } from "./export-source.ts";
import type { FeedDeps } from "./feed-position.ts";
import type { SnapshotSource } from "./source.ts";
import type { ExportOpener } from "./types.ts";

/** Dependencies for a comparison with a file. */
export interface ExportRunDeps extends FeedDeps {
  /** Expected number of records, for progress. */
  readonly total: () => Promise<number | null>;
}

/**
 * Opens a file that the copy may be compared with.
 *
 * @throws Che168Error `EXPORT_STALE`, `EXPORT_INVALID`, `EXPORT_COLUMNS` unless `force`, and what `open` throws
 */
async function openUsable(
  { database, logger, now, timezone }: ExportRunDeps,
  open: ExportOpener,
  force: boolean,
  call: CallOptions,
): Promise<ExportFile> {
  const file = await open(call);
  refuseFuture(file, now(), timezone);
  const stale = staleReason(file, now(), timezone);
  if (stale !== undefined) {
    throw staleError(stale, "Use a newer file, or reconcile over the API.", file);
  }
  reportColumns(file, logger);
  if (!force) {
    const previous = await database.retrying(() => previousColumns(database), { signal: call.signal });
    requireColumns(file.columns, previous, fileLabel(file));
  }
  return file;
}

/**
 * Compares with a daily file; if it is replaced during the run, with the new one.
 *
 * @param compare compares with a source. @returns its result
 * @param onUnusable called when no file can be used, before the error is thrown
 */
export async function compareWithFile<Result extends { readonly status: string; readonly records: number }>(
  deps: ExportRunDeps,
  run: {
    readonly open: ExportOpener;
    readonly force: boolean;
    readonly dryRun: boolean;
    readonly call: CallOptions;
    readonly compare: (source: SnapshotSource) => Promise<Result>;
    readonly onUnusable: (error: unknown) => Promise<void>;
  },
): Promise<Result> {
  for (let replaced = 0; ; replaced += 1) {
    let file: ExportFile;
    try {
      file = await openUsable(deps, run.open, run.force, run.call);
    } catch (error) {
      await run.onUnusable(error);
      throw error;
    }
    try {
      const source = createExportSource(file, { client: deps.client, total: await deps.total() });
      const result = await run.compare(source);
      if (result.status === "OK" && !run.dryRun) {
        await deps.database.retrying(() => recordFile(deps.database, file, result.records));
      }
      return result;
    } catch (error) {
      if (!(error instanceof ExportReplaced) || replaced >= MAX_REPLACEMENTS) {
        throw error;
      }
      deps.logger.warn(
        `${fileLabel(file)} has been replaced while it was compared; starting with the new file`,
      );
    }
  }
}

/**
 * The newest daily file, when it repairs every open gap: its position is above their last ids.
 *
 * @returns undefined when there is no such file; the reason is logged
 */
export async function fileForRepair(
  deps: ExportRunDeps,
  open: ExportOpener,
  call: CallOptions,
): Promise<ExportOpener | undefined> {
  const { database, client, logger } = deps;
  try {
    const file = await openUsable(deps, open, false, call);
    const position = await client.changeId(file.date, call);
    const gaps = await database.retrying(() => readOpenGaps(database));
    if (position !== null && gaps.every(({ toId }) => toId < position)) {
      return open;
    }
    logger.info(`${fileLabel(file)} is too old for the gap of the feed; repairing it over the API`);
  } catch (error) {
    call.signal?.throwIfAborted();
    logger.warn(`The daily file cannot repair the gap of the feed: ${errorMessage(error)}`);
  }
  return undefined;
}
