import { hash } from "node:crypto";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { createTarPacker } from "modern-tar";
import { countCopiedRows } from "./copy/copy-format.ts";
import {
  CONTENTS,
  type Contents,
  MANIFEST,
  type Manifest,
  manifestJson,
  pieceName,
  toJson,
} from "./format.ts";

const compress = promisify(zstdCompress);

/** Writes a dump piece by piece, with the back-pressure of its output. */
export interface DumpWriter {
  /** Returns the number of rows in the piece. */
  add(table: string, piece: Buffer): Promise<number>;
  /** Writes the end, waits until the output has flushed, and returns the length in bytes. */
  finish(): Promise<number>;
  abort(reason: unknown): Promise<void>;
}

/** @param output is ended by `finish` and destroyed by `abort` */
export async function createDumpWriter(output: Writable, manifest: Manifest): Promise<DumpWriter> {
  const { readable, controller } = createTarPacker();
  let bytes = 0;
  const written = pipeline(
    Readable.fromWeb(readable as Parameters<typeof Readable.fromWeb>[0]),
    async function* count(parts: AsyncIterable<Buffer>) {
      for await (const part of parts) {
        bytes += part.length;
        yield part;
      }
    },
    output,
  );
  let failure: unknown;
  written.catch((error) => {
    failure = error;
  });
  const pieces: Contents["pieces"] = [];

  const append = async (name: string, data: Buffer) => {
    try {
      const writer = controller.add({ name, size: data.length, mode: 0o600 }).getWriter();
      await writer.write(data);
      await writer.close();
    } catch (error) {
      // The output's own error is the cause; the packer's only follows from it.
      throw failure ?? error;
    }
  };

  await append(MANIFEST, manifestJson(manifest));
  return {
    add: async (table, piece) => {
      const data = await compress(piece, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
      const name = pieceName(table, pieces.length + 1);
      const rows = countCopiedRows(piece);
      pieces.push({ name, rows, sha256: hash("sha256", data) });
      await append(name, data);
      return rows;
    },
    finish: async () => {
      await append(CONTENTS, toJson({ pieces }));
      controller.finalize();
      await written;
      return bytes;
    },
    abort: async (reason) => {
      controller.error(reason);
      await written.catch(() => {});
    },
  };
}
