import { normalizeListing } from "../listing/normalize.ts";
import { listingWords } from "../listing/search-words.ts";
import type { Issue } from "../listing/types.ts";
import { compileVocabulary, type UserVocabulary } from "../listing/vocabulary/index.ts";
import { type ProcessedRow, toProcessedRow } from "./columns.ts";
import type { RawRow } from "./store-batch.ts";
import type { NormalizedRow } from "./types.ts";

/** How rows are made. */
export interface RowRules {
  readonly vocabulary: UserVocabulary | undefined;
  readonly serveVin: boolean;
}

/** What was made of a raw row. */
export interface RowResult {
  readonly listing: NormalizedRow;
  /** Values that were not taken as they came. */
  readonly issues: readonly Issue[];
  readonly row: ProcessedRow;
}

/**
 * A raw row's canonical row. Pure.
 *
 * @param at the present moment: nothing is dated later
 * @returns nothing for a row without data, whose listing only becomes inactive
 */
export function makeRow(raw: RawRow, at: Date, rules: RowRules): RowResult | undefined {
  if (raw.data === null) {
    return undefined;
  }
  const { inner_id, active_status, is_incomplete, created_at } = raw;
  const { listing, issues } = normalizeListing(JSON.parse(raw.data), { ...rules, now: at });
  const canonical = { ...listing, inner_id };
  const words = listingWords(canonical, compileVocabulary(rules.vocabulary));
  const facts = { inner_id, active_status, is_incomplete, created_at };
  const { row, issues: tooLong } = toProcessedRow(canonical, facts, words);
  return { listing: canonical, issues: [...issues, ...tooLong], row };
}
