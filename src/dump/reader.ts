import { hash } from "node:crypto";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { isChe168Error } from "../errors.ts";
import { countRows } from "./copy/copy.ts";
import {
  CONTENTS,
  type Contents,
  damagedDump,
  invalidDump,
  isPieceOf,
  MANIFEST,
  type Manifest,
  noDump,
  parseContents,
  parseManifest,
} from "./format.ts";

const decompress = promisify(zstdDecompress);

/** A value in PostgreSQL has at most a gigabyte; a piece is a few megabytes, or one row. */
const MAX_BYTES = 2 ** 30;

/** A dump that is being read. */
export interface DumpReader {
  readonly manifest: Manifest;
  /** The pieces of a table; tables come in the order of the manifest, each once. */
  pieces(table: string): AsyncIterable<Buffer>;
  /** @throws Che168Error `DUMP_INVALID` unless everything that was written has been read */
  finish(): Promise<void>;
  close(): Promise<void>;
}

interface Member {
  readonly name: string;
  readonly data: Buffer;
}

/** What people who have PostgreSQL's own dumps may give by mistake. */
const PG_DUMP_MAGIC = "PGDMP";

async function* lookAtStart(input: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const part of input) {
    if (isFirst && part.subarray(0, PG_DUMP_MAGIC.length).toString("latin1") === PG_DUMP_MAGIC) {
      throw invalidDump(`${name} was made by pg_dump; pg_restore reads it.`);
    }
    isFirst = false;
    yield part;
  }
}

/** The members of a tar file, each as a whole. */
async function* readMembers(input: Readable, name: string): AsyncGenerator<Member> {
  const decoder = createTarDecoder({ strict: true });
  const writer = decoder.writable.getWriter();
  const feed = async () => {
    try {
      for await (const part of lookAtStart(input, name)) {
        await writer.write(part);
      }
      await writer.close();
    } catch (error) {
      // Ends the reading below.
      await writer.abort(error).catch(() => {});
    }
  };
  let isFirst = true;
  try {
    const fed = feed();
    for await (const { header, body } of decoder.readable as AsyncIterable<ParsedTarEntry>) {
      if (header.size > MAX_BYTES) {
        throw damagedDump(name, `${header.name} is said to have ${header.size} bytes`);
      }
      const parts: Uint8Array[] = [];
      for await (const part of body as AsyncIterable<Uint8Array>) {
        parts.push(part);
      }
      isFirst = false;
      yield { name: header.name, data: Buffer.concat(parts) };
    }
    await fed;
  } catch (error) {
    if (isChe168Error(error)) {
      throw error;
    }
    // What the input says of itself (the disk fails, a stop was asked for), unless it was only let go.
    const { errored } = input;
    if (errored && (errored as NodeJS.ErrnoException).code !== "ABORT_ERR") {
      throw errored;
    }
    throw isFirst ? noDump(name, error) : damagedDump(name, "it ends too early or was changed", error);
  }
}

/**
 * Opens a dump as a stream.
 *
 * @param name what messages call it
 * @throws Che168Error `DUMP_INVALID` when it is no dump, or one of a newer format
 */
export async function createDumpReader(input: Readable, name: string): Promise<DumpReader> {
  const members = readMembers(input, name);
  const close = async () => {
    input.destroy();
    await members.return(undefined).catch(() => {});
  };
  const open = async (): Promise<{ manifest: Manifest; next: IteratorResult<Member> }> => {
    const first = await members.next();
    if (first.done || first.value.name !== MANIFEST) {
      throw noDump(name);
    }
    return { manifest: parseManifest(first.value.data, name), next: await members.next() };
  };
  const opened = await open().catch(async (error) => {
    await close();
    throw error;
  });
  let { next } = opened;
  const seen: Contents["pieces"] = [];

  return {
    manifest: opened.manifest,
    close,
    pieces: async function* (table) {
      while (!next.done && isPieceOf(table, next.value.name)) {
        const member = next.value;
        // The next one is read while this one is stored.
        const coming = members.next();
        coming.catch(() => {});
        const piece = await decompress(member.data, { maxOutputLength: MAX_BYTES }).catch((error) => {
          throw damagedDump(name, `${member.name} cannot be decompressed`, error);
        });
        seen.push({ name: member.name, rows: countRows(piece), sha256: hash("sha256", member.data) });
        yield piece;
        next = await coming;
      }
    },
    finish: async () => {
      if (next.done || next.value.name !== CONTENTS) {
        throw damagedDump(name, next.done ? "its end is missing" : `${next.value.name} is out of its place`);
      }
      const { pieces } = parseContents(next.value.data, name);
      const wrong = pieces.find((piece, index) => {
        const read = seen[index];
        return piece.name !== read?.name || piece.rows !== read.rows || piece.sha256 !== read.sha256;
      });
      if (wrong !== undefined || pieces.length !== seen.length) {
        throw damagedDump(name, `${wrong?.name ?? "a piece"} is not what was written`);
      }
    },
  };
}
