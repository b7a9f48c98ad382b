import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBlocks } from "../../../src/export-file/blocks.ts";
import { CELL_STRIDE, scanRows } from "../../../src/export-file/csv-rows.ts";
import { cellText } from "../../../src/export-file/row-document.ts";

/** The cells of the rows of a text. */
function scan(text: string | Buffer): { rows: string[][]; end: number } {
  const bytes = Buffer.from(text);
  const { rows, end } = scanRows(bytes, 0, bytes.length);
  const cells = rows.map((row) =>
    Array.from({ length: row.cells.length / CELL_STRIDE }, (_, index) => cellText(bytes, row, index)),
  );
  return { rows: cells, end };
}

describe("rows of a daily file", () => {
  test.each([
    ["bare cells", "a|b\n", [["a", "b"]]],
    [
      "quoted cells with delimiters, line breaks and quotes",
      '"a|b"|"c\nd"|"e""f"\n',
      [["a|b", "c\nd", 'e"f']],
    ],
    ["empty cells, bare and quoted", 'a||""|\n', [["a", "", "", ""]]],
    [
      "CR LF",
      'a|"b"\r\nc|d\r\n',
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["line breaks of either kind inside cells", '"a\r\nb"|c\r\n', [["a\r\nb", "c"]]],
    [
      "blank lines, which are skipped",
      "a|b\n\n\r\nc|d\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a quote inside a bare cell", 'a"b|5" disc\n', [['a"b', '5" disc']]],
    ["a quote that nothing closes inside a quoted cell", '"a "b" c"|d\n', [['a "b" c', "d"]]],
    ["a cell of quotes only", '""""|"a"""\n', [['"', 'a"']]],
    ["a single empty quoted cell", '""\n', [[""]]],
    ["Chinese and emoji", '"北京|上海"|😀\n', [["北京|上海", "😀"]]],
  ])("%s", (_name, text, rows) => {
    expect(scan(text)).toEqual({ rows, end: Buffer.byteLength(text) });
  });

  test.each([
    ["inside a quoted cell", '"a|b'],
    ["after its closing quote, which may be the first of two", '"a"'],
    ["inside a bare cell", "a|b"],
    ["after a delimiter", "a|"],
    ["between CR and LF", '"a"\r'],
  ])("an incomplete row is left for the next block: cut %s", (_name, rest) => {
    const { rows, end } = scan(`x|y\n${rest}`);
    expect(rows).toEqual([["x", "y"]]);
    expect(end).toBe(4);
  });

  test("any cells survive, however the bytes are cut into chunks", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", '"', "|", "\n", "\r", "界", " ", "\\"),
      maxLength: 8,
    });
    const file = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const text = rows
          .map((row) => `${row.map((one) => `"${one.replaceAll('"', '""')}"`).join("|")}\n`)
          .join("");
        const bytes = Buffer.from(text);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const found: string[][] = [];
        const blocks = readBlocks(
          (async function* () {
            yield* chunks;
          })(),
          0,
          "file",
        );
        for (;;) {
          const { done, value } = await blocks.next();
          if (done) {
            expect(value.length).toBe(0);
            break;
          }
          for (const row of value.rows) {
            found.push(
              row.cells.flatMap((_, at) => (at % 3 === 0 ? [cellText(value.bytes, row, at / 3)] : [])),
            );
          }
        }
        expect(found).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  test("a block stays valid while the next one is read, and two buffers hold all blocks, whatever their rows", async () => {
    const cells = Array.from({ length: 500 }, (_, index) =>
      String(index).repeat(index === 60 ? 1_500_000 : 9_000),
    );
    const bytes = Buffer.from(cells.map((cell) => `"${cell}"|x\n`).join(""));
    const blocks = readBlocks(
      (async function* () {
        for (let at = 0; at < bytes.length; at += 100_000) {
          yield bytes.subarray(at, at + 100_000);
        }
      })(),
      0,
      "file",
    );
    const found: string[] = [];
    const buffers: ArrayBufferLike[] = [];
    let ahead = blocks.next();
    for (;;) {
      const { done, value } = await ahead;
      if (done) {
        break;
      }
      ahead = blocks.next();
      await ahead;
      found.push(...value.rows.map((row) => cellText(value.bytes, row, 0)));
      buffers.push(value.bytes.buffer);
    }
    expect(found).toHaveLength(cells.length);
    expect(found.findIndex((cell, index) => cell !== cells[index])).toBe(-1);
    expect(buffers.length).toBeGreaterThan(8);
    expect(new Set(buffers.slice(-6)).size).toBe(2);
  });
});
