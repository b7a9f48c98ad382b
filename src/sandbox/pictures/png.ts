import { crc32, deflateSync } from "node:zlib";
import type { Raster } from "./raster.ts";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Encodes a picture as PNG, 8 bits RGB. */
export function encodePng({ width, height, pixels }: Raster): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  // Each row starts with its filter: 2 is the difference to the row above.
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    const to = y * (1 + width * 3);
    rows[to] = 2;
    for (let x = 0; x < width * 3; x += 1) {
      const above = y === 0 ? 0 : (pixels[(y - 1) * width * 3 + x] as number);
      rows[to + 1 + x] = (pixels[y * width * 3 + x] as number) - above;
    }
  }
  const image = deflateSync(rows, { level: 6 });
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", image),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
