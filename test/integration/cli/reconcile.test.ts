import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli } from "../../support/process/command.ts";
import { offers } from "../../support/sandbox/service.ts";

/** A loaded copy of 45 listings whose feed is at change 1000, where the service has changes from 50000 on. */
async function workplace() {
  const source = { offers: offers(45), changes: [] };
  const sandbox = await startSandbox({ source });
  onTestFinished(() => sandbox.close());
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const intervals = { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 };
  const cwd = await directoryWith({ "che168.config.json": JSON.stringify({ upstream: intervals }) });
  const env = { DATABASE_URL: url, CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "key" };
  expect(await runCli(["initial"], { cwd, env })).toMatchObject({ code: 0 });
  const database = await createDatabase({ url });
  onTestFinished(() => database.close());
  await database.query(
    "update sync_state set last_change_id = 1000, last_successful_date = (now() at time zone 'Europe/Moscow')::date - 1",
  );
  await database.query("update raw_data set data = data || '{\"price\":1}' where inner_id = 'listing-7'");
  sandbox.appendChanges([
    { id: 50_000, record: { inner_id: "listing-8", change_type: "changed", data: { new_price: 8 } } },
  ]);
  return { database, sandbox, cwd, env };
}

test("daily --no-repair exits 1 while a gap is open; reconcile --dry-run counts, reconcile repairs it", async () => {
  const { database, ...place } = await workplace();
  const daily = await runCli(["daily", "--no-repair", "--json"], place);
  expect(daily.code).toBe(1);
  expect(JSON.parse(daily.stdout)).toMatchObject({
    status: "ERROR",
    update: { missing: 49_000, openGaps: [{ fromId: 1000, toId: 49_999 }] },
  });
  expect(daily.stderr).toMatch(/\[ERROR\] 49000 changes are missing \(1000 to 49999\).*reconcile/);

  const counted = await runCli(["reconcile", "--dry-run"], place);
  expect(counted.code).toBe(0);
  expect(counted.stderr).toMatch(/Compared 45 listings.* 1 would be replaced/);
  const open = "select count(*)::int as count from feed_gaps where repaired_at is null";
  expect((await database.query(open)).rows).toEqual([{ count: 1 }]);

  const { code, stdout } = await runCli(["reconcile", "--json"], place);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: "OK", updated: 1, unchanged: 44, gapsRepaired: 1 });
  expect((await database.query(open)).rows).toEqual([{ count: 0 }]);
  expect(await runCli(["daily", "--no-repair"], place)).toMatchObject({ code: 0 });
});

test("daily repairs the gap and normalises the listings changed by the repair", async () => {
  const { database, ...place } = await workplace();
  const { code, stdout, stderr } = await runCli(["daily", "--json"], place);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(JSON.parse(stdout)).toMatchObject({
    status: "OK",
    repair: { updated: 1 },
    normalize: { processed: 45 },
  });
  expect(stderr).toMatch(/Repaired 1 gap of the feed/);
  const { rows } = await database.query("select price from processed_data where inner_id = 'listing-7'");
  expect(rows).toEqual([{ price: 1007 }]);
});
