import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Che168Error } from "../errors.ts";
import type { CallOptions } from "../upstream/index.ts";
import { errorMessage } from "../util/error-message.ts";
import { type CsvRow, scanRows } from "./csv-rows.ts";
import type { ByteSource } from "./types.ts";

/** Size of a block; 40 rows of 22 KB. Larger ones are not faster. */
const BLOCK_BYTES = 1_048_576;
/** Longest row. After an unclosed quote, the rest of the file is one row. */
const MAX_ROW_BYTES = 33_554_432;

/** Complete rows and their bytes. Valid until the next block is requested: the block after that one reuses the buffer. */
export interface Block {
  readonly bytes: Buffer;
  readonly rows: readonly CsvRow[];
  /** Position after the last row in the uncompressed file. */
  readonly position: number;
}

/** True for a gzip file, whatever its name. */
export const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** The file ended inside its compressed stream. */
export class TruncatedGzip extends Error {}

/** Copies the chunks: a stream queues them, and the source reuses its buffer. */
async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) {
    yield Buffer.from(chunk);
  }
}

/** Decompresses, and skips to a position: a gzip file has no random access. */
async function* gunzipped(
  source: ByteSource,
  position: number,
  call: CallOptions,
): AsyncGenerator<Buffer, void, void> {
  const input = Readable.from(copies(source.read(0, call)), { objectMode: false, highWaterMark: 262_144 });
  const output = createGunzip({ chunkSize: 262_144 });
  let inputError: Error | undefined;
  input.on("error", (error) => {
    inputError = error;
    output.destroy(error);
  });
  input.pipe(output);
  let skip = position;
  try {
    for await (const chunk of output as AsyncIterable<Buffer>) {
      if (chunk.length > skip) {
        yield skip > 0 ? chunk.subarray(skip) : chunk;
      }
      skip = Math.max(0, skip - chunk.length);
    }
  } catch (error) {
    if (inputError !== undefined) {
      throw inputError;
    }
    if ((error as { code?: unknown }).code === "Z_BUF_ERROR") {
      throw new TruncatedGzip("the compressed file ends early");
    }
    throw new Che168Error("EXPORT_INVALID", `${source.name} cannot be decompressed: ${errorMessage(error)}`, {
      cause: error,
    });
  } finally {
    input.destroy();
    output.destroy();
  }
}

/** The uncompressed bytes of a source. */
export const plainBytes = (
  source: ByteSource,
  position: number,
  call: CallOptions,
): AsyncGenerator<Buffer, void, void> =>
  isGzip(source.head) ? gunzipped(source, position, call) : source.read(position, call);

/**
 * Splits bytes into blocks of complete rows. Two buffers take turns: V8 notices garbage outside its heap late, so that a new
 * buffer per block would keep 64 MB of them.
 *
 * @param position where the first row starts
 * @returns the bytes of an incomplete last row: empty when the last row ends with a line break
 * @throws Che168Error `EXPORT_INVALID` for a row beyond 32 MiB
 */
export async function* readBlocks(
  bytes: AsyncIterable<Buffer>,
  position: number,
  name: string,
): AsyncGenerator<Block, Buffer, void> {
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let other = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  let start = position;

  /** Moves the incomplete row into the other buffer, whose block is no longer in use, and continues there. */
  function switchBuffers(end: number): void {
    const next = filled - end < other.length ? other : Buffer.allocUnsafe(block.length);
    filled = block.copy(next, 0, end, filled);
    // A buffer that has grown for a long row is not kept.
    other = block.length === BLOCK_BYTES ? block : Buffer.allocUnsafe(BLOCK_BYTES);
    block = next;
    start += end;
  }

  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(block, filled, at);
      at += copied;
      filled += copied;
      if (filled < block.length) {
        continue;
      }
      const { rows, end } = scanRows(block, 0, filled);
      if (end > 0) {
        yield { bytes: block, rows, position: start + end };
        switchBuffers(end);
      } else if (block.length >= MAX_ROW_BYTES) {
        throw new Che168Error(
          "EXPORT_INVALID",
          `${name} has a row of more than ${MAX_ROW_BYTES / 1_048_576} MiB at byte ${start}: a quote is not closed, or it is not a CSV file with the delimiter |`,
          { details: { position: start } },
        );
      } else {
        const larger = Buffer.allocUnsafe(block.length * 2);
        block.copy(larger, 0, 0, filled);
        block = larger;
      }
    }
  }
  const { rows, end } = scanRows(block, 0, filled);
  if (rows.length > 0) {
    yield { bytes: block.subarray(0, filled), rows, position: start + end };
  }
  return Buffer.from(block.subarray(end, filled));
}
