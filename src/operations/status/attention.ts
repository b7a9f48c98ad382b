import type { OperationType } from "../../database/index.ts";
import type { StatusIssue, StatusReport } from "./types.ts";

const days = (count: number) => `${count} day${count === 1 ? "" : "s"}`;

/** Issues of a report that need attention, most urgent first. Pure. */
export function findAttention(report: Omit<StatusReport, "attention">): StatusIssue[] {
  const { rows, load, feed, operations, running } = report;
  const found: StatusIssue[] = [];
  const add = (when: boolean, code: StatusIssue["code"], message: string, remedy: string) => {
    if (when) {
      found.push({ code, message, remedy });
    }
  };
  const isBusy = (kind: OperationType) => running.some((one) => one.kind === kind);
  for (const type of ["data_fetch", "normalization"] as const) {
    const last = operations.find((one) => one.type === type);
    const reason = String(last?.details.error ?? last?.details.stopped ?? "see the log");
    add(
      last?.status === "ERROR" && last.state === "interrupted",
      "last_run_failed",
      `The last run of ${type} (${last?.startedAt}) was interrupted.`,
      "Run the command again: it resumes where it stopped.",
    );
    add(
      last?.status === "ERROR" && last.state === "finished",
      "last_run_failed",
      `The last run of ${type} (${last?.startedAt}) ended with an error: ${reason}`,
      "Fix the cause, then run the command again: it resumes where it stopped.",
    );
  }
  add(
    load.state === "none" && rows.raw === 0,
    "load_missing",
    "The catalogue has not been loaded.",
    "che168-sync initial",
  );
  add(
    load.state === "unfinished" && !isBusy("data_fetch"),
    "load_unfinished",
    `The initial load stopped before page ${load.nextPage}, after ${load.records} records.`,
    "che168-sync initial",
  );
  add(
    load.failedPages.length > 0,
    "failed_pages",
    `${load.failedPages.length} page(s) of the catalogue could not be read: ${load.failedPages
      .slice(0, 10)
      .map(({ page }) => page)
      .join(", ")}.`,
    "che168-sync initial retries them",
  );
  add(
    load.mayBeMissing > 0,
    "moved_past_reader",
    `Up to ${load.mayBeMissing} listings may be missing: so many were removed while the catalogue was read, and each may have moved another one past the reader.`,
    "che168-sync reconcile",
  );
  add(
    (feed.daysBehind ?? 0) > 1 && !isBusy("data_fetch"),
    "feed_behind",
    `The copy is ${days(feed.daysBehind ?? 0)} behind the feed.`,
    "che168-sync daily; check that cron runs it",
  );
  add(
    rows.pending > 0 && !isBusy("data_fetch"),
    "incomplete_listings",
    `${rows.pending} listings are known only by a change; the rest of them is still to be fetched.`,
    "che168-sync daily fetches them",
  );
  add(
    rows.rejected > 0,
    "rejected_records",
    `${rows.rejected} records could not be stored.`,
    "che168-sync rejected list shows them, rejected retry stores those that are valid now, rejected dismiss closes them",
  );
  add(
    rows.unprocessed > 0 && !isBusy("normalization"),
    "unprocessed_rows",
    `${rows.unprocessed} rows wait for normalisation.`,
    "che168-sync normalize",
  );
  add(
    rows.outdated > 0,
    "outdated_rules",
    `${rows.outdated} listings were made by older rules.`,
    "che168-sync normalize --all",
  );
  return found;
}
