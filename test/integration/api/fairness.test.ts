import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import type { ApiOptions } from "../../../src/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { scraped } from "../../support/api/exposition.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";

/** Long enough that nothing is cancelled while a test holds a lock. */
const UNLIMITED_MS = 120_000;
const WAIT = { interval: 20 };

describe("requests of several tokens", () => {
  let url: string;
  let drop: () => Promise<void>;
  let writer: Database;
  beforeAll(async () => {
    ({ url, drop } = await freshServerDatabase());
    writer = await createDatabase({ url });
    await insertListings(writer, listings(100));
  });
  afterAll(async () => {
    await writer.close();
    await drop();
  });

  const open = async (options: ApiOptions = {}) => {
    const statementTimeoutMs = options.statementTimeoutMs ?? UNLIMITED_MS;
    const database = await createDatabase({ url, use: "api", statementTimeoutMs });
    onTestFinished(() => database.close());
    const api = await openApi(database, { mirror: true, statementTimeoutMs, ...options });
    const [created] = await api.tokens.create({ description: "hostile", scopes: ["mirror"] });
    const ask = (path: string, token: string | undefined, signal?: AbortSignal) =>
      api.app.request(path, {
        headers: { "x-api-key": token ?? "" },
        ...(signal === undefined ? {} : { signal }),
      });
    return {
      api,
      /** A request that waits while `mirror_changes` is locked. */
      blocked: (index: number, signal?: AbortSignal) =>
        ask(`/api/v2/che168/changes?change_id=${index}`, created?.token, signal),
      other: (path: string) => ask(path, api.token),
      metric: async (name: string) => {
        const samples = scraped((await api.ask("/metrics")).text);
        return samples.filter((sample) => sample.name === name).map(({ value }) => value);
      },
    };
  };

  /** Holds a lock on a table until the returned function is called. */
  const lock = async (table: string): Promise<() => Promise<void>> => {
    const { promise: unlocked, resolve: unlock } = Promise.withResolvers<void>();
    const { promise: locked, resolve: onLocked } = Promise.withResolvers<void>();
    const holder = writer.transaction(async (tx) => {
      await tx.query(`lock table ${table} in access exclusive mode`);
      onLocked();
      await unlocked;
    });
    await locked;
    const release = async () => {
      unlock();
      await holder;
    };
    onTestFinished(release);
    return release;
  };
  const statementsWaiting = async (): Promise<number> => {
    const { rows } = await writer.query<{ count: number }>(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows[0]?.count ?? 0;
  };

  test("a token whose statements all hang does not take the others' connections; its own requests queue", async () => {
    const { blocked, other, metric } = await open();
    const release = await lock("mirror_changes");
    const hanging = Array.from({ length: 30 }, (_, index) => blocked(index));
    await expect.poll(statementsWaiting, WAIT).toBe(2);
    // More requests than connections, each for another page.
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, index) => other(`/offers?limit=${index + 1}`)),
    );
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]));
    for (const path of ["/offers/50000003", "/filters", "/changes", "/export", "/health", "/market"]) {
      expect((await other(path)).status, path).toBe(200);
    }
    expect(await statementsWaiting()).toBe(2);
    expect(await metric("che168_api_queue_length")).toEqual([28]);
    await release();
    expect(new Set((await Promise.all(hanging)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(await metric("che168_api_queue_length")).toEqual([0]);
    expect((await metric("che168_api_queue_wait_seconds_count"))[0]).toBeGreaterThanOrEqual(28);
  });

  test("requests beyond the queue of their token are refused and counted", async () => {
    const { api, blocked, other, metric } = await open({ maxWaiting: 5 });
    const release = await lock("mirror_changes");
    const hanging = Array.from({ length: 7 }, (_, index) => blocked(index));
    await expect.poll(statementsWaiting, WAIT).toBe(2);
    const refused = await blocked(7);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await other("/offers?limit=7")).status).toBe(200);
    expect(await metric("che168_api_queue_refused_total")).toEqual([1, 0]);
    await release();
    expect(new Set((await Promise.all(hanging)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(api.lines.join("\n")).toMatch(
      /Requests get 503, first \S+: Too many requests of this token wait for the database/,
    );
  });

  test("a request whose client has disconnected leaves the queue without a statement", async () => {
    const { api, blocked, metric } = await open({ maxWaiting: 1 });
    const release = await lock("mirror_changes");
    const hanging = [blocked(0), blocked(1)];
    await expect.poll(statementsWaiting, WAIT).toBe(2);
    const gone = new AbortController();
    const aborted = blocked(2, gone.signal);
    await expect.poll(() => metric("che168_api_queue_length"), WAIT).toEqual([1]);
    gone.abort();
    await Promise.allSettled([aborted]);
    await expect.poll(() => metric("che168_api_queue_length"), WAIT).toEqual([0]);
    hanging.push(blocked(3));
    await release();
    expect((await Promise.all(hanging)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(api.lines.filter((line) => line.includes("failed"))).toEqual([]);
  });

  test("a statement beyond the time limit is cancelled, reported as such, and counted", async () => {
    const { api, metric } = await open({ statementTimeoutMs: 200 });
    await api.ask("/offers");
    const release = await lock("processed_data");
    const refusal = async () => {
      const { status, body, headers } = await api.ask("/offers?limit=3");
      return [status, body.code, headers.get("retry-after")];
    };
    // On a loaded machine, connecting may take as long.
    await expect.poll(refusal).toEqual([503, "statement_timeout", "5"]);
    await expect.poll(statementsWaiting, WAIT).toBe(0);
    await release();
    await expect.poll(async () => (await api.ask("/offers?limit=3")).status).toBe(200);
    expect((await metric("che168_api_statement_timeouts_total"))[0]).toBeGreaterThan(0);
  });
});
