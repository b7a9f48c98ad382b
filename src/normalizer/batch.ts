import { setImmediate } from "node:timers/promises";
import { makeRow, type RowRules } from "./row.ts";
import type { BatchItem, RawRow } from "./store-batch.ts";
import type { NormalizeRunOptions } from "./types.ts";

/**
 * Between so many rows the connections get their turn: the batch before leaves for the database, the next one comes in.
 * Without it rows that need no waiting would be made to the batch's end first.
 */
const ROWS_A_TURN = 10;

/**
 * What is to be stored of a batch. On this thread: a worker thread makes no more listings a second, since the database
 * keeps the other processor busy, and copying the texts takes what it saves.
 *
 * @param batch its texts are gone afterwards
 * @param at the present moment: nothing is dated later
 * @param onListing is waited for, listing by listing
 * @returns in the order of the rows; and how many values were not taken as they came
 */
export async function makeBatch(
  batch: readonly RawRow[],
  at: Date,
  rules: RowRules,
  onListing: NormalizeRunOptions["onListing"],
): Promise<{ items: BatchItem[]; issues: number }> {
  const items: BatchItem[] = [];
  let issues = 0;
  for (const [index, raw] of batch.entries()) {
    if (index % ROWS_A_TURN === 0) {
      await setImmediate();
    }
    const made = makeRow(raw, at, rules);
    // Else V8 would carry the texts of the whole batch along, twice.
    raw.data = null;
    if (made !== undefined && onListing) {
      await onListing(made.listing, made.issues);
    }
    issues += made?.issues.length ?? 0;
    const { id, inner_id, version } = raw;
    items.push({ raw: { id, inner_id, version }, row: made?.row });
  }
  return { items, issues };
}
