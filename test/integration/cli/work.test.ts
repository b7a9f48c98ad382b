import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli, startSource } from "../../support/process/command.ts";

const KEY = "k3y/of+the=account";

/** A working directory with a sandbox account and a fresh database on the server. */
async function workplace(options: SandboxOptions = {}, settings: object = {}) {
  const sandbox = await startSandbox({ offers: 65, changesPerDay: 30, apiKey: KEY, ...options });
  onTestFinished(() => sandbox.close());
  const { url } = await freshServerDatabase();
  const cwd = await directoryWith({
    "che168.config.json": JSON.stringify({
      upstream: { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0, ...settings },
    }),
  });
  const env = { DATABASE_URL: url, CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: KEY };
  const rows = async <Row>(query: string): Promise<Row[]> => {
    const database = await createDatabase({ url });
    try {
      return (await database.query<Row>(query)).rows;
    } finally {
      await database.close();
    }
  };
  return { sandbox, cwd, env, rows };
}

describe("initial", () => {
  test("loads the catalogue and reports on stderr, or with --json as one object on stdout", async () => {
    const { rows, ...place } = await workplace();
    const first = await runCli(["initial", "--max-pages", "2", "--json"], place);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      status: "OK",
      pages: 2,
      loaded: 40,
      finished: false,
      nextPage: 3,
    });
    expect(first.stderr).toContain("[INFO] The next run resumes at page 3");
    const second = await runCli(["initial", "--expect", "65"], place);
    expect(second).toMatchObject({ code: 0, stdout: "" });
    expect(second.stderr).toMatch(/\[INFO\] Progress: 100\.0% \(65 \/ 65 records\)/);
    expect(second.stderr).toContain("[INFO] The catalogue is complete");
    expect(await rows("select count(*)::int as count from raw_data")).toEqual([{ count: 65 }]);
  });

  test("exits 1 after failed pages, and 0 when the next run has read them", async () => {
    const place = await workplace({}, { retry: { attempts: 1, intervalMs: 0 } });
    place.sandbox.addFault({ path: "/offers", query: { page: 2 }, fault: { kind: "status", status: 503 } });
    const first = await runCli(["initial", "--json"], place);
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toMatchObject({ status: "ERROR", failedPages: [2] });
    place.sandbox.clearFaults();
    expect(await runCli(["initial"], place)).toMatchObject({ code: 0 });
  });

  test("exits 2 when the key is rejected, naming the variable but not the key", async () => {
    const place = await workplace({ apiKey: "another" });
    const { code, stdout, stderr } = await runCli(["initial", "--json"], place);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "UPSTREAM_UNAUTHORIZED" } });
    expect(stderr).toContain("CHE168_API_KEY");
    const [log] = await readdir(join(place.cwd, "logs"));
    const written = stdout + stderr + (await readFile(join(place.cwd, "logs", log ?? ""), "utf8"));
    expect(written).not.toContain(KEY);
    expect(written).not.toContain(encodeURIComponent(KEY));
  });

  test("exits 3 while another run holds the lock, and names it", async () => {
    const place = await workplace();
    place.sandbox.addFault({ path: "/offers", fault: { kind: "hang" } });
    const running = startSource(["initial"], { ...place, env: { ...place.env, LOG_LEVEL: "debug" } });
    await expect.poll(() => place.sandbox.requests.some(({ path }) => path === "/offers")).toBe(true);
    const second = await runCli(["initial", "--json"], place);
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(/che168-sync initial since \d{4}-\d\d-\d\dT/);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: "LOCKED" } });
    running.child.kill("SIGKILL");
    await running.ended;
  });
});

describe("a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s in a wait of twelve minutes stops cleanly with code %d", async (signal, code) => {
    const { rows, ...place } = await workplace({
      faults: [{ path: "/offers", query: { page: 2 }, fault: { kind: "status", status: 503 } }],
    });
    const running = startSource(["initial", "--json"], place);
    await running.shown(/Attempt 1 of 2[01] to get page 2.*next in 12 min/);
    running.child.kill(signal);
    const { stdout, stderr, ...end } = await running.ended;
    expect(end).toEqual({ code, signal: null });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "STOPPED", message: `stopped by ${signal}` } });
    expect(stderr).not.toContain("[ERROR]");
    expect(await rows("select status, details::json->>'stopped' as stopped from operations_log")).toEqual([
      { status: "ERROR", stopped: `stopped by ${signal}` },
    ]);
    expect(await rows("select count(*)::int as count from raw_data")).toEqual([{ count: 20 }]);
  });
});

