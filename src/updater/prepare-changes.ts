import { readRecords, rejectedParameter, type StorablePage, timeOf } from "../operations/index.ts";
import type { ChangesPage } from "../upstream/index.ts";
import { type JsonSpan, parseExactly, repairJsonText } from "../upstream/internal.ts";
import { type FeedChange, type FoldedChange, foldChanges } from "./fold.ts";

/** A page of the feed, split into changes and rejections, with the parameters of its statement. */
export interface PreparedChanges extends StorablePage<FeedChange> {
  /** Time of the newest dated change on the page, ISO 8601 in UTC. */
  readonly newestChangeAt: string | null;
  /** Statement parameters: the folded changes, how many there are, the rejections. */
  readonly folds: string;
  readonly foldCount: number;
  readonly rejected: string;
}

type Page = Pick<PreparedChanges, "records" | "rejections" | "textOf" | "newestChangeAt">;

/** Reason of a rejection. */
export const INVALID_CHANGE_ID = "the change's id must be an integer from 0 to 2^53 - 1";

/** The parameter of `applyFolds`. */
export function foldsParameter(folds: readonly FoldedChange[]): string {
  return JSON.stringify(
    folds.map((fold) => ({
      inner_id: fold.innerId,
      after_id: fold.afterId,
      before_id: fold.beforeId,
      change_id: fold.changeId,
      change_type: fold.changeType,
      replaces: fold.replaces,
      data: fold.data,
      active_status: fold.activeStatus,
      created_at: fold.createdAt,
      first_created_at: fold.firstCreatedAt,
      removed_at: fold.removedAt,
      record_count: fold.count,
    })),
  );
}

/** The page with the parameters of its statement. */
export function withChangeParameters(page: Page): PreparedChanges {
  const folds = foldChanges(page.records);
  return {
    ...page,
    documentOf: ({ data }) => JSON.stringify(data),
    folds: foldsParameter(folds),
    foldCount: folds.length,
    rejected: rejectedParameter(page.rejections, "daily_update"),
  };
}

/**
 * Splits the records of a page into changes and rejections; numbers keep their exact text.
 *
 * @param now the arrival time
 */
export function prepareChanges(page: Pick<ChangesPage, "body" | "parts">, now: Date): PreparedChanges {
  const { body, parts } = page;
  const read = readRecords(parts, now);
  const textAt = (span: JsonSpan | undefined) => body.toString("utf8", span?.start ?? 0, span?.end ?? 0);
  const textOf = ({ index }: { readonly index: number }) => textAt(parts[index]);
  const withoutId = read.records
    .filter(({ changeId }) => changeId === undefined)
    .map((record) => ({ ...record, reason: INVALID_CHANGE_ID }));
  const rejections = [...read.invalid, ...withoutId]
    .sort((a, b) => a.index - b.index)
    .map(({ index, reason, innerId, changeId }) => ({ reason, innerId, changeId, text: textOf({ index }) }));
  const records = read.records.flatMap(({ changeId, ...record }): FeedChange[] => {
    if (changeId === undefined) {
      return [];
    }
    const { text, repaired } = repairJsonText(record.data ? textAt(record.data) : "{}");
    return [{ ...record, changeId, data: parseExactly(text) as FeedChange["data"], repaired }];
  });
  const times = read.records.filter(({ hasOwnDate }) => hasOwnDate).map(({ createdAt }) => timeOf(createdAt));
  const newestChangeAt = times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
  return withChangeParameters({ records, rejections, textOf, newestChangeAt });
}
