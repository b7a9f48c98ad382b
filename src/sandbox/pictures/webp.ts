import type { Raster } from "./raster.ts";

// Lossless WebP (VP8L, RFC 9649 section 3): no transforms, one group of prefix codes, and runs that repeat the pixel to
// the left or above: drawings consist of them.

const MAX_CODE_LENGTH = 15;
const MAX_RUN = 4096;
/** Distance codes of the pixels above and to the left. */
const ABOVE = 1;
const LEFT = 2;
/** Order in which the lengths of the code length code are stored. */
const LENGTHS_ORDER = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/** Writes bits from the lowest on. */
function createBitWriter() {
  const bytes: number[] = [];
  let pending = 0;
  let count = 0;
  return {
    put(bits: number, length: number) {
      pending |= bits << count;
      count += length;
      while (count >= 8) {
        bytes.push(pending & 255);
        pending >>>= 8;
        count -= 8;
      }
    },
    finish() {
      if (count > 0) {
        bytes.push(pending & 255);
      }
      return Buffer.from(bytes);
    },
  };
}

type BitWriter = ReturnType<typeof createBitWriter>;

/** Lengths of a Huffman code for these counts. */
function huffmanLengths(counts: readonly number[], longest: number): number[] {
  for (let floor = 1; ; floor *= 2) {
    const lengths = counts.map(() => 0);
    let nodes = counts.flatMap((count, symbol) =>
      count > 0 ? [{ weight: Math.max(count, floor), symbols: [symbol] }] : [],
    );
    while (nodes.length > 1) {
      nodes = nodes.sort((a, b) => a.weight - b.weight);
      const [first, second, ...rest] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
      const symbols = [...first.symbols, ...second.symbols];
      for (const symbol of symbols) {
        lengths[symbol] = (lengths[symbol] as number) + 1;
      }
      nodes = [...rest, { weight: first.weight + second.weight, symbols }];
    }
    // Flatter weights make a flatter tree.
    if (Math.max(...lengths) <= longest) {
      return lengths;
    }
  }
}

interface PrefixCode {
  readonly lengths: readonly number[];
  put(symbol: number): void;
}

/** The canonical code of these lengths, its bits reversed as the format stores them. */
function prefixCode(writer: BitWriter, lengths: readonly number[]): PrefixCode {
  const codes = lengths.map(() => 0);
  let code = 0;
  for (let length = 1; length <= MAX_CODE_LENGTH; length += 1) {
    for (const [symbol, own] of lengths.entries()) {
      if (own === length) {
        let reversed = 0;
        for (let bit = 0; bit < length; bit += 1) {
          reversed |= ((code >> bit) & 1) << (length - 1 - bit);
        }
        codes[symbol] = reversed;
        code += 1;
      }
    }
    code <<= 1;
  }
  // A code with a single symbol takes no bits.
  const isSingle = lengths.filter((length) => length > 0).length < 2;
  return {
    lengths,
    put(symbol) {
      if (!isSingle) {
        writer.put(codes[symbol] as number, lengths[symbol] as number);
      }
    },
  };
}

/** Writes the lengths of the code for these counts, and returns the code. */
function writeCode(writer: BitWriter, counts: readonly number[]): PrefixCode {
  const used = counts.flatMap((count, symbol) => (count > 0 ? [symbol] : []));
  if (used.length < 2 && (used[0] ?? 0) < 256) {
    // A simple code: one symbol of 8 bits.
    writer.put(1, 1);
    writer.put(0, 1);
    writer.put(1, 1);
    writer.put(used[0] ?? 0, 8);
    return prefixCode(
      writer,
      counts.map((_, symbol) => (symbol === (used[0] ?? 0) ? 1 : 0)),
    );
  }
  const single = used.length === 1;
  const lengths = single
    ? counts.map((count) => (count > 0 ? 1 : 0))
    : huffmanLengths(counts, MAX_CODE_LENGTH);
  const frequencies = LENGTHS_ORDER.map(() => 0);
  for (const length of lengths) {
    frequencies[length] = (frequencies[length] as number) + 1;
  }
  const inner = huffmanLengths(frequencies, 7);
  writer.put(0, 1);
  writer.put(LENGTHS_ORDER.length - 4, 4);
  const alone = inner.every((length) => length === 0);
  for (const symbol of LENGTHS_ORDER) {
    writer.put(alone && (frequencies[symbol] as number) > 0 ? 1 : (inner[symbol] as number), 3);
  }
  writer.put(0, 1);
  const code = prefixCode(writer, inner);
  for (const length of lengths) {
    code.put(length);
  }
  return prefixCode(writer, lengths);
}

