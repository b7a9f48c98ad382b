import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { SECRET, startReceiver } from "../../support/events/receiver.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli } from "../../support/process/command.ts";

/** A loaded and normalised copy of 30 listings, and a receiver of its events. */
async function workplace(events: object = {}) {
  const sandbox = await startSandbox({ offers: 30, changesPerDay: 10, days: 1 });
  onTestFinished(() => sandbox.close());
  const receiver = await startReceiver();
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const config = {
    upstream: { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 },
    webhooks: [{ url: receiver.url, secret: SECRET, from: "oldest" }],
    events,
  };
  const cwd = await directoryWith({ "che168.config.json": JSON.stringify(config) });
  const env = { DATABASE_URL: url, CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "key" };
  const run = (...args: string[]) => runCli(args, { cwd, env });
  expect(await run("initial")).toMatchObject({ code: 0 });
  const database = await createDatabase({ url });
  onTestFinished(() => database.close());
  return { receiver, database, run };
}

test("daily sends the new events; webhooks shows, status mentions and --retry enables a disabled endpoint", async () => {
  const { receiver, database, run } = await workplace();
  const listed = async () => JSON.parse((await run("webhooks", "--json")).stdout).endpoints;
  expect(await listed()).toMatchObject([{ url: receiver.url, state: "new", position: null }]);
  expect(await run("daily")).toMatchObject({ code: 0 });
  const { rows } = await database.query<{ id: number }>(
    "select id::int as id from listing_events order by id",
  );
  expect(receiver.accepted.length).toBeGreaterThanOrEqual(30);
  expect(receiver.accepted).toEqual(rows.map(({ id }) => id));
  const last = receiver.accepted.at(-1);
  expect(await listed()).toMatchObject([{ state: "ok", position: last, lag: 0, failures: 0 }]);

  await database.query(
    `update webhook_endpoints set failures = 9, failing_since = now() - interval '4 days', disabled_at = now(),
            last_error = 'status 500', position = position - 2`,
  );
  const shown = await run("webhooks");
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toMatch(/URL +STATE +POSITION +LAG +FAILURES/);
  expect(shown.stdout).toMatch(
    new RegExp(`${receiver.url} +disabled +${Number(last) - 2} +2 +9 .*status 500`),
  );
  for (const args of [["status"], ["status", "--check"]]) {
    const { stdout } = await run(...args);
    expect(stdout).toMatch(/! Webhook http\S+ has been disabled since .*\(status 500\); up to 2 events wait/);
    expect(stdout).toContain(`-> Repair the receiver, then che168-sync webhooks --retry ${receiver.url}`);
  }
  // Disabled endpoints receive nothing.
  await run("daily");
  expect(receiver.accepted.at(-1)).toBe(last);

  const unknown = await run("webhooks", "--retry", "https://example.com/hook");
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('a configured webhook, not "https://example.com[hidden]"'),
  });
  expect(await run("webhooks", "--retry", receiver.url)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("is enabled"),
  });
  expect(await run("daily")).toMatchObject({ code: 0 });
  expect(receiver.accepted.slice(-2)).toEqual([Number(last) - 1, last]);
  expect((await run("status")).stdout).not.toContain("Webhook");
});

test("events.retentionDays 0 writes no events, deletes earlier ones, and turns webhooks off with a message", async () => {
  const { receiver, database, run } = await workplace({ retentionDays: 0 });
  await database.query("insert into listing_events (inner_id, kind) values ('1', 'changed')");
  expect(await run("daily")).toMatchObject({ code: 0 });
  expect((await database.query("select from processed_data")).rows.length).toBeGreaterThan(0);
  expect((await database.query("select from listing_events")).rows).toEqual([]);
  expect(receiver.received).toEqual([]);
  const { code, stdout, stderr } = await run("webhooks", "--json");
  expect([code, JSON.parse(stdout)]).toEqual([0, { endpoints: [] }]);
  expect(stderr).toMatch(/\[WARN\] Webhooks are off, because events\.retentionDays is 0/);
});
