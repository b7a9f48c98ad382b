import { describe, expect, onTestFinished, test } from "vitest";
import { startOperation } from "../../../src/operations/run-log.ts";
import { dayOf } from "../../../src/util/days.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { type Sample, scraped } from "../../support/api/exposition.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { databaseBehindProxy } from "../../support/proxy/database.ts";

const DAY_MS = 86_400_000;

/** The value of the one sample with this name and these labels. */
function sampleOf(samples: readonly Sample[], name: string, labels: Record<string, string> = {}) {
  const found = samples.filter(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  expect(
    found.map(({ value }) => value),
    `${name} ${JSON.stringify(labels)}`,
  ).toHaveLength(1);
  return found[0]?.value;
}

onEachDatabase("GET /metrics", (context) => {
  const scrape = async (api: Awaited<ReturnType<typeof openApi>>) => {
    const { status, headers, text } = await api.ask("/metrics");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    return scraped(text);
  };

  test("is valid exposition format, with and without data", async () => {
    const api = await openApi(context.database());
    const empty = await scrape(api);
    expect(sampleOf(empty, "che168_database_up")).toBe(1);
    expect(sampleOf(empty, "che168_rows", { state: "raw" })).toBe(0);
    expect(
      empty.filter(({ name }) => name.startsWith("che168_run") || name.startsWith("che168_feed")),
    ).toEqual([]);
    // Memory and CPU time of the process, under the usual names.
    expect(sampleOf(empty, "process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
    expect(sampleOf(empty, "process_cpu_seconds_total")).toBeGreaterThan(0);
  });

  test("reports rows by state, failed pages and the position in the feed", async () => {
    const database = context.database();
    const row = (id: string, more = "'complete', true, 0") =>
      `insert into raw_data (inner_id, change_type, created_at, data, source, completeness, is_processed, active_status)
       values ('${id}', 'added', now(), '{}', 'initial_load', ${more})`;
    for (const one of [
      row("a"),
      row("b"),
      row("c", "'complete', false, 0"),
      row("d", "'pending', false, 0"),
    ]) {
      await database.query(one);
    }
    await database.query(row("e", "'unavailable', true, 1"));
    await insertListings(database, listings(7));
    await database.query("insert into failed_pages (page, reason) values (3, 'no answer'), (4, 'no answer')");
    await database.query(
      "insert into rejected_records (source, reason, record, fingerprint) values ('daily_update', 'r', '{}', 'f')",
    );
    const day = dayOf(new Date(Date.now() - 3 * DAY_MS), "Asia/Shanghai");
    await database.query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, 5000000001, $1::date)",
      [day],
    );
    const samples = await scrape(await openApi(database, { timezone: "Asia/Shanghai" }));
    const rows = samples.filter(({ name }) => name === "che168_rows");
    expect(Object.fromEntries(rows.map(({ labels, value }) => [labels.state, value]))).toEqual({
      ...{ raw: 5, unprocessed: 2, incomplete: 1, unavailable: 1, processed: 7, rejected: 1 },
    });
    expect(sampleOf(samples, "che168_failed_pages")).toBe(2);
    expect(sampleOf(samples, "che168_feed_position")).toBe(5_000_000_001);
    expect(sampleOf(samples, "che168_feed_days_behind")).toBe(3);
  });

  test("reports the last run of each command, and its last success", async () => {
    const database = context.database();
    const states = async () => {
      const samples = await scrape(await openApi(database));
      const last = samples.filter(({ name, value }) => name === "che168_run_state" && value === 1);
      return {
        samples,
        states: Object.fromEntries(last.map(({ labels }) => [labels.command, labels.state])),
      };
    };
    const good = await startOperation(database, "data_fetch", { command: "daily" });
    await good.finish("OK", {});
    await database.query(
      "update operations_log set started_at = timestamptz '2026-11-20 03:00Z', duration = 90 where id = $1",
      [good.id],
    );
    const bad = await startOperation(database, "data_fetch", { command: "daily" });
    await bad.fail(new Error("the service is away"), {});
    await database.query(
      "update operations_log set started_at = timestamptz '2026-11-21 03:00Z', duration = 7 where id = $1",
      [bad.id],
    );
    await startOperation(database, "normalization", { command: "normalize" });
    const found = await states();
    expect(found.states).toEqual({ daily: "error", normalize: "interrupted" });
    const time = (text: string) => Date.parse(text) / 1_000;
    const daily = { command: "daily" };
    expect(sampleOf(found.samples, "che168_run_started_timestamp_seconds", daily)).toBe(
      time("2026-11-21T03:00Z"),
    );
    expect(sampleOf(found.samples, "che168_run_duration_seconds", daily)).toBe(7);
    expect(sampleOf(found.samples, "che168_run_succeeded_timestamp_seconds", daily)).toBe(
      time("2026-11-20T03:01:30Z"),
    );
    // A command that never succeeded has no sample.
    const normalize = { command: "normalize" };
    expect(sampleOf(found.samples, "che168_run_duration_seconds", normalize)).toBe(0);
    expect(
      found.samples.filter(
        ({ name, labels }) =>
          name === "che168_run_succeeded_timestamp_seconds" && labels.command === "normalize",
      ),
    ).toEqual([]);
    const lock = await database.lock(["normalization"], "a test");
    onTestFinished(() => lock.release());
    expect((await states()).states).toEqual({ daily: "error", normalize: "running" });
  });

  test("reports requests by route and status, durations as a histogram, and the cache", async () => {
    const database = context.database();
    await insertListings(database, listings(5));
    const api = await openApi(database);
    for (const path of [
      "/offers",
      "/offers",
      "/offers",
      "/offers?limit=0",
      "/offers/50000001",
      "/offers/none",
    ]) {
      await api.ask(path);
    }
    const samples = await scrape(api);
    const requests = (route: string, status: string) =>
      sampleOf(samples, "che168_api_requests_total", { route, status });
    expect(requests("/offers", "200")).toBe(3);
    expect(requests("/offers", "400")).toBe(1);
    expect(requests("/offers/:inner_id", "200")).toBe(1);
    expect(requests("/offers/:inner_id", "404")).toBe(1);
    const duration = "che168_api_request_duration_seconds";
    expect(sampleOf(samples, `${duration}_count`, { route: "/offers" })).toBe(4);
    expect(sampleOf(samples, `${duration}_bucket`, { route: "/offers", le: "+Inf" })).toBe(4);
    expect(sampleOf(samples, `${duration}_sum`, { route: "/offers" })).toBeGreaterThan(0);
    expect(sampleOf(samples, "che168_api_cache_bytes")).toBeGreaterThan(1_000);
  });

  test("no address, token or id becomes a label: random requests add no series", async () => {
    const api = await openApi(context.database());
    const series = async () =>
      (await scrape(api)).map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`);
    const ask = async (salt: string) => {
      for (const path of [
        ...[`/offers/${salt}`, `/offers?mark=${salt}`, `/offers?${salt}=1`, `/${salt}`, `/${salt}/${salt}`],
        ...[`/docs/${salt}`, `/%E0%A4%A?${salt}`, `/metrics?${salt}=${salt}`],
      ]) {
        await api.app.request(path, { headers: { authorization: `Bearer ${api.token}` } });
        await api.app.request(path, { headers: { "x-api-key": salt.padEnd(16, "0") } });
        await api.app.request(path, { method: salt.toUpperCase() });
      }
    };
    await ask("first");
    await series();
    const before = await series();
    for (let index = 0; index < 20; index += 1) {
      await ask(`random${index}`);
    }
    const after = await series();
    // Only the status of wrong tokens may be new: at some point it becomes 429.
    const added = after.filter((one) => one.startsWith("che168_") && !before.includes(one));
    expect(added.filter((one) => !one.includes('"status":"429"'))).toEqual([]);
    expect(after.join("\n")).not.toMatch(/random|first/);
    expect(after.join("\n")).not.toContain(api.token);
  });

  test("requires a token, also for local requests", async () => {
    const { app, ask } = await openApi(context.database());
    expect((await app.request("/metrics")).status).toBe(401);
    expect(
      (await app.request("/metrics", { headers: { authorization: "Bearer wrongwrongwrong1" } })).status,
    ).toBe(401);
    expect((await ask("/metrics", { method: "HEAD" })).status).toBe(200);
    expect((await ask("/metrics", { method: "POST" })).status).toBe(405);
  });

  test("two handlers in one process count separately", async () => {
    const [one, other] = [await openApi(context.database()), await openApi(context.database())];
    await one.ask("/filters");
    const routes = (samples: readonly Sample[]) =>
      samples.flatMap(({ name, labels }) => (name === "che168_api_requests_total" ? [labels.route] : []));
    expect(routes(await scrape(one))).toContain("/filters");
    expect(routes(await scrape(other))).not.toContain("/filters");
  });
});

describe("while the database is unavailable", () => {
  test("the process still reports its own metrics, and that the database is down", async () => {
    const { database, proxy } = await databaseBehindProxy();
    const api = await openApi(database);
    proxy.shut();
    const { status, text } = await api.ask("/metrics");
    expect(status).toBe(200);
    const samples = scraped(text);
    expect(sampleOf(samples, "che168_database_up")).toBe(0);
    expect(samples.filter(({ name }) => name === "che168_rows")).toEqual([]);
    expect(sampleOf(samples, "process_resident_memory_bytes")).toBeGreaterThan(0);
  });
});
