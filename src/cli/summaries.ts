import type { DumpResult, RestoreResult } from "../dump/index.ts";
import type { LoadResult } from "../loader/index.ts";
import type { NormalizeResult } from "../normalizer/index.ts";
import type { ReconcileResult } from "../reconciler/index.ts";
import type { UpdateResult } from "../updater/index.ts";
import { bytes, counted, formatCount } from "./output.ts";
import { duration } from "./progress/progress.ts";

// Log lines that sum up a result. Pure.

const orNone = (value: number, text: string): string => (value === 0 ? "" : text);
const lineIf = (value: number, line: string): string[] => (value === 0 ? [] : [line]);

export function loadSummary(result: LoadResult): string[] {
  const { pages, loaded, duplicates, rejected, finished, nextPage, failedPages, error, exportFile } = result;
  const read = exportFile ? exportFile.name : counted(pages, "page");
  const resumes = exportFile ? "The next run resumes there" : `The next run resumes at page ${nextPage}`;
  return [
    `Read ${read} in ${duration(result.durationMs)}: ${formatCount(loaded)} new, ${formatCount(duplicates)} already stored${orNone(rejected, `, ${formatCount(rejected)} rejected`)}`,
    ...(error === undefined ? [] : [`Aborted: ${error}`]),
    ...lineIf(failedPages.length, `${counted(failedPages.length, "page")} failed; the next run retries them`),
    finished ? "The catalogue is complete" : resumes,
  ];
}

export function updateSummary(result: UpdateResult): string[] {
  const { changes, days, loaded, updated, removed, rejected, completed, failed } = result;
  return [
    `Read ${counted(changes, "change")} of ${counted(days.length, "day")} in ${duration(result.durationMs)}: ${formatCount(loaded)} new, ${formatCount(updated)} changed, ${formatCount(removed)} removed${orNone(rejected, `, ${formatCount(rejected)} rejected`)}`,
    ...lineIf(
      completed,
      `Fetched the full data of ${counted(completed, "listing")} known only from a change`,
    ),
    ...lineIf(failed, `${counted(failed, "listing")} could not be completed; the next run retries`),
    ...lineIf(result.skipped, `${counted(result.skipped, "change id")} were skipped by the service`),
  ];
}

export function reconcileSummary(result: ReconcileResult): string[] {
  const { records, loaded, updated, reactivated, removed, unchanged, newer, rejected } = result;
  const would = result.dryRun ? "would be " : "";
  return [
    `Compared ${counted(records, "listing")} in ${duration(result.durationMs)}: ${formatCount(loaded)} ${would}added, ${formatCount(updated)} ${would}replaced, ${formatCount(reactivated)} ${would}reactivated, ${formatCount(removed)} ${would}ended, ${formatCount(unchanged)} equal${orNone(newer, `, ${formatCount(newer)} changed by the feed since`)}${orNone(rejected, `, ${formatCount(rejected)} rejected`)}`,
    ...lineIf(result.gapsRepaired, `Repaired ${counted(result.gapsRepaired, "gap")} of the feed`),
    ...(result.error === undefined ? [] : [`The copy may still differ: ${result.error}`]),
  ];
}

export function normalizeSummary(result: NormalizeResult): string[] {
  const { processed, unchanged, deactivated, errors, changedMeanwhile, issues } = result;
  return [
    `Normalised ${counted(processed, "listing")} in ${duration(result.durationMs)}${orNone(unchanged, `, ${formatCount(unchanged)} of them unchanged`)}${orNone(deactivated, `, ${formatCount(deactivated)} removed`)}${orNone(issues, `; ${counted(issues, "value")} ${issues === 1 ? "was" : "were"} rejected or corrected`)}`,
    ...lineIf(
      changedMeanwhile,
      `${counted(changedMeanwhile, "row")} changed during the run; the next run processes them`,
    ),
    ...lineIf(errors, `${counted(errors, "row")} failed and stay unprocessed; see the errors above`),
  ];
}

export function dumpSummary({ rows, tables, bytes: size, durationMs }: DumpResult, target: string): string[] {
  const listings = counted(tables.raw_data ?? 0, "listing");
  return [
    `Dumped ${listings}, ${counted(rows, "row")} of ${counted(Object.keys(tables).length, "table")}, in ${duration(durationMs)}: ${bytes(size)} to ${target}`,
  ];
}

export function restoreSummary(result: RestoreResult, database: string): string[] {
  const { tables, rows, madeAt, madeBy, migrated, durationMs } = result;
  return [
    `Restored ${counted(tables.raw_data ?? 0, "listing")}, ${counted(rows, "row")} of ${counted(Object.keys(tables).length, "table")}, in ${duration(durationMs)} into ${database}; row counts of all tables verified`,
    `The dump was made ${madeAt} by che168-sync ${madeBy}`,
    ...lineIf(migrated.length, `Migrated its schema: ${migrated.join(", ")}`),
  ];
}
