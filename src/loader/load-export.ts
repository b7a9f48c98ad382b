import { Che168Error } from "../errors.ts";
import {
  type ExportFile,
  ExportReplaced,
  fileLabel,
  MAX_REPLACEMENTS,
  previousColumns,
  requireColumns,
} from "../export-file/index.ts";
import { writeCheckpoint } from "../operations/index.ts";
import {
  type ExportCheckpoint,
  finishExport,
  readExportCheckpoint,
  startExport,
} from "./export-checkpoint.ts";
import { storeExportBatch } from "./store-export.ts";
import type { LoaderDeps, LoadRun } from "./walk.ts";

/** Loads daily files. */
export interface ExportLoader {
  /**
   * Loads a file from the checkpoint on, if it is the same version as in the last run, else from its first row.
   *
   * @param open opens the file: again when it has been replaced
   * @returns why the file is incomplete; undefined when it has been loaded to its end
   * @throws Che168Error `EXPORT_COLUMNS` when it lacks columns that the stored listings have
   */
  load(run: LoadRun, file: ExportFile, open: () => Promise<ExportFile>): Promise<string | undefined>;
}

/**
 * Creates a loader of daily files.
 *
 * @param beforeStart called once a file is known to be usable, before it is started
 */
export function createExportLoader(
  { database, logger }: LoaderDeps,
  beforeStart: (run: LoadRun, file: ExportFile) => Promise<void>,
): ExportLoader {
  async function checkpointFor(run: LoadRun, file: ExportFile): Promise<ExportCheckpoint> {
    const { statements, options } = run;
    const found = await statements.read(() => readExportCheckpoint(database));
    const isSame = found?.version === file.version && found.file === fileLabel(file);
    if (found !== undefined && isSame && !options.restart) {
      return found;
    }
    if (!options.force) {
      const previous = await statements.read(() => previousColumns(database));
      requireColumns(file.columns, previous, fileLabel(file));
    }
    if (found !== undefined && !found.isFinished && !isSame) {
      logger.info(
        `${found.file} was not loaded to its end; ${fileLabel(file)} is another file and starts anew`,
      );
    }
    await beforeStart(run, file);
    return writeCheckpoint(
      statements,
      () => startExport(database, file),
      () => readExportCheckpoint(database),
    );
  }

  /** Stores all batches. @returns why the file is incomplete */
  async function loadRows(
    run: LoadRun,
    file: ExportFile,
    checkpoint: ExportCheckpoint,
  ): Promise<string | undefined> {
    let { position } = checkpoint;
    run.before = checkpoint.records;
    run.records = checkpoint.records;
    const call = { signal: run.signal, onRetry: run.options.onRetry };
    const batches = file.read(position, call);
    try {
      for (;;) {
        const { done, value } = await batches.next();
        if (done) {
          return value.truncated;
        }
        run.signal.throwIfAborted();
        const before = run.totals;
        const stored = await storeExportBatch(database, value, {
          statements: run.statements,
          operationId: run.operation.id,
          totals: before,
          version: file.version,
          position,
          signal: run.signal,
        });
        if (stored === undefined) {
          throw new Che168Error(
            "POSITION_MOVED",
            `The checkpoint of ${fileLabel(file)} is no longer at byte ${position ?? 0}: another run has moved it.`,
          );
        }
        position = value.position;
        run.totals = stored.totals;
        run.records += value.rows.length + value.rejections.length;
        for (const rejection of stored.rejections) {
          await run.options.onRejected?.(rejection);
        }
        const { loaded, duplicates, rejected, pages } = run.totals;
        await run.options.onPage?.({
          page: pages,
          loaded: loaded - before.loaded,
          duplicates: duplicates - before.duplicates,
          rejected: rejected - before.rejected,
        });
        const total = file.size === null ? run.total : Math.round((run.records * file.size) / position);
        const event = { phase: "load", unit: "records", before: run.before, page: pages } as const;
        run.options.onProgress?.({ ...event, done: run.records, total });
      }
    } finally {
      await batches.return({ truncated: undefined });
    }
  }

  return {
    async load(run, first, open) {
      let file = first;
      for (let replaced = 0; ; replaced += 1) {
        const checkpoint = await checkpointFor(run, file);
        if (checkpoint.isFinished) {
          logger.info(`${fileLabel(file)} has been loaded already. --restart loads it again.`);
          return undefined;
        }
        try {
          const truncated = await loadRows(run, file, checkpoint);
          if (truncated === undefined) {
            await run.statements.write(() => finishExport(database));
          }
          return truncated;
        } catch (error) {
          if (!(error instanceof ExportReplaced) || replaced >= MAX_REPLACEMENTS) {
            throw error;
          }
          logger.warn(
            `${fileLabel(file)} has been replaced while it was read; the new file is loaded from its start`,
          );
          file = await open();
        }
      }
    },
  };
}
