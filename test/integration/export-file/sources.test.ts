import { appendFile, utimes, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ExportReplaced, openExport } from "../../../src/export-file/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { csv, fileWith, gzipped, openLocal, readAll } from "../../support/export/files.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { NOON, sandbox } from "../../support/sandbox/helpers.ts";
import { failureOf, reply, startService } from "../../support/sandbox/http-service.ts";

const NAMES = ["inner_id", "mark", "created_at"];
const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => [
    String(index + 1),
    `Mark | ${index}\n"x"${" ".repeat(300)}`,
    "2025-06-14T10:00:00Z",
  ]);
const FILE = "/export/2025-06-15/all_active.csv";

/** Opens a file of a server; failed requests are retried twice, without a wait. */
function openRemote(url: string, options: { date?: string; user?: string; password?: string } = {}) {
  const { logger, lines } = collectingLogger();
  const { date, user = "sandbox", password = "sandbox" } = options;
  const remote = {
    ...{ account: { url, user, password }, timeoutMs: 60_000, retry: { attempts: 3, intervalMs: 1 }, logger },
  };
  const opened = openExport({ remote, date }, { timezone: "Europe/Moscow", now: () => NOON });
  return { opened, lines };
}

/** The listings of a sandbox by id, as its file should have them. */
const listingsOf = (server: Sandbox) =>
  [...server.current()].filter(([, { active }]) => active).map(([id]) => id);

