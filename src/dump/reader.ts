import { createHash } from "node:crypto";
import { pipeline, type Readable } from "node:stream";
import { constants, createZstdDecompress } from "node:zlib";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { isChe168Error } from "../errors.ts";
import { countCopiedRows, limitRows } from "./copy/copy-format.ts";
import {
  CONTENTS,
  type Contents,
  damagedDump,
  invalidDump,
  isPieceOf,
  MANIFEST,
  MAX_JSON_BYTES,
  MAX_ROW_BYTES,
  MAX_WINDOW_LOG,
  type Manifest,
  notADump,
  parseContents,
  parseManifest,
} from "./format.ts";

/** An open dump. */
export interface DumpReader {
  readonly manifest: Manifest;
  /** The rows of a table in parts of any size. Tables must be read in the order of the manifest, each once. */
  rows(table: string): AsyncIterable<Buffer>;
  /** @throws Che168Error `DUMP_INVALID` unless the whole dump has been read */
  finish(): Promise<void>;
  close(): Promise<void>;
}

interface Member {
  readonly name: string;
  readonly size: number;
  /** Must be consumed before the next member. */
  readonly body: AsyncIterable<Uint8Array>;
}

const ROWS_CHUNK_BYTES = 256 * 1024;

/** Dumps of PostgreSQL's own tool are a likely mix-up. */
const PG_DUMP_MAGIC = "PGDMP";

async function* checkStart(input: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const part of input) {
    if (isFirst && part.subarray(0, PG_DUMP_MAGIC.length).toString("latin1") === PG_DUMP_MAGIC) {
      throw invalidDump(`${name} was made by pg_dump; pg_restore reads it.`);
    }
    isFirst = false;
    yield part;
  }
}

/** The members of a tar file, streamed. */
async function* readMembers(input: Readable, name: string): AsyncGenerator<Member> {
  const decoder = createTarDecoder({ strict: true });
  const writer = decoder.writable.getWriter();
  const feed = async () => {
    try {
      for await (const part of checkStart(input, name)) {
        await writer.write(part as Uint8Array<ArrayBuffer>);
      }
      await writer.close();
    } catch (error) {
      // Fails the iteration below.
      await writer.abort(error).catch(() => {});
    }
  };
  let isFirst = true;
  try {
    const fed = feed();
    for await (const { header, body } of decoder.readable as AsyncIterable<ParsedTarEntry>) {
      isFirst = false;
      yield { name: header.name, size: header.size, body: body as AsyncIterable<Uint8Array> };
    }
    await fed;
  } catch (error) {
    throw isFirst && !isChe168Error(error) && !failureOf(input) ? notADump(name, error) : error;
  }
}

/** The input's own error (the disk fails, a stop was requested), unless it was only closed. */
function failureOf({ errored }: Readable): Error | undefined {
  return errored && (errored as NodeJS.ErrnoException).code !== "ABORT_ERR" ? errored : undefined;
}

async function readJson({ name: member, size, body }: Member, name: string): Promise<Buffer> {
  if (size > MAX_JSON_BYTES) {
    throw damagedDump(name, `${member} has ${size} bytes, and at most ${MAX_JSON_BYTES} are allowed`);
  }
  const parts: Uint8Array[] = [];
  for await (const part of body) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * Opens a dump as a stream. Limits apply while it is read: memory does not depend on what the dump claims or expands to.
 *
 * @param name the dump's name in messages
 * @throws Che168Error `DUMP_INVALID` when it is not a dump, or has a newer format
 */
export async function createDumpReader(input: Readable, name: string): Promise<DumpReader> {
  const members = readMembers(input, name);
  /** Converts an error met while reading into the error to throw. */
  const explain = (error: unknown, problem: string) =>
    isChe168Error(error) ? error : (failureOf(input) ?? damagedDump(name, problem, error));
  const nextMember = async () => {
    try {
      return await members.next();
    } catch (error) {
      throw explain(error, "it is truncated or was changed");
    }
  };
  const close = async () => {
    input.destroy();
    await members.return(undefined).catch(() => {});
  };
  const open = async (): Promise<{ manifest: Manifest; next: IteratorResult<Member> }> => {
    const first = await nextMember();
    if (first.done || first.value.name !== MANIFEST) {
      throw notADump(name);
    }
    const json = await readJson(first.value, name).catch((error) => {
      throw explain(error, "it is truncated or was changed");
    });
    return { manifest: parseManifest(json, name), next: await nextMember() };
  };
  const opened = await open().catch(async (error) => {
    await close();
    throw error;
  });
  let { next } = opened;
  const seen: Contents["pieces"] = [];

  async function* decompress(member: Member): AsyncGenerator<Buffer> {
    const sha256 = createHash("sha256");
    let rows = 0;
    const compressed = async function* () {
      for await (const part of member.body) {
        sha256.update(part);
        yield part;
      }
    };
    const decompressor = createZstdDecompress({
      chunkSize: ROWS_CHUNK_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
    });
    const parts: AsyncIterable<Buffer> = pipeline(compressed, decompressor, () => {});
    const tooLong = () =>
      damagedDump(name, `${member.name} has a row of more than ${MAX_ROW_BYTES / 1_048_576} MiB`);
    try {
      for await (const part of limitRows(parts, MAX_ROW_BYTES, tooLong)) {
        rows += countCopiedRows(part);
        yield part;
      }
    } catch (error) {
      throw explain(error, `${member.name} cannot be decompressed`);
    }
    seen.push({ name: member.name, rows, sha256: sha256.digest("hex") });
  }

  return {
    manifest: opened.manifest,
    close,
    rows: async function* (table) {
      while (!next.done && isPieceOf(table, next.value.name)) {
        yield* decompress(next.value);
        next = await nextMember();
      }
    },
    finish: async () => {
      if (next.done || next.value.name !== CONTENTS) {
        throw damagedDump(
          name,
          next.done ? "its end is missing" : `${next.value.name} is not expected there`,
        );
      }
      const json = await readJson(next.value, name).catch((error) => {
        throw explain(error, "it is truncated or was changed");
      });
      const { pieces } = parseContents(json, name);
      const wrong = pieces.find((piece, index) => {
        const read = seen[index];
        return piece.name !== read?.name || piece.rows !== read.rows || piece.sha256 !== read.sha256;
      });
      if (wrong !== undefined || pieces.length !== seen.length) {
        throw damagedDump(name, `${wrong?.name ?? "a piece"} was changed`);
      }
    },
  };
}