/** A literal pixel, or a run of `length` pixels. */
type Token = { readonly at: number } | { readonly length: number; readonly distance: number };

/** Prefix symbol and extra bits of a length or distance. */
function prefixOf(value: number): { symbol: number; bits: number; extra: number } {
  const rest = value - 1;
  if (rest < 4) {
    return { symbol: rest, bits: 0, extra: 0 };
  }
  const bits = 30 - Math.clz32(rest);
  return { symbol: 2 * bits + (rest >> bits), bits, extra: rest & ((1 << bits) - 1) };
}

function tokensOf({ width, height, pixels }: Raster): Token[] {
  const same = (a: number, b: number) =>
    b >= 0 &&
    pixels[a * 3] === pixels[b * 3] &&
    pixels[a * 3 + 1] === pixels[b * 3 + 1] &&
    pixels[a * 3 + 2] === pixels[b * 3 + 2];
  const run = (from: number, back: number) => {
    let length = 0;
    while (length < MAX_RUN && from + length < width * height && same(from + length, from + length - back)) {
      length += 1;
    }
    return length;
  };
  const tokens: Token[] = [];
  for (let at = 0; at < width * height; ) {
    const [left, above] = [run(at, 1), run(at, width)];
    const length = Math.max(left, above);
    tokens.push(length >= 3 ? { length, distance: above >= left ? ABOVE : LEFT } : { at });
    at += length >= 3 ? length : 1;
  }
  return tokens;
}

/** Encodes a picture as lossless WebP. */
export function encodeWebp(raster: Raster): Buffer {
  const { width, height, pixels } = raster;
  const writer = createBitWriter();
  writer.put(0x2f, 8);
  writer.put(width - 1, 14);
  writer.put(height - 1, 14);
  // No alpha, version 0; no transform, no colour cache, one group of codes.
  writer.put(0, 4);
  writer.put(0, 3);
  const tokens = tokensOf(raster);
  const count = (size: number) => Array.from({ length: size }, () => 0);
  const [green, red, blue, alpha, distances] = [
    count(280),
    count(256),
    count(256),
    count(256),
    count(40),
  ] as const;
  const add = (counts: number[], symbol: number) => {
    counts[symbol] = (counts[symbol] as number) + 1;
  };
  add(alpha, 255);
  for (const token of tokens) {
    if ("at" in token) {
      add(red, pixels[token.at * 3] as number);
      add(green, pixels[token.at * 3 + 1] as number);
      add(blue, pixels[token.at * 3 + 2] as number);
    } else {
      add(green, 256 + prefixOf(token.length).symbol);
      add(distances, prefixOf(token.distance).symbol);
    }
  }
  const codes = [green, red, blue, alpha, distances].map((counts) => writeCode(writer, counts));
  const [greens, reds, blues, , places] = codes as [
    PrefixCode,
    PrefixCode,
    PrefixCode,
    PrefixCode,
    PrefixCode,
  ];
  for (const token of tokens) {
    if ("at" in token) {
      greens.put(pixels[token.at * 3 + 1] as number);
      reds.put(pixels[token.at * 3] as number);
      blues.put(pixels[token.at * 3 + 2] as number);
    } else {
      const { symbol, bits, extra } = prefixOf(token.length);
      greens.put(256 + symbol);
      writer.put(extra, bits);
      places.put(prefixOf(token.distance).symbol);
    }
  }
  const image = writer.finish();
  const padding = image.length % 2;
  const head = Buffer.alloc(20);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(12 + image.length + padding, 4);
  head.write("WEBPVP8L", 8, "latin1");
  head.writeUInt32LE(image.length, 16);
  return Buffer.concat([head, image, Buffer.alloc(padding)]);
}