describe("a file on disk", () => {
  test.each([
    ["plain", (text: string) => Buffer.from(text)],
    ["with a byte order mark", (text: string) => Buffer.from(`\ufeff${text}`)],
    [
      "with CR LF",
      (text: string) => Buffer.from(text.replace(/"\n|_at\n/g, (end) => `${end.slice(0, -1)}\r\n`)),
    ],
    ["gzip", gzipped],
    ["gzip with a byte order mark", (text: string) => gzipped(`\ufeff${text}`)],
    ["without a line break at the end", (text: string) => Buffer.from(text.trimEnd())],
  ])("%s: every row, and again from the position of any batch", async (_name, encode) => {
    const path = await fileWith(encode(csv(NAMES, rowsOf(4_000))));
    const file = await openLocal(path);
    const { data, batches, end } = await readAll(file);
    expect(end).toEqual({ truncated: undefined });
    expect(data.map(({ inner_id }) => inner_id)).toEqual(rowsOf(4_000).map(([id]) => id));
    expect(data.at(-1)?.mark).toMatch(/^Mark \| 3999\n"x" +$/);
    expect(batches.length).toBeGreaterThan(1);
    const second = await readAll(file, batches[0]?.position ?? 0);
    expect(second.data).toEqual(data.slice(batches[0]?.rows.length));
    const last = await readAll(file, batches.at(-1)?.position ?? 0);
    expect([last.data, last.end]).toEqual([[], { truncated: undefined }]);
  });

  test.each([
    ["inside a cell", (text: string) => Buffer.from(text.slice(0, -10))],
    ["after a cell", (text: string) => Buffer.from(text.slice(0, -25))],
    ["inside its compressed stream", (text: string) => gzipped(text).subarray(0, -100)],
  ])("cut %s: its complete rows, and why it is incomplete", async (_name, cut) => {
    const path = await fileWith(cut(csv(NAMES, rowsOf(200))));
    const { data, end } = await readAll(await openLocal(path));
    expect(end.truncated).toMatch(/cut off|ends early/);
    expect(data.length).toBeLessThan(200);
    expect(data).toEqual((await readAll(await openLocal(path))).data);
  });

  test("cut between the two quotes of a doubled one: incomplete as well", async () => {
    const text = csv(["inner_id", "extra"], [["1", '{"a":"b"}']]);
    const path = await fileWith(text.slice(0, text.indexOf('""b') + 1));
    const { data, end } = await readAll(await openLocal(path));
    expect([data, end.truncated]).toEqual([[], expect.stringContaining("cut off")]);
  });

  test("its day is read from its path, else given, else the day of its last modification", async () => {
    const text = csv(NAMES, rowsOf(1));
    expect((await openLocal(await fileWith(text, "2025-06-13-all.csv"), "2025-06-14")).date).toBe(
      "2025-06-13",
    );
    const path = await fileWith(text, "all.csv");
    expect((await openLocal(path, "2025-06-14")).date).toBe("2025-06-14");
    await utimes(path, new Date(), new Date("2025-06-11T22:00:00Z"));
    expect((await openLocal(path)).date).toBe("2025-06-12");
  });

  test("the service's sample: a byte order mark, delimiters and line breaks inside cells, JSON inside cells", async () => {
    const { data, end } = await readAll(await openLocal("test/fixtures/upstream/active_offer.csv"));
    expect(end).toEqual({ truncated: undefined });
    expect(data).toMatchObject([
      {
        inner_id: "42",
        model: "Corolla | Cross\nUnicode 北京",
        price: "90000",
        images: [expect.stringMatching(/\.webp$/)],
        extra: { configuration: { specid: 123, paramtypeitems: [{ name: "发动机" }] } },
      },
    ]);
  });

  test("replaced after it was opened, it is reported instead of read with the columns of the old one", async () => {
    const path = await fileWith(csv(NAMES, rowsOf(2)));
    const file = await openLocal(path);
    await writeFile(path, csv(["mark", "inner_id", "created_at"], rowsOf(2)));
    await expect(readAll(file)).rejects.toThrow(ExportReplaced);
  });

  test("is another version once it has changed", async () => {
    const path = await fileWith(csv(NAMES, rowsOf(1)));
    const before = (await openLocal(path)).version;
    expect((await openLocal(path)).version).toBe(before);
    await appendFile(path, csv(NAMES, rowsOf(1)));
    expect((await openLocal(path)).version).not.toBe(before);
  });

  test("a day in the path that does not exist is not its day", async () => {
    const path = await fileWith(csv(NAMES, rowsOf(1)), "2025-02-30-all_active.csv");
    expect((await openLocal(path, "2025-02-28")).date).toBe("2025-02-28");
  });

  test("the date of a row comes from its columns; rows that are not listings are rejected with the reason", async () => {
    const text = `inner_id|created_at|offer_created
1|2025-06-14 10:00:00|2025-01-01
2||2025-01-02
3|soon|
4|2025-06-14
|2025-06-14 10:00:00|
`;
    const { batches } = await readAll(await openLocal(await fileWith(text)));
    expect(batches[0]?.rows).toEqual([
      { innerId: "1", createdAt: "2025-06-14 10:00:00", hasOwnDate: true },
      { innerId: "2", createdAt: "2025-01-02", hasOwnDate: true },
      { innerId: "3", createdAt: NOON.toISOString(), hasOwnDate: false },
    ]);
    expect(batches[0]?.rejections.map(({ reason, text }) => [reason, text])).toEqual([
      ["the row has 2 cells, the header 3", "4|2025-06-14"],
      [expect.stringContaining("inner_id is empty"), "|2025-06-14 10:00:00|"],
    ]);
  });

  test.each([
    ["missing", undefined, "EXPORT_NOT_FOUND", /cannot be read/],
    ["empty", "", "EXPORT_INVALID", /is empty/],
    ["of another kind", "<!DOCTYPE html>\n<p>Log in</p>\n", "EXPORT_COLUMNS", /no column inner_id/],
    ["an Excel workbook", "PK\u0003\u0004 \n", "EXPORT_INVALID", /\.xlsx.*download all_active\.csv/],
    ["JSON", '\ufeff[{"inner_id":"1"}]\n', "EXPORT_INVALID", /is JSON.*download all_active\.csv/],
    ["one endless line", "x".repeat(70_000), "EXPORT_INVALID", /no header line/],
  ])("%s: an error that names it", async (_name, content, code, message) => {
    const path = content === undefined ? "/nowhere/all.csv" : await fileWith(content);
    const error = await failureOf(openLocal(path));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.message).toContain("all");
  });
});

describe("a file of the service", () => {
  test("the newest one is found by day, and read to its end", async () => {
    const server = await sandbox({ offers: 60, now: () => new Date("2025-06-15T04:00:00Z") });
    const { opened } = openRemote(server.exportUrl);
    const file = await opened;
    expect([file.date, file.name]).toEqual(["2025-06-14", "all_active.csv of 2025-06-14"]);
    const { data, end } = await readAll(file);
    expect(end).toEqual({ truncated: undefined });
    expect(data.map(({ inner_id }) => inner_id).sort()).toEqual(listingsOf(server).sort());
    expect(Object.keys(data[0] ?? {})).not.toContain("synced_at");
  });

  test("needs only the account; a failed request is retried after twelve minutes", async () => {
    const server = await sandbox({ offers: 3 });
    const remote = { account: { url: server.exportUrl, user: "sandbox", password: "sandbox" } };
    const { data } = await readAll(await openExport({ remote, date: "2025-06-15" }));
    expect(data).toHaveLength(3);
    server.addFault({ path: FILE, times: 1, fault: { kind: "status", status: 500 } });
    const stop = new AbortController();
    const waits: number[] = [];
    const failed = openExport(
      { remote, date: "2025-06-15" },
      {},
      {
        signal: stop.signal,
        onRetry: ({ attempts, waitMs }) => {
          waits.push(attempts, waitMs);
          stop.abort(new Error("enough"));
        },
      },
    );
    await expect(failed).rejects.toThrow("enough");
    expect(waits).toEqual([20, 720_000]);
  });

  test("a lost connection is resumed by Range where it was lost", async () => {
    const server = await sandbox({ offers: 200 });
    const { opened, lines } = openRemote(server.exportUrl);
    const file = await opened;
    server.addFault({ path: FILE, times: 2, fault: { kind: "resetMidBody" } });
    const { data } = await readAll(file);
    expect(data.map(({ inner_id }) => inner_id).sort()).toEqual(listingsOf(server).sort());
    expect(lines.filter(({ text }) => text.includes("was interrupted at byte"))).toHaveLength(2);
    expect(server.requests.filter(({ path }) => path === FILE).map(({ status }) => status)).toEqual([
      ...[206, 206, 206, 206],
    ]);
  });

  test("a file replaced while it is read is reported, not mixed", async () => {
    const server = await sandbox({ offers: 200 });
    const file = await openRemote(server.exportUrl).opened;
    const reading = file.read(null, {});
    server.addFault({ path: FILE, times: 1, fault: { kind: "resetMidBody" } });
    await reading.next();
    server.replaceExport();
    const rest = async () => {
      while (!(await reading.next()).done);
    };
    expect(await failureOf(rest())).toBeInstanceOf(ExportReplaced);
    expect((await openRemote(server.exportUrl).opened).version).not.toBe(file.version);
  });

  test("a server without byte ranges, and one without ETag, work as well", async () => {
    const text = csv(NAMES, rowsOf(3000));
    const service = await startService(reply(text, 200, { "content-type": "text/csv" }));
    const file = await openRemote(service.origin, { date: "2025-06-15" }).opened;
    const { data, batches } = await readAll(file);
    expect(data).toHaveLength(3000);
    expect((await readAll(file, batches[0]?.position ?? 0)).data).toEqual([]);
    const half = text.indexOf("2001|");
    expect((await readAll(file, Buffer.byteLength(text.slice(0, half)) - 1)).data).toHaveLength(0);
  });

  test.each([
    ["401", 401, "UPSTREAM_UNAUTHORIZED", /CHE168_EXPORT_USER and CHE168_EXPORT_PASSWORD/],
    ["503 in all attempts", 503, "UPSTREAM_STATUS", /503.*after 3 attempts/],
    [
      "404 for every day",
      404,
      "EXPORT_NOT_FOUND",
      /no daily file of 2025-06-11 to 2025-06-15.*CHE168_EXPORT_URL/,
    ],
  ])("%s: an error with the remedy, without the password", async (_name, status, code, message) => {
    const service = await startService(reply({ message: "no: s3cret-pass" }, status));
    const error = await failureOf(openRemote(service.origin, { user: "u", password: "s3cret-pass" }).opened);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain("s3cret-pass");
  });

  test("the password is not sent to another host", async () => {
    const other = await startService(reply("", 200));
    const service = await startService(reply("", 302, { location: `${other.origin}/x` }));
    const error = await failureOf(openRemote(service.origin).opened);
    expect(error).toMatchObject({ code: "UPSTREAM_REDIRECT" });
    expect(other.requests).toEqual([]);
  });
});
