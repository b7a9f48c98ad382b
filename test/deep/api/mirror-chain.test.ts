import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { numbersFrom } from "../../../tools/random.ts";
import { type MirrorUnderTest, openMirror } from "../../support/api/mirror.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { rawRows } from "../../support/database/rows.ts";
import { createKiller, type Moment } from "../../support/process/killing.ts";

// The service → copy A → copy B, which reads A's mirror → a client that reads B's mirror.

const SEED = 90_210;
const ROUNDS = 2;

async function open(): Promise<{ database: Database; url: string }> {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const database = await createDatabase({ url });
  onTestFinished(() => database.close());
  return { database, url };
}

/** The active listings of the service, of a copy, and of a mirror, by id. */
const activeAt = (sandbox: Sandbox) =>
  Object.fromEntries(
    [...sandbox.current()].filter(([, { active }]) => active).map(([innerId, { data }]) => [innerId, data]),
  );
const activeIn = async (database: Database) =>
  Object.fromEntries(
    [...(await rawRows(database)).values()]
      .filter(({ active_status }) => active_status === 0)
      .map(({ inner_id, data }) => [inner_id, data]),
  );
async function activeThrough({ baseUrl, token }: MirrorUnderTest) {
  const found: Record<string, unknown> = {};
  for (let page: number | null = 1; page !== null; ) {
    const response = await fetch(`${baseUrl}/offers?api_key=${token}&page=${page}`);
    const body = (await response.json()) as {
      result: { inner_id: string; data: unknown }[];
      meta: { next_page: number | null };
    };
    for (const { inner_id, data } of body.result) {
      found[inner_id] = data;
    }
    page = body.meta.next_page;
  }
  return found;
}

test("a chain of two copies holds the service's listings, through kills of both and a gap between them", async () => {
  const random = numbersFrom(SEED);
  const killer = createKiller();
  const sandbox = await startSandbox({
    offers: 150,
    changesPerDay: 30,
    days: 2,
    seed: 7,
    logger: killer.logger,
  });
  onTestFinished(() => sandbox.close());
  const a = await open();
  const b = await open();
  const mirrorA = await openMirror(a.database);
  const mirrorB = await openMirror(b.database);
  const orderA = { database: { url: a.url }, baseUrl: sandbox.baseUrl } as const;
  const orderB = { database: { url: b.url }, baseUrl: mirrorA.baseUrl, apiKey: mirrorA.token } as const;

  /** Runs a job; before that, kills it a few times at a random page. */
  const work = async (order: typeof orderA | typeof orderB, job: "initial" | "daily") => {
    for (let kills = Math.floor(random() * 3); kills > 0; kills -= 1) {
      const kill = { moment: "stored" as Moment, count: 1 };
      await killer.run({ ...order, work: job }, kill);
    }
    expect(await killer.run({ ...order, work: job })).toMatchObject({ status: "OK" });
  };
  const expectEqual = async () => {
    const expected = activeAt(sandbox);
    expect(await activeIn(a.database)).toEqual(expected);
    expect(await activeIn(b.database)).toEqual(expected);
    expect(await activeThrough(mirrorB)).toEqual(expected);
  };

  await work(orderA, "initial");
  await work(orderB, "initial");
  for (let round = 0; round < ROUNDS; round += 1) {
    sandbox.advance(60 + Math.floor(random() * 80));
    await work(orderA, "daily");
    await work(orderB, "daily");
    await expectEqual();
  }

  // B was away while A dropped changes that B has not read.
  sandbox.advance(100);
  await work(orderA, "daily");
  await a.database.query("delete from mirror_changes where id <= (select last_id - 10 from mirror_state)");
  await createReconciler({ database: b.database, client: mirrorA.client }).run();
  await work(orderB, "daily");
  await expectEqual();
});
