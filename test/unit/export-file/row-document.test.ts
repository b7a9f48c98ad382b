import { describe, expect, test } from "vitest";
import { readColumns, requireColumns } from "../../../src/export-file/columns.ts";
import { scanRows } from "../../../src/export-file/csv-rows.ts";
import { createRenderer, createRowHash } from "../../../src/export-file/row-document.ts";
import { csv } from "../../support/export/files.ts";

/** The documents of a file's rows, parsed, and the numbers of replaced characters. */
function documents(text: string | Buffer, asText = false) {
  const bytes = Buffer.from(text);
  const [header, ...rows] = scanRows(bytes, 0, bytes.length).rows;
  const columns = readColumns(bytes.toString("utf8", 0, (header?.end ?? 1) - 1).split("|"), "file");
  const rendered = createRenderer(columns, asText)(bytes, rows);
  const data = rendered.spans.map(([start, end]) => JSON.parse(rendered.bytes.toString("utf8", start, end)));
  const hashOf = createRowHash(columns);
  return { data, repaired: rendered.repaired, hashes: rows.map((row) => hashOf(bytes, row)) };
}

describe("a row as a document", () => {
  test("has the columns under their names: text unchanged, JSON parsed, empty cells null, without synced_at", () => {
    const images = ["https://2sc2.autoimg.cn/1.jpg", 'a "quoted" one'];
    const extra = { configuration: { specid: 57217 }, option: { displayopts: [] }, note: 'a|b\n"c"' };
    const text = csv(
      ["inner_id", "mark", "price", "description", "images", "extra", "vin", "synced_at"],
      [
        [
          "42",
          "BMW",
          "098000",
          'say "hi" \\ | \n\t\u0001 界',
          JSON.stringify(images),
          JSON.stringify(extra),
          "",
          "x",
        ],
      ],
    );
    expect(documents(text).data).toEqual([
      {
        ...{ inner_id: "42", mark: "BMW", price: "098000", vin: null, images, extra },
        description: 'say "hi" \\ | \n\t\u0001 界',
      },
    ]);
  });

  test("numbers of JSON cells keep their digits", () => {
    const text = csv(["inner_id", "extra"], [["1", '{"a":12345678901234567890,"b":1.50}']]);
    const bytes = Buffer.from(text);
    const [, row] = scanRows(bytes, 0, bytes.length).rows;
    const render = createRenderer(readColumns(["inner_id", "extra"], "file"));
    const { bytes: rendered } = render(bytes, row ? [row] : []);
    expect(rendered.toString()).toContain('{"a":12345678901234567890,"b":1.50}');
  });

  test("a trim in `configuration` stays text, its JSON is parsed", () => {
    const text = csv(
      ["inner_id", "configuration"],
      [
        ["1", "125i"],
        ["2", '{"Класс":"A"}'],
      ],
    );
    expect(documents(text).data).toEqual([
      { inner_id: "1", configuration: "125i" },
      { inner_id: "2", configuration: { Класс: "A" } },
    ]);
  });

  test("JSON cells can be kept as text, for those that are not valid", () => {
    const text = csv(["inner_id", "extra"], [["1", '{"a":']]);
    expect(documents(text, true).data).toEqual([{ inner_id: "1", extra: '{"a":' }]);
  });

  test("characters that PostgreSQL cannot store are replaced and counted", () => {
    const text = csv(
      ["inner_id", "mark", "extra"],
      [
        ["1", "a\0b", '{"c":"\\ud800x\\u0000"}'],
        ["2", "b", "{}"],
      ],
    );
    const { data, repaired } = documents(text);
    expect(data).toEqual([
      { inner_id: "1", mark: "a\ufffdb", extra: { c: "\ufffdx\ufffd" } },
      { inner_id: "2", mark: "b", extra: {} },
    ]);
    expect(repaired).toEqual([3, 0]);
  });

  test("invalid UTF-8 is replaced as well", () => {
    const bytes = Buffer.concat([
      Buffer.from("inner_id|mark\n1|B"),
      Buffer.from([0xff]),
      Buffer.from("MW\n2|Audi\n"),
    ]);
    const { data, repaired } = documents(bytes);
    expect(data).toEqual([
      { inner_id: "1", mark: "B\ufffdMW" },
      { inner_id: "2", mark: "Audi" },
    ]);
    expect(repaired).toEqual([1, 0]);
  });
});

describe("the hash of a row", () => {
  const names = ["inner_id", "mark", "price", "synced_at"];
  const hashOf = (columns: readonly string[], cells: readonly string[]) =>
    documents(csv(columns, [cells])).hashes[0];
  const base = hashOf(names, ["1", "BMW", "7", "today"]);

  test("does not depend on synced_at, the order of columns, or quotes that are not needed", () => {
    expect(hashOf(names, ["1", "BMW", "7", "tomorrow"])).toBe(base);
    expect(hashOf(["price", "synced_at", "inner_id", "mark"], ["7", "x", "1", "BMW"])).toBe(base);
    expect(documents("inner_id|mark|price|synced_at\n1|BMW|7|x\n").hashes[0]).toBe(base);
  });

  test("depends on every value, where it starts, and the names of the columns", () => {
    expect(hashOf(names, ["1", "BMW", "8", "today"])).not.toBe(base);
    expect(hashOf(names, ["1", "BM", "W7", "today"])).not.toBe(base);
    expect(hashOf(["inner_id", "model", "price", "synced_at"], ["1", "BMW", "7", "today"])).not.toBe(base);
    expect(hashOf([...names, "vin"], ["1", "BMW", "7", "today", ""])).not.toBe(base);
  });
});

describe("the columns of a file", () => {
  test("unknown ones are stored and named, missing ones are named", () => {
    const columns = readColumns(["inner_id", "mark", "synced_at", "battery_soh"], "file");
    expect(columns.unknown).toEqual(["battery_soh"]);
    expect(columns.missing).toEqual(["url", "model", "year", "price", "km_age", "images", "extra"]);
    expect(columns.names).toEqual(["inner_id", "mark", "battery_soh"]);
  });

  test.each([
    [["id", "mark"], "has no column inner_id among its 2 columns"],
    [["innerid", "mark"], "(but innerid)"],
    [["<html>"], "no column inner_id among its one column"],
    [["inner_id", "mark", "mark"], 'has the column "mark" twice'],
  ])("a header %j is refused", (names, message) => {
    expect(() => readColumns(names, "a.csv")).toThrow(message);
    expect(() => readColumns(names, "a.csv")).toThrow(expect.objectContaining({ code: "EXPORT_COLUMNS" }));
  });

  test("a file must have the columns of its predecessor, besides synced_at", () => {
    const columns = readColumns(["inner_id", "mark", "new"], "a.csv");
    expect(() => requireColumns(columns, ["inner_id", "mark", "synced_at"], "a.csv")).not.toThrow();
    expect(() => requireColumns(columns, ["inner_id", "vin", "price"], "a.csv")).toThrow(
      /^a\.csv lacks the columns vin, price, .*Nothing was written.*--force/,
    );
  });
});
