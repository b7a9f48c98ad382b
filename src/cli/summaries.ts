import type { LoadResult } from "../loader/loader.ts";
import { duration } from "../logging/progress.ts";
import type { NormalizeResult } from "../normalizer/normalizer.ts";
import type { UpdateResult } from "../updater/updater.ts";
import { count, counted } from "./output.ts";

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
    ...(completed === 0 ? [] : [`Completed ${counted(completed, "listing")} known only by a change`]),
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
