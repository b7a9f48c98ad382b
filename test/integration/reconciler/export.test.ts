import { expect, test } from "vitest";
import { openExport } from "../../../src/export-file/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { readCheck, startOperation } from "../../../src/operations/index.ts";
import { createReconciler, type ReconcileRunOptions } from "../../../src/reconciler/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import type { CallOptions } from "../../../src/upstream/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { rawRows } from "../../support/database/rows.ts";
import { csv, fileWith, openLocal } from "../../support/export/files.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { NOON, sandbox } from "../../support/sandbox/helpers.ts";
import { failureOf } from "../../support/sandbox/http-service.ts";
import { clientOf, pagesAsked } from "../../support/sandbox/service.ts";

const FILE = "/export/2025-06-15/all_active.csv";
const NAMES = ["inner_id", "mark", "price", "extra"];
const carRow = (number: number, price = 1000 + number) => [
  String(number),
  "BMW",
  String(price),
  '{"a":[1,"x|y"]}',
];
const carRows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => carRow(from + index));

onEachDatabase("reconcile from a daily file", ({ database }) => {
  const now = () => NOON;

  function jobsFor(server: Sandbox, onWarning: (text: string) => void = () => {}) {
    const { logger: collecting, lines } = collectingLogger();
    const logger = {
      ...collecting,
      warn: (text: string) => {
        collecting.warn(text);
        onWarning(text);
      },
    };
    const remote = {
      account: { url: server.exportUrl, user: "sandbox", password: "sandbox" },
      ...{ timeoutMs: 60_000, retry: { attempts: 3, intervalMs: 1 }, logger },
    };
    const exportFile = (call: CallOptions) =>
      openExport({ remote }, { timezone: "Europe/Moscow", now }, call);
    const deps = { database: database(), client: clientOf(server), logger, now };
    const reconciler = createReconciler({ ...deps, exportFile });
    const load = (path?: string) =>
      createLoader(deps).run({ exportFile: path === undefined ? exportFile : () => openLocal(path) });
    const run = (options: ReconcileRunOptions = {}) => reconciler.run({ exportFile, ...options });
    return { load, run, reconciler, lines };
  }

  const from = (path: string) => ({ exportFile: () => openLocal(path) });
  const write = (rows: readonly (readonly string[])[], names = NAMES) => fileWith(csv(names, rows));
  const active = async () =>
    [...(await rawRows(database()))].filter(([, row]) => row.active_status === 0).map(([id]) => id);

  /** Versions of the rows: a row that is written, even with the same values, has another one. */
  const versions = async () =>
    (
      await database().query<{ version: string }>(
        "select inner_id || ' ' || xmin::text || ' ' || ctid::text as version from raw_data order by 1",
      )
    ).rows.map(({ version }) => version);

  test("an equal copy is not written, whether it came from a file or over the API", async () => {
    const server = await sandbox({ offers: 120 });
    const { load, run } = jobsFor(server);
    await load();
    const before = await versions();
    expect(await run()).toMatchObject({
      ...{ status: "OK", source: "export 2025-06-15", complete: true, records: 120, unchanged: 120 },
      ...{ loaded: 0, updated: 0, removed: 0, reactivated: 0 },
    });
    expect(await versions()).toEqual(before);

    await database().query("truncate raw_data, source_hashes, export_state, load_state");
    await createLoader({ database: database(), client: clientOf(server) }).run();
    const loaded = await versions();
    expect(await run()).toMatchObject({ status: "OK", unchanged: 120, updated: 0 });
    expect(await run()).toMatchObject({ status: "OK", unchanged: 120, updated: 0 });
    expect(await versions()).toEqual(loaded);
  });

  test("missing, different, returned and gone listings, in a dry run first", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 0 });
    const { load, run } = jobsFor(server);
    await load(await write(carRows(1, 50)));
    await database().query(
      "update raw_data set active_status = 1, change_type = 'removed' where inner_id = '7'",
    );
    const path = await write([...carRows(1, 7), carRow(8, 5), ...carRows(9, 48), ...carRows(60, 61)]);
    const expected = { loaded: 2, updated: 1, reactivated: 1, removed: 2, unchanged: 46, complete: true };
    const before = await versions();
    expect(await run({ ...from(path), dryRun: true })).toMatchObject({ status: "OK", ...expected });
    expect(await versions()).toEqual(before);
    expect(await run(from(path))).toMatchObject({ status: "OK", ...expected });
    const rows = await rawRows(database());
    expect(rows.get("8")).toMatchObject({
      data: { price: "5" },
      is_processed: false,
      change_type: "changed",
    });
    expect(rows.get("49")).toMatchObject({ active_status: 1, change_type: "removed" });
    expect((await active()).length).toBe(50);
    // The new contents have hashes as well.
    expect(await run(from(path))).toMatchObject({ status: "OK", unchanged: 50, updated: 0, removed: 0 });
  });

  test("a loss above 10 % is reported by status --check; listings that replace others are none", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 0 });
    const { load, run } = jobsFor(server);
    await load(await write(carRows(1, 100)));
    const options = { database: database(), now: NOON };
    const reasons = async () =>
      (await readCheck(options)).reasons.filter(({ code }) => code === "mass_removal");
    expect(await run(from(await write(carRows(15, 114))))).toMatchObject({ removed: 14, loaded: 14 });
    expect(await reasons()).toEqual([]);
    expect(await run(from(await write(carRows(30, 114))))).toMatchObject({ status: "OK", removed: 15 });
    expect(await run(from(await write(carRows(30, 114))))).toMatchObject({ removed: 0 });
    expect(await reasons()).toMatchObject([
      { message: "reconcile removed 15 of 115 active listings on 2025-06-15 (13 %)." },
    ]);
  });

  test("a row that was changed since it was compared is compared again", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 0 });
    const { load, run } = jobsFor(server);
    const path = await write(carRows(1, 10));
    await load(path);
    await database().query(
      `update raw_data set data = data || '{"price": 1}', last_updated_at = clock_timestamp() where inner_id = '3'`,
    );
    expect(await run(from(path))).toMatchObject({ updated: 1, unchanged: 9 });
    expect((await rawRows(database())).get("3")?.data).toMatchObject({ price: "1003" });
  });

  test("the feed wins: a change at or after the day of the file stays, and absence does not end it", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 10 });
    const { load, run } = jobsFor(server);
    await load(await write(carRows(1, 20)));
    await database().query(
      `update raw_data set change_id = 9000000, data = data || '{"price": 1}', last_updated_at = clock_timestamp()
        where inner_id in ('3', '20')`,
    );
    expect(await run(from(await write(carRows(1, 19))))).toMatchObject({
      newer: 1,
      unchanged: 18,
      removed: 0,
    });
    expect((await rawRows(database())).get("3")?.data).toMatchObject({ price: 1 });
    expect((await active()).length).toBe(20);
  });

  test("a truncated file ends nothing; the complete one does", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 0 });
    const { load, run } = jobsFor(server);
    await load(await write(carRows(1, 20)));
    const text = csv(NAMES, carRows(1, 19));
    const cut = await run(from(await fileWith(text.slice(0, -10))));
    expect(cut).toMatchObject({ status: "ERROR", complete: false, removed: 0 });
    expect(cut.error).toMatch(/incomplete: its last row, at byte \d+, is cut off; nothing was ended/);
    expect((await active()).length).toBe(20);
    expect(await run(from(await fileWith(text)))).toMatchObject({ status: "OK", removed: 1 });
  });

  test("a quarter of the catalogue missing from a file ends nothing, unless forced", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 0 });
    const { load, run } = jobsFor(server);
    await load(await write(carRows(1, 40)));
    const path = await write(carRows(1, 30));
    const refused = await run(from(path));
    expect(refused).toMatchObject({ status: "ERROR", complete: true, removed: 0 });
    expect(refused.error).toContain("--force");
    expect((await active()).length).toBe(40);
    expect(await run({ ...from(path), force: true })).toMatchObject({ status: "OK", removed: 10 });
  });

  test("a file of a day to come writes nothing: it would overrule every change", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 0 });
    const { load, run } = jobsFor(server);
    await load(await write(carRows(1, 5)));
    const before = await versions();
    const future = await fileWith(csv(NAMES, carRows(1, 4)), "2025-06-17.csv");
    expect(await failureOf(run({ ...from(future), force: true }))).toMatchObject({
      code: "EXPORT_INVALID",
      message: expect.stringContaining("dated in the future"),
    });
    expect(await versions()).toEqual(before);
  });

  test("a file that is too old, or lacks a column, writes nothing", async () => {
    const server = await sandbox({ offers: 1, changesPerDay: 0 });
    const { load, run } = jobsFor(server);
    await load(await write(carRows(1, 5)));
    const before = await versions();
    const old = await fileWith(csv(NAMES, carRows(1, 4)), "2025-06-09.csv");
    expect(await failureOf(run({ ...from(old), force: true }))).toMatchObject({ code: "EXPORT_STALE" });
    const less = await write(
      carRows(1, 4).map(([id = "", mark = "", , extra = ""]) => [id, mark, extra]),
      [...["inner_id", "mark", "extra"]],
    );
    expect(await failureOf(run(from(less)))).toMatchObject({
      code: "EXPORT_COLUMNS",
      message: expect.stringContaining("lacks the column price"),
    });
    expect(await versions()).toEqual(before);
    const { rows } = await database().query(
      "select status, details::jsonb ->> 'code' as code from operations_log order by id desc limit 2",
    );
    expect(rows).toEqual([
      { status: "ERROR", code: "EXPORT_COLUMNS" },
      { status: "ERROR", code: "EXPORT_STALE" },
    ]);
    // The stored price stays.
    expect(await run({ ...from(less), force: true })).toMatchObject({ status: "OK", removed: 1, updated: 0 });
    expect((await rawRows(database())).get("1")?.data).toMatchObject({ price: "1001" });
  });

  test("a file that is replaced half-way is compared again from its start", async () => {
    const server = await sandbox({ offers: 150 });
    const { load, run, lines } = jobsFor(server, (text) => {
      if (text.includes("was interrupted at byte")) {
        server.replaceExport();
      }
    });
    await load();
    await database().query("delete from raw_data where id % 10 = 0");
    server.addFault({ path: FILE, after: 1, times: 1, fault: { kind: "resetMidBody" } });
    const result = await run();
    expect(result).toMatchObject({ status: "OK", complete: true, removed: 0, records: 150 });
    expect(lines.map(({ text }) => text).join("\n")).toMatch(/has been replaced while it was compared/);
    expect((await active()).length).toBe(150);
  });

  test("an interrupted comparison continues by Range after its last batch", async () => {
    const server = await sandbox({ offers: 200 });
    const { load, run, lines } = jobsFor(server);
    await load();
    const stop = new AbortController();
    await failureOf(run({ signal: stop.signal, onProgress: () => stop.abort(new Error("stop")) }));
    const result = await run();
    expect(result).toMatchObject({ status: "OK", records: 200, unchanged: 200, removed: 0 });
    expect(lines.map(({ text }) => text).join("\n")).toMatch(/Resuming the comparison after [1-9]/);
  });

  test("a gap of the feed is repaired from the file when it is new enough, as often as needed, else over the API", async () => {
    const server = await sandbox({ offers: 60, changesPerDay: 20 });
    const { load, reconciler } = jobsFor(server);
    await load();
    const { change_id: today } = (await (
      await fetch(`${server.baseUrl}/change_id?date=2025-06-15&api_key=key`)
    ).json()) as { change_id: number };
    const gap = (to: number) =>
      database().query("insert into feed_gaps (from_id, to_id) values ($1, $2)", [to - 100, to]);
    const repair = async () => {
      const lock = await database().lock(["data_fetch"], "test");
      const { id } = await startOperation(database(), "data_fetch", { command: "daily" });
      try {
        return await reconciler.repair({ lock, operationId: id, startedAt: NOON });
      } finally {
        await lock.release();
      }
    };
    for (let time = 0; time < 2; time += 1) {
      await gap(today - 1);
      expect(await repair()).toMatchObject({ status: "OK", source: "export 2025-06-15", gapsRepaired: 1 });
    }
    expect(pagesAsked(server)).toEqual([]);
    await gap(today + 1);
    expect(await repair()).toMatchObject({ source: "api" });
    expect(pagesAsked(server).length).toBeGreaterThan(0);
    await gap(today + 1);
    expect(await repair()).toBeUndefined();
  });
});
