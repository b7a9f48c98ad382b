import { isObjectAt, type JsonSpan, scanElements, scanMembers, scanText, scanValue } from "./json-scan.ts";

/** A record as it stands in an answer. */
export interface PageRecord extends JsonSpan {
  /** Its `data`, when that is an object; of several the last one, as parsing has it. */
  readonly data: JsonSpan | undefined;
  /** The record, parsed, with an empty `data` where it has an object. */
  readonly outline: unknown;
}

/** The same before it is parsed. */
export type RecordSpan = Omit<PageRecord, "outline">;

/** An answer with the records that it lists. */
export interface ScannedAnswer {
  /** The elements of its `result`; none when that is no array. */
  readonly records: readonly RecordSpan[];
  /** The answer as JSON whose records have an empty `data`: all that must be known of them to store them. */
  readonly outline: string;
}

/**
 * Finds the records of an answer of `/offers` or `/changes`.
 *
 * @param bytes UTF-8
 * @returns positions in these bytes
 * @throws {SyntaxError} for what is no JSON.
 */
export function scanAnswer(bytes: Buffer): ScannedAnswer {
  let outline = "";
  let copied = 0;

  function readRecord(start: number): RecordSpan {
    let data: JsonSpan | undefined;
    let depth = 0;
    const end = scanMembers(bytes, start, (name, at) => {
      const value = scanValue(bytes, at);
      if (name === "data") {
        data = isObjectAt(bytes, at) ? value : undefined;
      }
      if (data === value) {
        outline += `${bytes.toString("utf8", copied, at)}{}`;
        copied = value.end;
      }
      depth = Math.max(depth, value.depth + 1);
      return value.end;
    });
    return end === undefined
      ? { ...scanValue(bytes, start), data: undefined }
      : { start, end, depth: Math.max(depth, 1), data };
  }

  let records: RecordSpan[] = [];
  const readResult = (start: number): number | undefined => {
    records = [];
    return scanElements(bytes, start, (at) => {
      const record = readRecord(at);
      records.push(record);
      return record.end;
    });
  };
  const readMember = (name: string, start: number) =>
    (name === "result" ? readResult(start) : undefined) ?? scanValue(bytes, start).end;
  scanText(bytes, (start) => scanMembers(bytes, start, readMember) ?? scanValue(bytes, start).end);
  return { records, outline: outline + bytes.toString("utf8", copied) };
}