describe("daily", () => {
  test("processes the feed, also without an initial load", async () => {
    const { rows, ...place } = await workplace();
    const first = await runCli(["daily", "--json"], place);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      status: "OK",
      update: { changes: 30, days: [expect.any(String)] },
    });
    const again = await runCli(["daily"], place);
    expect(again).toMatchObject({ code: 0, stdout: "" });
    expect(again.stderr).toContain("[INFO] Read 0 changes of 1 day");
    expect(again.stderr).not.toContain("Progress: 0 changes");
    const [{ count } = { count: 0 }] = await rows<{ count: number }>(
      "select count(*)::int as count from raw_data",
    );
    expect(count).toBeGreaterThan(10);
  });

  test("--no-normalize leaves normalisation to normalize", async () => {
    const { rows, ...place } = await workplace();
    const unprocessed = async () =>
      (await rows<{ count: number }>("select count(*)::int as count from raw_data where not is_processed"))[0]
        ?.count;
    const update = await runCli(["daily", "--no-normalize", "--json"], place);
    expect(JSON.parse(update.stdout).normalize).toBeUndefined();
    const waiting = (await unprocessed()) ?? 0;
    expect(waiting).toBeGreaterThan(5);
    const some = await runCli(["normalize", "--limit", "5", "--batch-size=2", "--json"], place);
    expect(some.code).toBe(0);
    expect(JSON.parse(some.stdout)).toMatchObject({ status: "OK", batches: 3 });
    expect(await unprocessed()).toBe(waiting - 5);
    const all = await runCli(["normalize", "--all"], place);
    expect(all).toMatchObject({ code: 0, stdout: "" });
    expect(all.stderr).toMatch(/\[INFO\] Normalised \d+ listings/);
    expect(await unprocessed()).toBe(0);
  });

  test("rejects an invalid vocabulary before any work", async () => {
    const place = await workplace();
    const cwd = await directoryWith({
      "che168.config.yaml": "vocabulary: { file: words.yaml }",
      "words.yaml": "colour: {}\ncolor: { red: 5 }\n",
    });
    const { code, stderr } = await runCli(["daily"], { ...place, cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/vocabulary colour: is unknown/);
    expect(stderr).toMatch(/vocabulary color\.red: must be an object/);
    expect(place.sandbox.requests).toEqual([]);
  });

  test("exits 1 when the feed cannot be read, with the reason in the JSON object", async () => {
    const place = await workplace(
      { faults: [{ path: "/changes", fault: { kind: "html200" } }] },
      { retry: { attempts: 1, intervalMs: 0 } },
    );
    const { code, stdout } = await runCli(["daily", "--json"], place);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "UPSTREAM_INVALID_RESPONSE" } });
  });
});

describe("status", () => {
  test("shows the lag to the feed, and works without a response of the service", async () => {
    const place = await workplace();
    await runCli(["initial"], place);
    await runCli(["daily"], place);
    place.sandbox.advance(7);
    const near = await runCli(["status", "--json"], place);
    const { feed } = JSON.parse(near.stdout);
    expect(feed.daysBehind).toBe(0);
    // Ids of the feed have gaps.
    expect(feed.changesBehind).toBeGreaterThanOrEqual(7);
    place.sandbox.addFault({ fault: { kind: "hang" } });
    const impatient = await directoryWith({ "che168.config.json": '{ "upstream": { "timeoutMs": 300 } }' });
    const far = await runCli(["status"], { ...place, cwd: impatient });
    expect(far.code).toBe(0);
    expect(far.stdout).toContain("65 records");
    expect(far.stderr).toMatch(/^\[WARN\] The end of the feed is unknown/);
  });
});

describe("status --check", () => {
  test("exits 1 with every reason, and sends no request", async () => {
    const { rows, ...place } = await workplace();
    const check = (...flags: string[]) => runCli(["status", "--check", ...flags], place);
    const empty = await check();
    expect(empty.code).toBe(1);
    expect(empty.stdout).toContain("! stale: Nothing has been loaded.");
    await runCli(["initial"], place);
    await runCli(["daily"], place);
    const asked = place.sandbox.requests.length;
    const good = await check();
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/Check\n {2}ok, data as of 20/);
    await rows("update sync_state set newest_change_at = now() - interval '30 hours' returning id");
    await rows("update load_state set started_at = started_at - interval '30 hours' returning id");
    const old = await check("--json");
    expect(old.code).toBe(1);
    expect(JSON.parse(old.stdout)).toMatchObject({
      rows: { raw: expect.any(Number) },
      check: { ok: false, reasons: [{ code: "stale" }], maxAgeSeconds: 93_600 },
    });
    expect((await check("--max-age", "2d")).code).toBe(0);
    expect((await check("--max-age", "soon")).code).toBe(2);
    expect(place.sandbox.requests).toHaveLength(asked);
  });
});

describe("sandbox", () => {
  test("runs until it is stopped, without configuration and database", async () => {
    const cwd = await directoryWith({ "che168.config.json": "nonsense" });
    const running = startSource(["sandbox", "--port", "0", "--offers", "25"], { cwd });
    await running.shown(/CHE168_BASE_URL=\S+ CHE168_API_KEY=sandbox[\s\S]*Ctrl\+C/);
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/api\/v2\/che168/);
    expect(await readdir(cwd)).toEqual(["che168.config.json"]);
  });

  test("reports a port in use", async () => {
    const { sandbox, cwd } = await workplace();
    const { code, stderr } = await runCli(["sandbox", "--port", new URL(sandbox.url).port], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("is taken");
  });
});
