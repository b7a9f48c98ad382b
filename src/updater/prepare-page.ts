import { type Rejection, rejectedParameter } from "../database/rejected.ts";
import { parseExactly, repairJsonText, sliceRecords } from "../upstream/json-text.ts";
import { readRecords } from "../upstream/records.ts";
import { type Change, type FoldedChange, foldChanges } from "./change.ts";

/** A page of the feed whose records are parted into changes and what cannot be applied, ready to be sent. */
export interface PreparedChanges {
  readonly changes: readonly Change[];
  readonly rejections: readonly Rejection[];
  /** How many characters were replaced because PostgreSQL cannot hold them. */
  readonly repaired: number;
  /** A change's record as it came. */
  readonly textOf: (change: Change) => string;
  /** Parameters of the statement: the changes folded, how many folds there are, what was rejected. */
  readonly folds: string;
  readonly foldCount: number;
  readonly rejected: string;
}

type Parted = Pick<PreparedChanges, "changes" | "rejections" | "repaired" | "textOf">;

const NO_ID = "the change's id is not a whole number from 0 to 2^53 - 1";

function foldsParameter(folds: readonly FoldedChange[]): string {
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

function withParameters(page: Parted): PreparedChanges {
  const folds = foldChanges(page.changes);
  const rejected = rejectedParameter(page.rejections, "daily_update");
  return { ...page, folds: foldsParameter(folds), foldCount: folds.length, rejected };
}

/**
 * Parts the records of a page into changes and rejections, with numbers exactly as the text has them.
 *
 * @param page the answer's text, and its `result` as parsed
 * @param now the time of arrival
 */
export function prepareChanges(
  page: { text: string; records: readonly unknown[] },
  now: Date,
): PreparedChanges {
  const slices = sliceRecords(page.text);
  const read = readRecords(page.records, slices, now);
  const textOf = ({ index }: { readonly index: number }) => slices[index]?.text ?? "";
  const nameless = read.records.filter(({ changeId }) => changeId === undefined);
  const rejections = [...read.rejected, ...nameless.map((one) => ({ ...one, reason: NO_ID }))]
    .sort((a, b) => a.index - b.index)
    .map(({ index, reason, innerId, changeId }) => ({ reason, innerId, changeId, text: textOf({ index }) }));
  let repaired = 0;
  const changes = read.records.flatMap((record): Change[] => {
    if (record.changeId === undefined) {
      return [];
    }
    const repair = repairJsonText(textOf(record));
    repaired += repair.repaired;
    const { data } = parseExactly(repair.text) as { data?: unknown };
    return [{ ...record, changeId: record.changeId, data: record.hasData ? (data as Change["data"]) : {} }];
  });
  return withParameters({ changes, rejections, repaired, textOf });
}

/**
 * The page without the changes that PostgreSQL refused, which are rejected with their text as it came.
 *
 * @param reasons why, by the record's place on the page
 */
export function setAside(prepared: PreparedChanges, reasons: ReadonlyMap<number, string>): PreparedChanges {
  const refused = prepared.changes.filter(({ index }) => reasons.has(index));
  const lost = refused.reduce((sum, change) => sum + repairJsonText(prepared.textOf(change)).repaired, 0);
  return withParameters({
    ...prepared,
    changes: prepared.changes.filter(({ index }) => !reasons.has(index)),
    repaired: prepared.repaired - lost,
    rejections: [
      ...prepared.rejections,
      ...refused.map((change) => ({
        reason: reasons.get(change.index) ?? "",
        innerId: change.innerId,
        changeId: change.changeId,
        text: prepared.textOf(change),
      })),
    ],
  });
}
