import type { DumpResult, RestoreResult } from "../dump/index.ts";
import type { LoadResult } from "../loader/loader.ts";
import type { NormalizeResult } from "../normalizer/index.ts";
import type { UpdateResult } from "../updater/updater.ts";
import { bytes, count, counted } from "./output.ts";
import { duration } from "./progress/progress.ts";

/** What a load reached, in lines for people. Pure. */
export function loadSummary(result: LoadResult): string[] {
  const { pages, loaded, duplicates, rejected, finished, nextPage, failedPages, error } = result;
  return [
    `Read ${counted(pages, "page")} in ${duration(result.durationMs)}: ${count(loaded)} new, ${count(duplicates)} already there${rejected === 0 ? "" : `, ${count(rejected)} rejected`}`,
    ...(error === undefined ? [] : [`Gave up: ${error}`]),
    ...(failedPages.length === 0
      ? []
      : [`${counted(failedPages.length, "page")} could not be read; the next run begins with them`]),
    finished ? "The catalogue is complete" : `The next run goes on with page ${nextPage}`,
  ];
}

/** What a reading of the feed reached, in lines for people. Pure. */
export function updateSummary(result: UpdateResult): string[] {
  const { changes, days, loaded, updated, removed, rejected, completed, failed } = result;
  return [
    `Read ${counted(changes, "change")} of ${counted(days.length, "day")} in ${duration(result.durationMs)}: ${count(loaded)} new, ${count(updated)} changed, ${count(removed)} removed${rejected === 0 ? "" : `, ${count(rejected)} rejected`}`,
    ...(completed === 0 ? [] : [`BackfillResult ${counted(completed, "listing")} known only by a change`]),
    ...(failed === 0
      ? []
      : [`${counted(failed, "listing")} could not be completed; the next run tries again`]),
  ];
}

/** What a normalisation reached, in lines for people. Pure. */
export function normalizeSummary(result: NormalizeResult): string[] {
  const { processed, deactivated, errors, changedMeanwhile, issues } = result;
  return [
    `Normalised ${counted(processed, "listing")} in ${duration(result.durationMs)}${deactivated === 0 ? "" : `, took ${count(deactivated)} off the list`}${issues === 0 ? "" : `; ${counted(issues, "value")} could not be taken as they came`}`,
    ...(changedMeanwhile === 0
      ? []
      : [`${counted(changedMeanwhile, "row")} changed meanwhile; the next run takes them`]),
    ...(errors === 0 ? [] : [`${counted(errors, "row")} stay unprocessed; the log names them`]),
  ];
}

/** What a dump holds, in lines for people. Pure. */
export function dumpSummary({ rows, tables, bytes: size, durationMs }: DumpResult, target: string): string[] {
  const listings = counted(tables.raw_data ?? 0, "listing");
  return [
    `Dumped ${listings}, ${counted(rows, "row")} of ${counted(Object.keys(tables).length, "table")}, in ${duration(durationMs)}: ${bytes(size)} to ${target}`,
  ];
}

/** What a restore reached, in lines for people. Pure. */
export function restoreSummary(result: RestoreResult, database: string): string[] {
  const { tables, rows, madeAt, madeBy, migrated, durationMs } = result;
  return [
    `Restored ${counted(tables.raw_data ?? 0, "listing")}, ${counted(rows, "row")} of ${counted(Object.keys(tables).length, "table")}, in ${duration(durationMs)} into ${database}; the rows of every table were counted`,
    `The dump was made ${madeAt} by che168-sync ${madeBy}`,
    ...(migrated.length === 0 ? [] : [`Brought its schema up to date: ${migrated.join(", ")}`]),
  ];
}
