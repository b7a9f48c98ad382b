import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { catalogue, feed, NOON, sandbox } from "../../support/sandbox/helpers.ts";

const AUTH = `Basic ${Buffer.from("sandbox:sandbox").toString("base64")}`;

const file = (server: Sandbox, path = "2025-06-15/all_active.csv", headers: Record<string, string> = {}) =>
  fetch(`${server.exportUrl}/${path}`, { headers: { authorization: AUTH, ...headers } });

/** Rows of a daily file by column name. */
function rowsOf(text: string): Record<string, string>[] {
  const cells = [...text.replace(/^\ufeff/, "").matchAll(/("(?:[^"]|"")*"|[^|\n]*)([|\n])/g)];
  const lines: string[][] = [[]];
  for (const [, cell = "", end] of cells) {
    lines.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\n") {
      lines.push([]);
    }
  }
  const [names = [], ...rows] = lines.slice(0, -1);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ""])));
}

describe("the daily file", () => {
  test("has every active listing with its fields, JSON inside cells, delimiters and line breaks", async () => {
    const server = await sandbox({ offers: 120 });
    const response = await file(server);
    const text = Buffer.from(await response.arrayBuffer()).toString();
    expect(text.startsWith("\ufeffinner_id|")).toBe(true);
    expect(Number(response.headers.get("content-length"))).toBe(Buffer.byteLength(text));
    const rows = rowsOf(text);
    const records = await catalogue(server);
    expect(rows.map(({ inner_id }) => inner_id)).toEqual(records.map(({ inner_id }) => inner_id));
    for (const [index, { data }] of records.entries()) {
      const row = rows[index] ?? {};
      for (const [name, value] of Object.entries(data)) {
        const expected = typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
        expect(row[name]).toBe(expected);
      }
      expect(row.synced_at).toMatch(/^2025-06-15T12:00/);
    }
    const descriptions = rows.map(({ description }) => description ?? "");
    expect(descriptions.some((description) => description.includes("\n"))).toBe(true);
    expect(descriptions.some((description) => description.includes(" | "))).toBe(true);
  });

  test("needs the user and password", async () => {
    const server = await sandbox({ offers: 1, export: { user: "u", password: "p" } });
    const response = await file(server);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      'Basic realm="export"',
    ]);
    const authorization = `Basic ${Buffer.from("u:p").toString("base64")}`;
    expect((await file(server, undefined, { authorization })).status).toBe(200);
  });

  test("is available from 8:00 of its day, for three days", async () => {
    let now = new Date("2025-06-15T04:59:00Z");
    const server = await sandbox({ offers: 1, now: () => now });
    const statuses = async () =>
      Promise.all(
        ["2025-06-12", "2025-06-13", "2025-06-14", "2025-06-15", "2025-06-16", "2025-02-30"].map(
          async (day) => (await file(server, `${day}/all_active.csv`)).status,
        ),
      );
    expect(await statuses()).toEqual([404, 200, 200, 404, 404, 404]);
    now = new Date("2025-06-15T05:00:00Z");
    expect(await statuses()).toEqual([404, 200, 200, 200, 404, 404]);
    expect((await file(server, "2025-06-15/nothing.csv")).status).toBe(404);
  });

  test("is resumed by Range with If-Match, and rejected once it is replaced", async () => {
    const server = await sandbox({ offers: 30 });
    const whole = await file(server);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get("etag") ?? "";
    const rest = await file(server, undefined, { range: "bytes=1000-", "if-match": etag });
    expect([rest.status, rest.headers.get("content-range")]).toEqual([
      206,
      `bytes 1000-${bytes.length - 1}/${bytes.length}`,
    ]);
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(1000))).toBe(true);
    const part = await file(server, undefined, { range: "bytes=1000-1009" });
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 1010))).toBe(true);
    expect((await file(server, undefined, { "if-none-match": etag })).status).toBe(304);
    expect((await file(server, undefined, { range: `bytes=${bytes.length}-` })).status).toBe(416);

    server.replaceExport();
    expect((await file(server, undefined, { range: "bytes=1000-", "if-match": etag })).status).toBe(412);
    const replaced = await file(server);
    expect(replaced.headers.get("etag")).not.toBe(etag);
    expect(rowsOf(await replaced.text()).map((row) => row.inner_id)).toEqual(
      rowsOf(bytes.toString())
        .map((row) => row.inner_id)
        .reverse(),
    );
  });

  test("is a snapshot: later changes do not show", async () => {
    const server = await sandbox({ offers: 30, changesPerDay: 0 });
    const before = await (await file(server)).text();
    server.advance(40);
    expect(await (await file(server)).text()).toBe(before);
  });

  test("may lack a column or the byte order mark, and end half-way", async () => {
    const server = await sandbox({
      offers: 30,
      export: { bom: false, withoutColumns: ["vin"] },
      faults: [{ path: "/export/2025-06-15/all_active.csv", after: 1, fault: { kind: "resetMidBody" } }],
    });
    const text = await (await file(server)).text();
    expect(text.startsWith("inner_id|")).toBe(true);
    expect(text.slice(0, text.indexOf("\n")).split("|")).not.toContain("vin");
    await expect(file(server).then((response) => response.text())).rejects.toThrow("terminated");
  });

  test("exists as JSON with the values of the feed", async () => {
    const server = await sandbox({ offers: 30 });
    const response = await file(server, "2025-06-15/all_active.json");
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const rows = (await response.json()) as Record<string, unknown>[];
    const records = await catalogue(server);
    expect(rows.map(({ synced_at: _, ...data }) => data)).toEqual(records.map(({ data }) => data));
    expect((await file(server, "2025-06-15/all_active.xlsx")).status).toBe(404);
  });

  test("exists for the additions and removals of a day as well", async () => {
    const server = await sandbox({ offers: 60, now: () => NOON });
    const changes = (await feed(server, 0)).filter(({ created_at }) => created_at.startsWith("2025-06-14"));
    for (const [name, type] of [
      ["new_daily", "added"],
      ["removed_daily", "removed"],
    ]) {
      const rows = rowsOf(await (await file(server, `2025-06-14/${name}.csv`)).text());
      const expected = changes.filter(({ change_type }) => change_type === type);
      expect(rows.map(({ inner_id }) => inner_id)).toEqual(expected.map(({ inner_id }) => inner_id));
    }
  });
});
