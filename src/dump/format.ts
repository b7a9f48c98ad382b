import { type } from "arktype";
import { Che168Error } from "../errors.ts";

// A dump is a tar file, written and read as a stream:
//   manifest.json              tables with their columns and exact number of rows
//   raw_data/000001.copy.zst   rows in PostgreSQL's text format of COPY, compressed with zstd, about 8 MB each uncompressed
//   contents.json              every piece with its number of rows and its SHA-256; missing when the file is truncated
// `tar -xf`, `zstd -d` and psql's `\copy` read it without this program.

const FORMAT = "che168-sync dump";
/** Incremented when older programs cannot read what newer ones write. */
const FORMAT_VERSION = 1;
export const MANIFEST = "manifest.json";
export const CONTENTS = "contents.json";

/** Longest manifest or list of contents; 27,000 pieces, some 200 GB of rows. */
export const MAX_JSON_BYTES = 4 * 1024 * 1024;
/** Nesting of both is 4; checked before parsing, because parsed brackets take many times their size. */
const MAX_JSON_DEPTH = 8;

/**
 * Longest row. A listing comes from a response of at most 64 MiB; its row repeats some of it, and COPY escapes backslashes.
 */
export const MAX_ROW_BYTES = 256 * 1024 * 1024;

/** zstd's window, 2^n bytes: the decoder allocates the size that the frame declares. Level 3 uses 2^21. */
export const MAX_WINDOW_LOG = 23;

export const pieceName = (table: string, number: number): string =>
  `${table}/${String(number).padStart(6, "0")}.copy.zst`;

export const isPieceOf = (table: string, name: string): boolean => name.startsWith(`${table}/`);

const tableShape = type({
  name: "string",
  columns: "string[]",
  /** The primary key, in whose order the rows are. */
  key: "string",
  rows: "number.integer >= 0",
  /** The next value of the key's sequence. */
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
  /** Names of the applied migrations. */
  schema: "string[]",
  tables: tableShape.array(),
});

const contentsShape = type({
  pieces: type({ name: "string", rows: "number.integer >= 0", sha256: "string" }).array(),
});

/** The first member of a dump. */
export type Manifest = typeof manifestShape.infer;
export type ManifestTable = typeof tableShape.infer;
/** The last member. */
export type Contents = typeof contentsShape.infer;

export const toJson = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

export const manifestJson = (manifest: Manifest): Buffer =>
  toJson({ format: FORMAT, formatVersion: FORMAT_VERSION, ...manifest });

export const invalidDump = (message: string, cause?: unknown): Che168Error =>
  new Che168Error("DUMP_INVALID", message, { cause });

export const notADump = (name: string, cause?: unknown): Che168Error =>
  invalidDump(`${name} is not a dump of \`che168-sync dump\`. Name a file that it has written.`, cause);

export const damagedDump = (name: string, problem: string, cause?: unknown): Che168Error =>
  invalidDump(`The dump ${name} is damaged: ${problem}. Copy it again, or use another one.`, cause);

/** Whether brackets outside of strings nest deeper than {@link MAX_JSON_DEPTH}. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    depth += token === "[" || token === "{" ? 1 : token === "]" || token === "}" ? -1 : 0;
    if (depth > MAX_JSON_DEPTH) {
      return true;
    }
  }
  return false;
}

function parse(json: Buffer): unknown {
  const text = json.toString("utf8");
  try {
    return isTooDeep(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws Che168Error `DUMP_INVALID` */
export function parseManifest(json: Buffer, name: string): Manifest {
  const value = parse(json) as { format?: unknown; formatVersion?: unknown; madeBy?: unknown } | undefined;
  if (value?.format !== FORMAT) {
    throw notADump(name);
  }
  if (value.formatVersion !== FORMAT_VERSION) {
    throw invalidDump(
      `The dump ${name} was made by che168-sync ${value.madeBy} in format ${value.formatVersion}; this version reads format ${FORMAT_VERSION}. Install the version that made it, or a later one.`,
    );
  }
  const { format, formatVersion, ...rest } = value;
  const manifest = manifestShape(rest);
  if (manifest instanceof type.errors) {
    throw damagedDump(name, `${MANIFEST} is invalid (${manifest.summary})`);
  }
  return manifest;
}

/** @throws Che168Error `DUMP_INVALID` */
export function parseContents(json: Buffer, name: string): Contents {
  const contents = contentsShape(parse(json));
  if (contents instanceof type.errors) {
    throw damagedDump(name, `${CONTENTS} is invalid`);
  }
  return contents;
}
