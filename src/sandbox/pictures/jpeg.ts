import type { Raster } from "./raster.ts";

// Baseline JPEG (ITU-T T.81): 4:4:4, the Huffman tables of annex K, the quantisation tables of annex K at quality 85.

// biome-ignore format: 8 × 8
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
// biome-ignore format: 8 × 8
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];
// biome-ignore format: 8 × 8
const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const AC_COUNTS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d];
const AC_VALUES = Buffer.from(
  "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
  "hex",
);

interface Code {
  readonly bits: number;
  readonly length: number;
}

/** Canonical codes by value. */
function codesOf(counts: readonly number[], values: Iterable<number>): Code[] {
  const codes: Code[] = [];
  const list = [...values];
  let code = 0;
  let next = 0;
  for (const [index, count] of counts.entries()) {
    for (let left = count; left > 0; left -= 1) {
      codes[list[next] as number] = { bits: code, length: index + 1 };
      code += 1;
      next += 1;
    }
    code <<= 1;
  }
  return codes;
}

const DC = codesOf(DC_COUNTS, DC_VALUES);
const AC = codesOf(AC_COUNTS, AC_VALUES);
const atQuality85 = (table: readonly number[]) => table.map((value) => Math.max(1, Math.round(value * 0.3)));
const TABLES = [atQuality85(LUMINANCE), atQuality85(CHROMINANCE)] as const;

/** COSINES[u * 8 + x]: the DCT of eight values. */
const COSINES = Float32Array.from({ length: 64 }, (_, at) => {
  const [u, x] = [at >> 3, at & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

function segment(marker: number, ...content: number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

/** Writes codes; a byte 0xff is followed by 0. */
function createBitWriter() {
  const bytes: number[] = [];
  let pending = 0;
  let count = 0;
  const put = (bits: number, length: number) => {
    pending = (pending << length) | bits;
    count += length;
    while (count >= 8) {
      count -= 8;
      const byte = (pending >>> count) & 255;
      bytes.push(byte);
      if (byte === 255) {
        bytes.push(0);
      }
    }
    pending &= (1 << count) - 1;
  };
  return {
    put,
    finish() {
      put(127, 7);
      return Buffer.from(bytes);
    },
  };
}

/** Bits of a coefficient: negative ones as their one's complement. */
const sizeOf = (value: number) => 32 - Math.clz32(Math.abs(value));
const bitsOf = (value: number, size: number) => (value < 0 ? value + (1 << size) - 1 : value);

/** The quantised coefficients of a block, in zigzag order. */
function transform(block: Float32Array, table: readonly number[], out: Int32Array): void {
  const half = new Float32Array(64);
  for (let y = 0; y < 8; y += 1) {
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let x = 0; x < 8; x += 1) {
        sum += (block[y * 8 + x] as number) * (COSINES[u * 8 + x] as number);
      }
      half[y * 8 + u] = sum;
    }
  }
  for (let at = 0; at < 64; at += 1) {
    const from = ZIGZAG[at] as number;
    const [v, u] = [from >> 3, from & 7];
    let sum = 0;
    for (let y = 0; y < 8; y += 1) {
      sum += (half[y * 8 + u] as number) * (COSINES[v * 8 + y] as number);
    }
    out[at] = Math.round(sum / (table[from] as number));
  }
}

/** The blocks of a picture: luminance and two of chrominance, 8 × 8 each. */
type Blocks = readonly [Float32Array, Float32Array, Float32Array];

/** Reads 8 × 8 pixels as YCbCr; beyond the edges the last pixel repeats. */
function readBlocks(
  { width, height, pixels }: Raster,
  left: number,
  top: number,
  [luma, blue, red]: Blocks,
): void {
  for (let at = 0; at < 64; at += 1) {
    const y = Math.min(height - 1, top + (at >> 3));
    const x = Math.min(width - 1, left + (at & 7));
    const from = (y * width + x) * 3;
    const [r, g, b] = [pixels[from], pixels[from + 1], pixels[from + 2]] as [number, number, number];
    luma[at] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
    blue[at] = -0.16874 * r - 0.33126 * g + 0.5 * b;
    red[at] = 0.5 * r - 0.41869 * g - 0.08131 * b;
  }
}

/** Encodes blocks one after the other; the first coefficient of each is stored as the difference to the block before. */
function createBlockEncoder() {
  const writer = createBitWriter();
  const put = (codes: readonly Code[], value: number) => {
    const { bits, length } = codes[value] as Code;
    writer.put(bits, length);
  };
  const before = [0, 0, 0];
  const values = new Int32Array(64);
  return {
    finish: writer.finish,
    write(block: Float32Array, component: number): void {
      transform(block, TABLES[component === 0 ? 0 : 1], values);
      const difference = (values[0] as number) - (before[component] as number);
      before[component] = values[0] as number;
      const size = sizeOf(difference);
      put(DC, size);
      writer.put(bitsOf(difference, size), size);
      let zeros = 0;
      for (let at = 1; at < 64; at += 1) {
        const value = values[at] as number;
        if (value === 0) {
          zeros += 1;
          continue;
        }
        for (; zeros > 15; zeros -= 16) {
          put(AC, 0xf0);
        }
        const bits = sizeOf(value);
        put(AC, zeros * 16 + bits);
        writer.put(bitsOf(value, bits), bits);
        zeros = 0;
      }
      if (zeros > 0) {
        put(AC, 0);
      }
    },
  };
}

const inZigzag = (table: readonly number[]) => ZIGZAG.map((from) => table[from] as number);

/** The segments before the coefficients: JFIF, quantisation tables, frame, Huffman tables, start of the scan. */
function headOf({ width, height }: Raster): Buffer {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  const components = [1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    segment(0xdb, 0, ...inZigzag(TABLES[0]), 1, ...inZigzag(TABLES[1])),
    segment(0xc0, 8, ...size, 3, ...components),
    segment(0xc4, 0, ...DC_COUNTS, ...DC_VALUES, 0x10, ...AC_COUNTS, ...AC_VALUES),
    segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0),
  ]);
}

/** Encodes a picture as baseline JPEG. */
export function encodeJpeg(raster: Raster): Buffer {
  const encoder = createBlockEncoder();
  const blocks: Blocks = [new Float32Array(64), new Float32Array(64), new Float32Array(64)];
  for (let top = 0; top < raster.height; top += 8) {
    for (let left = 0; left < raster.width; left += 8) {
      readBlocks(raster, left, top, blocks);
      for (const [component, block] of blocks.entries()) {
        encoder.write(block, component);
      }
    }
  }
  return Buffer.concat([headOf(raster), encoder.finish(), Buffer.from([0xff, 0xd9])]);
}
