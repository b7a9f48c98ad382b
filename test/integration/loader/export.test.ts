import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type ExportFile, openExport } from "../../../src/export-file/index.ts";
import { createLoader, type LoadRunOptions } from "../../../src/loader/index.ts";
import { getStatus } from "../../../src/operations/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import type { CallOptions } from "../../../src/upstream/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { feedPosition, rawRows, storedIds } from "../../support/database/rows.ts";
import { csv, fileWith, openLocal } from "../../support/export/files.ts";
import { collectingLogger, type LogLine } from "../../support/logs/logger.ts";
import { NOON, sandbox } from "../../support/sandbox/helpers.ts";
import { failureOf } from "../../support/sandbox/http-service.ts";
import { clientOf, pagesAsked } from "../../support/sandbox/service.ts";

const FILE = "/export/2025-06-15/all_active.csv";

const textOf = (lines: readonly LogLine[]) => lines.map(({ text }) => text).join("\n");
const dataOf = (row: { readonly data: unknown } | undefined) => row?.data as Record<string, unknown>;

/** Values of a document as text, so that `"98000"` of a file equals 98000 of the API. */
const asText = (data: unknown): unknown =>
  Object.fromEntries(
    Object.entries(data as Record<string, unknown>)
      .filter(([, value]) => value !== null && value !== "")
      .map(([key, value]) => {
        const parsed = typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value;
        return [key, typeof parsed === "object" ? parsed : String(parsed)];
      }),
  );

