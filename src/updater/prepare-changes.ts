import { readRecords } from "../operations/records.ts";
import { type Rejection, rejectedParameter } from "../operations/rejected.ts";
import type { ChangesPage } from "../upstream/index.ts";
import type { JsonSpan } from "../upstream/internal.ts";
import { parseExactly, repairJsonText } from "../upstream/internal.ts";
import { type Change, type FoldedChange, foldChanges } from "./fold.ts";

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
 * @param now the time of arrival
 */
export function prepareChanges(
  { body, parts }: Pick<ChangesPage, "body" | "parts">,
  now: Date,
): PreparedChanges {
  const read = readRecords(parts, now);
  const textAt = (span: JsonSpan | undefined) => body.toString("utf8", span?.start ?? 0, span?.end ?? 0);
  const textOf = ({ index }: { readonly index: number }) => textAt(parts[index]);
  const nameless = read.records.filter(({ changeId }) => changeId === undefined);
  const rejections = [...read.rejected, ...nameless.map((one) => ({ ...one, reason: NO_ID }))]
    .sort((a, b) => a.index - b.index)
    .map(({ index, reason, innerId, changeId }) => ({ reason, innerId, changeId, text: textOf({ index }) }));
  let repaired = 0;
  const changes = read.records.flatMap((record): Change[] => {
    if (record.changeId === undefined) {
      return [];
    }
    const repair = repairJsonText(record.data ? textAt(record.data) : "{}");
    repaired += repair.repaired;
    return [
      {
        ...record,
        changeId: record.changeId,
        data: parseExactly(repair.text) as Change["data"],
        repaired: repair.repaired,
      },
    ];
  });
  return withParameters({ changes, rejections, repaired, textOf });
}

/**
 * The page without the changes that PostgreSQL refused, which are rejected with their text as it came.
 *
 * @param reasons why, by the record's place on the page
 */
export function rejectRecords(
  prepared: PreparedChanges,
  reasons: ReadonlyMap<number, string>,
): PreparedChanges {
  const refused = prepared.changes.filter(({ index }) => reasons.has(index));
  const lost = refused.reduce((sum, { repaired }) => sum + repaired, 0);
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
