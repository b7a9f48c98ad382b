import { hash } from "node:crypto";
import { columnTypeOf, fieldsWith } from "../listing/fields.ts";
import { compileVocabulary, type Issue, type UserVocabulary } from "../listing/index.ts";
import { type ListingParts, listingWords, normalizeParts, oncePer } from "../listing/internal.ts";
import { documentOf, type Pieces } from "./document.ts";
import type { NormalizedRow } from "./types.ts";

/** An unprocessed row of `raw_data`. */
export interface RawRow {
  readonly id: number;
  readonly inner_id: string;
  /** `content_hash` of the stored canonical row; null when there is none. */
  readonly content_hash: string | null;
  /** Changes with every change of the row: a row is marked processed only if it is still the version that was read. */
  readonly version: string;
  /** Whether the row is processed, by these rules, and keeps the keys of its shared parts. */
  readonly is_current: boolean;
  /**
   * JSON text, parsed row by row, so that only one parsed value is alive at a time. Null for a removed listing that has a
   * canonical row: it only becomes inactive.
   */
  readonly document: Pieces | null;
}

/** Settings of {@link normalizeRow}. */
export interface RowRules {
  readonly vocabulary: UserVocabulary | undefined;
  readonly serveVin: boolean;
}

/** A normalised raw row. */
export interface RowResult {
  readonly listing: NormalizedRow;
  /** Values that were rejected or corrected. */
  readonly issues: readonly Issue[];
  readonly row: ProcessedRow | StoredContent;
}

/** A row to be written to `processed_data`. */
export interface ProcessedRow {
  /** `normalized_data`, as JSON text. */
  readonly document: string;
  /** Words that `q` finds, joined by spaces. */
  readonly words: string;
  /** In the order of {@link ARRAY_COLUMNS}. */
  readonly columns: readonly unknown[];
}

/** The stored canonical row already has the content. */
export interface StoredContent {
  /** Its `content_hash`. */
  readonly sameAs: string;
}

/** 128 bits of the hash of a text, hexadecimal: of its UTF-16, because encoding it as UTF-8 takes longer than hashing it. */
function contentHash(text: string): string {
  return hash("blake2b512", Buffer.from(text, "utf16le")).slice(0, 32);
}

/** Columns of a listing, with their types in PostgreSQL. */
const LISTING_COLUMNS = fieldsWith("column").map((name) => [name, columnTypeOf(name)] as const);
/** Columns that the statement takes from the document. */
export const DOCUMENT_COLUMNS = LISTING_COLUMNS.flatMap(([name, type]) => (type === "jsonb" ? [name] : []));
/** Columns that are passed as one array each, which PostgreSQL unnests faster than a document. */
export const ARRAY_COLUMNS: Readonly<Record<string, string>> = {
  inner_id: "text",
  content_hash: "uuid",
  ...Object.fromEntries(LISTING_COLUMNS.filter(([, type]) => type !== "jsonb")),
};
/** Names of {@link ARRAY_COLUMNS}, in order. */
export const ARRAY_NAMES = Object.keys(ARRAY_COLUMNS);
/** Part of every hash: a column added later gets its value even if the document is the same. */
const LAYOUT = contentHash([...ARRAY_NAMES, ...DOCUMENT_COLUMNS].join());

/** PostgreSQL rejects index entries above some 2,700 bytes; names of cars and places are short. */
const MAX_INDEXED_LENGTH = 200;
const INDEXED = [...new Set([...fieldsWith("filter"), ...fieldsWith("index")])].filter(
  (name) => columnTypeOf(name) === "text",
);

/**
 * The canonical row of a raw row. Pure.
 *
 * @param at current time
 * @returns undefined for a row without a document, whose listing only becomes inactive
 */
export function normalizeRow(raw: RawRow, at: Date, rules: RowRules): RowResult | undefined {
  if (raw.document === null) {
    return undefined;
  }
  const { inner_id } = raw;
  const { vocabulary, serveVin } = rules;
  const { vehicle, own, issues } = normalizeParts(documentOf(raw.document), {
    vocabulary,
    serveVin,
    now: at,
  });
  const listing: NormalizedRow = { ...vehicle, ...own, inner_id };
  const shared = storedVehicle(vehicle);
  const part = storedPart({ ...own, inner_id, options: undefined });
  const options = storedOptions(own.options);
  const words = listingWords(listing, compileVocabulary(vocabulary)).join(" ");
  const content_hash = contentHash(`${LAYOUT}${shared.hash}${options.hash}${words}\n${part.json}`);
  const result = { listing, issues: [...issues, ...shared.tooLong, ...part.tooLong] };
  if (content_hash === raw.content_hash) {
    return { ...result, row: { sameAs: content_hash } };
  }
  const facts: Record<string, unknown> = { ...listing, content_hash, ...shared.dropped, ...part.dropped };
  const columns = ARRAY_NAMES.map((column) => facts[column] ?? null);
  const document = `${shared.json.slice(0, -1)},${part.json.slice(1, -1)},"options":${options.json}}`;
  return { ...result, row: { document, words, columns } };
}

/** The JSON text of some of a listing's fields. */
interface StoredPart {
  readonly json: string;
  /** Values that are too long for an index, with null in their place. */
  readonly dropped: Readonly<Record<string, null>>;
  readonly tooLong: readonly Issue[];
}

function storedPart(fields: Readonly<Record<string, unknown>>): StoredPart {
  const dropped: Record<string, null> = {};
  const tooLong: Issue[] = [];
  for (const field of INDEXED) {
    const value = fields[field];
    if (typeof value === "string" && value.length > MAX_INDEXED_LENGTH) {
      tooLong.push({ field, code: "out_of_range", value: value.slice(0, MAX_INDEXED_LENGTH) });
      dropped[field] = null;
    }
  }
  return { json: JSON.stringify(tooLong.length > 0 ? { ...fields, ...dropped } : fields), dropped, tooLong };
}

/** The stored facts about a vehicle, with their hash. Kept by the object, which listings of the same specification share. */
const storedVehicle = oncePer((vehicle: ListingParts["vehicle"]) => {
  const part = storedPart(vehicle);
  return { ...part, hash: contentHash(part.json) };
});

/**
 * The stored form of a list of options: without labels, which belong to the vocabulary and would make up most of the row. Kept
 * by the list, which listings with the same equipment share.
 */
const storedOptions = oncePer((options: NormalizedRow["options"]) => {
  const json = JSON.stringify(options.map(({ code, zh }) => (code === undefined ? { zh } : { code })));
  return { json, hash: contentHash(json) };
});
