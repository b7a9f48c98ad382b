import { hash } from "node:crypto";
import {
  type ListingRecord,
  type Rejection,
  readRecords,
  rejectedParameter,
  type StorablePage,
} from "../operations/index.ts";
import type { OffersPage } from "../upstream/index.ts";
import { type DocumentSpan, repairJsonText } from "../upstream/internal.ts";

/** A record that is ready to be stored. */
export interface LoadRecord extends ListingRecord {
  /** The JSON of its data when it differs from the response: repaired for PostgreSQL, or empty. */
  readonly document: string | undefined;
  /** Characters that were replaced. */
  readonly repaired: number;
  /**
   * MD5 of each shared part, hexadecimal, null for one that the data does not have; null when they are unknown. From the
   * response they take a quarter of the time that PostgreSQL needs to print the parts and hash them.
   */
  readonly keys: readonly (string | null)[] | null;
}

/** A page of the catalogue, split into records and rejections, with the parameters of its statement. */
export interface PreparedPage extends StorablePage<LoadRecord> {
  readonly page: number;
  readonly nextPage: number | null;
  /** Number of records received, rejected ones included. */
  readonly size: number;
  /** Statement parameters: the response, metadata and positions of its records, the rejections. */
  readonly body: Buffer;
  readonly known: string;
  readonly rejected: string;
}

type Page = Omit<PreparedPage, "known" | "rejected">;

/** Data without this prefix has no escapes that may need a repair, and is not decoded. */
const UNICODE_ESCAPE = "\\u";

/** The page with the parameters of its statement. */
export const withParameters = (page: Page): PreparedPage => ({
  ...page,
  known: JSON.stringify(
    page.records.map(({ innerId, changeType, createdAt, data, document, keys }) => ({
      inner_id: innerId,
      change_type: changeType,
      created_at: createdAt,
      keys,
      // PostgreSQL counts bytes from 1.
      ...(document === undefined && data
        ? { first: data.start + 1, size: data.end - data.start }
        : { document }),
    })),
  ),
  rejected: rejectedParameter(page.rejections, "initial_load"),
});

function toLoadRecord(record: ListingRecord, body: Buffer): LoadRecord {
  if (record.data === undefined) {
    return { ...record, document: "{}", repaired: 0, keys: null };
  }
  const data = body.subarray(record.data.start, record.data.end);
  const { text, repaired } = data.includes(UNICODE_ESCAPE)
    ? repairJsonText(data.toString())
    : { text: undefined, repaired: 0 };
  return repaired > 0
    ? { ...record, document: text, repaired, keys: null }
    : { ...record, document: undefined, repaired, keys: keysOf(record.data, body) };
}

const keysOf = ({ parts }: DocumentSpan, body: Buffer): LoadRecord["keys"] =>
  parts?.map((part) => (part ? hash("md5", body.subarray(part.start, part.end)) : null)) ?? null;

/**
 * Splits a page into records and rejections. Nothing is decoded or copied: PostgreSQL receives the response's bytes.
 *
 * @param now the arrival time
 */
export function preparePage(response: OffersPage, now: Date): PreparedPage {
  const { page, nextPage, body, parts } = response;
  const read = readRecords(parts, now);
  const textOf = ({ index }: { readonly index: number }) =>
    body.toString("utf8", parts[index]?.start, parts[index]?.end);
  return withParameters({
    page,
    nextPage,
    size: parts.length,
    body,
    records: read.records.map((record) => toLoadRecord(record, body)),
    rejections: read.invalid.map(({ index, ...rest }): Rejection => ({ ...rest, text: textOf({ index }) })),
    documentOf: ({ document, data }) => document ?? body.toString("utf8", data?.start, data?.end),
    textOf,
  });
}
