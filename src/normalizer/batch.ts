import { setImmediate } from "node:timers/promises";
import { SHARED_PART_NAMES } from "../upstream/json/document-parts.ts";
import { normalizeRow, type RawRow, type RowRules } from "./row.ts";
import type { BatchItem } from "./store-batch.ts";
import type { NormalizeRunOptions } from "./types.ts";

/**
 * Yields to the event loop this often, so that the previous batch can be sent and the next one received while rows are
 * computed.
 */
const ROWS_PER_TURN = 10;

/**
 * Normalises rows, on this thread: a worker thread yields no more listings per second, because the database keeps the
 * other core busy and copying the texts costs as much as it saves.
 *
 * @param rows emptied, so that the text of each row can be garbage-collected once it is parsed
 * @param at current time
 * @param onListing awaited for each listing
 * @returns the items in the order of the rows, and the number of issues
 */
export async function makeBatch(
  rows: RawRow[],
  at: Date,
  rules: RowRules,
  onListing: NormalizeRunOptions["onListing"],
): Promise<{ readonly items: BatchItem[]; readonly issues: number }> {
  const items: BatchItem[] = [];
  let issues = 0;
  for (let raw = rows.shift(); raw !== undefined; raw = rows.shift()) {
    if (items.length % ROWS_PER_TURN === 0) {
      await setImmediate();
    }
    const result = normalizeRow(raw, at, rules);
    if (result !== undefined && onListing) {
      await onListing(result.listing, result.issues);
    }
    issues += result?.issues.length ?? 0;
    const { id, inner_id, version, is_current, document } = raw;
    const keys = document && SHARED_PART_NAMES.map((part) => document.shared[part]?.key ?? null);
    items.push({ raw: { id, inner_id, version, is_current, keys }, row: result?.row });
  }
  return { items, issues };
}
