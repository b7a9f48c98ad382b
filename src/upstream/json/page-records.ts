import { type DocumentSpan, scanDocument } from "./document-parts.ts";
import {
  isArrayAt,
  isEmptyAt,
  JsonLimitError,
  type JsonSpan,
  MAX_VALUES,
  scanElements,
  scanMembers,
  scanText,
  scanValue,
  type ValueBudget,
} from "./json-scan.ts";

/**
 * A record's position in the response.
 * @internal
 */
export interface PageRecord extends JsonSpan {
  /** Position of its `data`, when that is an object; of duplicate members the last one, as in `JSON.parse`. */
  readonly data: DocumentSpan | undefined;
  /** The parsed record with its own fields only: `data` is `{}`, and so is every other object (arrays: `[0]`). */
  readonly outline: unknown;
}

/** A record before its outline is parsed. */
export type RecordSpan = Omit<PageRecord, "outline">;

/** The records of a response, and the response without their data. */
export interface ScannedResponse {
  /** The elements of `result`; empty when that is not an array. */
  readonly records: readonly RecordSpan[];
  /**
   * The response as JSON, reduced to the values needed to store its records: the scalar members of each record and of
   * `meta`. A nested object becomes `{}`, a nested array `[]` or, with elements, `[0]`.
   */
  readonly outline: string;
}

/** Maximum size of an outline. A record's own fields take some 120 bytes; parsed, they take up to 30 times their size. */
const MAX_OUTLINE_LENGTH = 4 * 1024 * 1024;

/**
 * Finds the records of a response of `/offers` or `/changes`. Memory stays below twice the size of the response.
 *
 * @param bytes UTF-8
 * @returns positions in these bytes
 * @throws JsonSyntaxError for invalid JSON
 * @throws JsonLimitError for JSON beyond the limits
 */
export function scanResponse(bytes: Buffer): ScannedResponse {
  const budget: ValueBudget = { values: MAX_VALUES };
  let outline = "";
  let copied = 0;

  const checkSize = (end: number) => {
    if (outline.length + end - copied > MAX_OUTLINE_LENGTH) {
      throw new JsonLimitError(`more than ${MAX_OUTLINE_LENGTH} bytes outside of the records' data`);
    }
  };

  /** Replaces an object or an array in the outline. */
  function shorten({ start, end }: JsonSpan): void {
    checkSize(start);
    const isFilledArray = isArrayAt(bytes, start) && !isEmptyAt(bytes, start);
    const replacement = isFilledArray ? "[0]" : isArrayAt(bytes, start) ? "[]" : "{}";
    outline += bytes.toString("utf8", copied, start) + replacement;
    copied = end;
  }

  function scanShortened(start: number): JsonSpan {
    const span = scanValue(bytes, start, budget);
    if (span.depth > 0) {
      shorten(span);
    }
    return span;
  }

  function scanData(start: number): DocumentSpan | undefined {
    const span = scanDocument(bytes, start, budget);
    if (span !== undefined) {
      shorten(span);
    }
    return span;
  }

  function scanRecord(start: number): RecordSpan {
    let data: DocumentSpan | undefined;
    let depth = 0;
    const end = scanMembers(bytes, start, (name, at) => {
      if (name === "data") {
        data = scanData(at);
      }
      const value = (name === "data" ? data : undefined) ?? scanShortened(at);
      depth = Math.max(depth, value.depth + 1);
      return value.end;
    });
    return end === undefined
      ? { ...scanShortened(start), data: undefined }
      : { start, end, depth: Math.max(depth, 1), data };
  }

  let records: RecordSpan[] = [];
  const scanResult = (start: number): number | undefined => {
    records = [];
    return scanElements(bytes, start, (at) => {
      const record = scanRecord(at);
      records.push(record);
      checkSize(record.end);
      return record.end;
    });
  };
  const scanMeta = (start: number) => scanMembers(bytes, start, (_name, at) => scanShortened(at).end);
  const scanMember = (name: string, start: number): number => {
    const end = name === "result" ? scanResult(start) : name === "meta" ? scanMeta(start) : undefined;
    return end ?? scanShortened(start).end;
  };
  scanText(bytes, (start) => scanMembers(bytes, start, scanMember) ?? scanShortened(start).end);
  checkSize(bytes.length);
  return { records, outline: outline + bytes.toString("utf8", copied) };
}
