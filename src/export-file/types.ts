import { Che168Error } from "../errors.ts";
import type { Rejection } from "../operations/index.ts";
import type { CallOptions } from "../upstream/index.ts";
import type { ExportColumns } from "./columns.ts";

/** The service's host of daily files. */
export interface ExportAccount {
  /** Everything before `/{YYYY-MM-DD}/all_active.csv`. */
  readonly url: string;
  /** User and password of Basic authentication. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** Bytes of a file, from anywhere in it. */
export interface ByteSource {
  /** For messages: the path, or `all_active.csv of 2026-11-27`. */
  readonly name: string;
  /** Day of the snapshot, `YYYY-MM-DD`. */
  readonly date: string;
  /** The `ETag`, or size and modification time: another version has other bytes. */
  readonly version: string;
  /** In bytes; null when unknown. */
  readonly size: number | null;
  /** The first bytes, enough for a header. */
  readonly head: Buffer;
  /**
   * Yields the bytes from `position` on; a chunk is valid until the next one is requested. A lost connection is resumed at
   * the same place.
   *
   * @throws ExportReplaced when the file is no longer this version
   */
  read(position: number, call: CallOptions): AsyncGenerator<Buffer, void, void>;
}

/** A listing in a file. */
export interface ExportRow {
  readonly innerId: string;
  /** ISO 8601; of its column `created_at`, else `offer_created`, else the arrival time. */
  readonly createdAt: string;
  /** False when `createdAt` is the arrival time. */
  readonly hasOwnDate: boolean;
}

/** Consecutive rows. The functions may be called until the next batch is requested, which reuses the buffers. */
export interface ExportBatch {
  readonly rows: readonly ExportRow[];
  /** Rows that are not listings. */
  readonly rejections: readonly Rejection[];
  /** Position after the last row, in bytes of the uncompressed file: where the next batch starts. */
  readonly position: number;
  /** JSON documents of the rows; rendered on the first call. @param asText keeps JSON cells as text */
  documents(asText?: boolean): RowDocuments;
  /** Hash of a row's stored columns; the same in every file that has these columns. */
  hash(index: number): string;
  /** A row as the file has it. */
  text(index: number): string;
}

/** JSON documents, one after the other. */
export interface RowDocuments {
  readonly bytes: Buffer;
  /** Start and end of each document. */
  readonly spans: readonly (readonly [start: number, end: number])[];
  /** Characters of each that were replaced because PostgreSQL cannot store them. */
  readonly repaired: readonly number[];
}

/** How reading a file ended. */
export interface ExportEnd {
  /** Why the file is incomplete; undefined when it is complete. */
  readonly truncated: string | undefined;
}

/** One version of a daily file. */
export interface ExportFile extends Pick<ByteSource, "name" | "date" | "version"> {
  /** Size of the uncompressed file in bytes; null when unknown. */
  readonly size: number | null;
  readonly columns: ExportColumns;
  /**
   * Reads the rows from a position on; null: from the first row. The next batch is read while the last one is in use.
   *
   * @throws ExportReplaced when the file is no longer this version
   */
  read(position: number | null, call: CallOptions): AsyncGenerator<ExportBatch, ExportEnd, void>;
}

/** Maximum number of replacements of a file during one run; the service replaces it once a day. */
export const MAX_REPLACEMENTS = 3;

/** The file was replaced while it was read: start again with the new one. Its code is `EXPORT_REPLACED`. */
export class ExportReplaced extends Che168Error {
  constructor(name: string) {
    super(
      "EXPORT_REPLACED",
      `${name} has been replaced while it was read; read it again when it has been written completely`,
      { details: { file: name } },
    );
  }
}
