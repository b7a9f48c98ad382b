import { type } from "arktype";
import { Che168Error } from "../errors.ts";

// A dump is a tar file, written and read as a stream:
//   manifest.json              what is in it, with the exact number of rows of every table
//   raw_data/000001.copy.zst   rows in PostgreSQL's text form of COPY, compressed by zstd, some megabytes a piece
//   contents.json              every piece with its rows and its SHA-256; without it the file is cut off
// `tar -xf`, `zstd -d` and psql's `\copy` read it without this program.

export const FORMAT = "che168-sync dump";
/** Raised when an older program could no longer read what a newer one writes. */
export const FORMAT_VERSION = 1;
export const MANIFEST = "manifest.json";
export const CONTENTS = "contents.json";

export const pieceName = (table: string, number: number): string =>
  `${table}/${String(number).padStart(6, "0")}.copy.zst`;

export const isPieceOf = (table: string, name: string): boolean => name.startsWith(`${table}/`);

const tableShape = type({
  name: "string",
  columns: "string[]",
  /** The primary key, in whose order the rows are. */
  key: "string",
  rows: "number.integer >= 0",
  /** What the sequence of the key gives next. */
  "next?": "string.digits",
});

const manifestShape = type({
  /** Version of the program. */
  madeBy: "string",
  /** ISO 8601, UTC. */
  madeAt: "string",
  engine: "'postgresql' | 'pglite'",
  /** Of PostgreSQL. */
  serverVersion: "string",
  /** Names of the migrations that the database had. */
  schema: "string[]",
  tables: tableShape.array(),
});

const contentsShape = type({
  pieces: type({ name: "string", rows: "number.integer >= 0", sha256: "string" }).array(),
});

/** What a dump says of itself before its rows come. */
export type Manifest = typeof manifestShape.infer;
export type ManifestTable = typeof tableShape.infer;
/** What it says when all of them have come. */
export type Contents = typeof contentsShape.infer;

export const toJson = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

export const manifestJson = (manifest: Manifest): Buffer =>
  toJson({ format: FORMAT, formatVersion: FORMAT_VERSION, ...manifest });

export const invalidDump = (message: string, cause?: unknown): Che168Error =>
  new Che168Error("DUMP_INVALID", message, cause === undefined ? {} : { cause });

export const noDump = (name: string, cause?: unknown): Che168Error =>
  invalidDump(`${name} is no dump that \`che168-sync dump\` made.`, cause);

export const damagedDump = (name: string, what: string, cause?: unknown): Che168Error =>
  invalidDump(`The dump ${name} is damaged: ${what}. Copy it again, or use another one.`, cause);

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** @throws Che168Error `DUMP_INVALID` */
export function parseManifest(json: Buffer, name: string): Manifest {
  const value = parse(json) as { format?: unknown; formatVersion?: unknown; madeBy?: unknown } | undefined;
  if (value?.format !== FORMAT) {
    throw noDump(name);
  }
  if (value.formatVersion !== FORMAT_VERSION) {
    throw invalidDump(
      `The dump ${name} was made by che168-sync ${value.madeBy} in format ${value.formatVersion}; this version reads format ${FORMAT_VERSION}. Install the version that made it, or a later one.`,
    );
  }
  const { format, formatVersion, ...rest } = value;
  const manifest = manifestShape(rest);
  if (manifest instanceof type.errors) {
    throw damagedDump(name, `${MANIFEST} is not what was written (${manifest.summary})`);
  }
  return manifest;
}

/** @throws Che168Error `DUMP_INVALID` */
export function parseContents(json: Buffer, name: string): Contents {
  const contents = contentsShape(parse(json));
  if (contents instanceof type.errors) {
    throw damagedDump(name, `${CONTENTS} is not what was written`);
  }
  return contents;
}