onEachDatabase("the initial load from a daily file", ({ database }) => {
  function loaderFor(server: Sandbox, onWarning: (text: string) => void = () => {}) {
    const { logger: collecting, lines } = collectingLogger();
    const logger = {
      ...collecting,
      warn: (text: string) => {
        collecting.warn(text);
        onWarning(text);
      },
    };
    const now = () => NOON;
    const loader = createLoader({ database: database(), client: clientOf(server), logger, now });
    const remote = {
      account: { url: server.exportUrl, user: "sandbox", password: "sandbox" },
      ...{ timeoutMs: 60_000, retry: { attempts: 3, intervalMs: 1 }, logger },
    };
    const exportFile = (call: CallOptions) =>
      openExport({ remote }, { timezone: "Europe/Moscow", now }, call);
    return { run: (run?: LoadRunOptions) => loader.run({ exportFile, ...run }), lines, remote };
  }

  const fromFile = (path: string) => ({ exportFile: (): Promise<ExportFile> => openLocal(path) });

  test("stores the same listings as over the API, with the feed position of the file's day", async () => {
    const server = await sandbox({ offers: 150 });
    const { run } = loaderFor(server);
    const result = await run();
    expect(result).toMatchObject({
      ...{ status: "OK", finished: true, loaded: 150, duplicates: 0, rejected: 0, undated: 0 },
      exportFile: {
        name: "all_active.csv of 2025-06-15",
        date: "2025-06-15",
        unknownColumns: [],
        missingColumns: [],
      },
    });
    expect(pagesAsked(server)).toEqual([]);
    const rows = await rawRows(database());
    const current = [...server.current()].filter(([, { active }]) => active);
    expect([...rows.keys()].sort()).toEqual(current.map(([id]) => id).sort());
    for (const [innerId, { data }] of current) {
      const row = rows.get(innerId);
      expect(row).toMatchObject({
        change_type: "added",
        active_status: 0,
        source: "initial_load",
        change_id: null,
      });
      expect(asText(row?.data)).toEqual(asText(data));
      expect(typeof dataOf(row).images).toBe("object");
    }
    const { change_id } = (await (
      await fetch(`${server.baseUrl}/change_id?date=2025-06-15&api_key=key`)
    ).json()) as { change_id: number };
    expect(await feedPosition(database())).toMatchObject({ position: change_id, day: "2025-06-14" });
    // The catalogue counts as loaded.
    expect(await createLoader({ database: database(), client: clientOf(server) }).run()).toMatchObject({
      ...{ pages: 0, finished: true },
    });
    const status = await getStatus({ database: database() });
    expect(status).toMatchObject({ load: { state: "finished" } });
  });

  test("an error of a hook ends the run after the batch; the next run continues there by Range", async () => {
    const server = await sandbox({ offers: 200 });
    const { run } = loaderFor(server);
    const stop = new Error("stop");
    await expect(
      run({
        onPage: () => {
          throw stop;
        },
      }),
    ).rejects.toBe(stop);
    const stored = (await storedIds(database())).length;
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(200);
    expect(await run()).toMatchObject({ status: "OK", loaded: 200 - stored, duplicates: 0, finished: true });
    expect(await run()).toMatchObject({ pages: 0, finished: true });
    expect(await run({ restart: true })).toMatchObject({ loaded: 0, duplicates: 200 });
  });

  test("a file that is replaced half-way is started again, with nothing lost and nothing twice", async () => {
    const server = await sandbox({ offers: 200 });
    const { run, lines } = loaderFor(server, (text) => {
      if (text.includes("was interrupted at byte")) {
        server.replaceExport();
      }
    });
    server.addFault({ path: FILE, after: 1, times: 1, fault: { kind: "resetMidBody" } });
    const result = await run();
    expect(result).toMatchObject({ status: "OK", finished: true, loaded: 200 });
    expect(result.duplicates).toBeGreaterThan(0);
    expect(textOf(lines)).toMatch(
      /has been replaced while it was read; the new file is loaded from its start/,
    );
    expect((await storedIds(database())).length).toBe(200);
  });

  test("a file that is replaced again and again ends with EXPORT_REPLACED, and the next run loads it", async () => {
    const server = await sandbox({ offers: 1 });
    const { run, lines } = loaderFor(server);
    const versions = Array.from({ length: 10 }, (_, version) =>
      csv(["inner_id", "mark"], [[String(version), "BMW"]]),
    );
    const path = await fileWith(versions[0] ?? "");
    let opened = 0;
    const exportFile = async () => {
      const file = await openLocal(path);
      opened += 1;
      await writeFile(path, versions[opened] ?? "");
      return file;
    };
    expect(await failureOf(run({ exportFile }))).toMatchObject({
      name: "ExportReplaced",
      code: "EXPORT_REPLACED",
      message: expect.stringMatching(/has been replaced while it was read; read it again when/),
    });
    expect(opened).toBe(4);
    expect(lines.filter(({ text }) => text.includes("the new file is loaded from its start"))).toHaveLength(
      3,
    );
    expect(await run(fromFile(path))).toMatchObject({ status: "OK", finished: true, loaded: 1 });
  });

  test("a truncated file ends with ERROR and keeps the rows read; the complete one finishes the load", async () => {
    const server = await sandbox({ offers: 1 });
    const { run } = loaderFor(server);
    const rows = Array.from({ length: 50 }, (_, index) => [String(index + 1), "BMW"]);
    const text = csv(["inner_id", "mark"], rows);
    const cut = await run(fromFile(await fileWith(text.slice(0, -6))));
    expect(cut).toMatchObject({ status: "ERROR", finished: false, loaded: 49 });
    expect(cut.error).toMatch(/incomplete: its last row, at byte \d+, is cut off.*Download it again/);
    const whole = await run(fromFile(await fileWith(text)));
    expect(whole).toMatchObject({ status: "OK", finished: true, loaded: 1, duplicates: 49 });
  });

  test("a file that lacks a column of the stored listings writes nothing; with force, stored values are kept", async () => {
    const server = await sandbox({ offers: 1 });
    const { run } = loaderFor(server);
    await run(fromFile(await fileWith(csv(["inner_id", "mark", "vin"], [["1", "BMW", "LBV"]]))));
    const less = await fileWith(
      csv(
        ["inner_id", "mark"],
        [
          ["1", "BMW"],
          ["2", "Audi"],
        ],
      ),
    );
    const error = await failureOf(run(fromFile(less)));
    expect(error).toMatchObject({
      code: "EXPORT_COLUMNS",
      message: expect.stringContaining("lacks the column vin"),
    });
    expect(await storedIds(database())).toEqual(["1"]);
    expect(await run({ ...fromFile(less), force: true })).toMatchObject({ loaded: 1, duplicates: 1 });
    expect((await rawRows(database())).get("1")?.data).toMatchObject({ vin: "LBV" });
    // From now on it is what a file has.
    expect(await run(fromFile(less))).toMatchObject({ status: "OK", pages: 0 });
  });

  test("the columns of listings that came over the API are required as well", async () => {
    const server = await sandbox({ offers: 40 });
    await createLoader({ database: database(), client: clientOf(server) }).run();
    const { run } = loaderFor(await sandbox({ offers: 40, export: { withoutColumns: ["price", "mark"] } }));
    const error = await failureOf(run());
    expect(error).toMatchObject({ code: "EXPORT_COLUMNS", details: { lost: ["mark", "price"] } });
  });

  test("a file older than five days is refused, unless forced", async () => {
    const server = await sandbox({ offers: 1 });
    const { run, lines } = loaderFor(server);
    const path = await fileWith(csv(["inner_id"], [["1"]]), "2025-06-09.csv");
    expect(await failureOf(run(fromFile(path)))).toMatchObject({ code: "EXPORT_STALE" });
    expect(await storedIds(database())).toEqual([]);
    expect(await run({ ...fromFile(path), force: true })).toMatchObject({ status: "OK", loaded: 1 });
    expect(textOf(lines)).toMatch(/older than 5 days.*reconcile/);
    const five = await fileWith(csv(["inner_id"], [["2"]]), "2025-06-10.csv");
    expect(await run(fromFile(five))).toMatchObject({ status: "OK", loaded: 1 });
  });

  test("rows that PostgreSQL refuses: invalid JSON stays text, unstorable text is rejected", async () => {
    const server = await sandbox({ offers: 1 });
    const { run } = loaderFor(server);
    const number = `{"a":${"9".repeat(200_000)}}`;
    const rows = [
      ["1", "BMW", "{}"],
      ["2", "BMW", '{"a":'],
      ["3", "BMW", '{"a":1}'],
      ["4", "BMW", number],
    ];
    const seen: string[] = [];
    const result = await run({
      ...fromFile(await fileWith(csv(["inner_id", "mark", "extra"], rows))),
      onRejected: ({ reason }) => seen.push(reason),
    });
    expect(result).toMatchObject({ status: "OK", loaded: 4, rejected: 0 });
    const stored = await rawRows(database());
    expect(stored.get("2")?.data).toEqual({ inner_id: "2", mark: "BMW", extra: '{"a":' });
    expect(stored.get("3")?.data).toEqual({ inner_id: "3", mark: "BMW", extra: { a: 1 } });
    expect(dataOf(stored.get("4")).extra).toBe(number);
    expect(seen).toEqual([]);
  });

  test("rows that are not listings are in rejected_records", async () => {
    const server = await sandbox({ offers: 1 });
    const { run } = loaderFor(server);
    const path = await fileWith(`${csv(["inner_id", "mark"], [["1", "BMW"]])}2|Audi|A4\n`);
    expect(await run(fromFile(path))).toMatchObject({ status: "OK", loaded: 1, rejected: 1 });
    const { rows } = await database().query("select reason, record from rejected_records");
    expect(rows).toEqual([{ reason: "the row has 3 cells, the header 2", record: "2|Audi|A4" }]);
  });
});
