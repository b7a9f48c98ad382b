import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { numbersFrom } from "../../../tools/random.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { ENGINES, separateDatabase } from "../../support/process/databases.ts";
import { createKiller, type Moment } from "../../support/process/killing.ts";
import { pagesAsked } from "../../support/sandbox/service.ts";

const LISTINGS = 740;
const PAGES = LISTINGS / 20;
const KILLS = 10;
const NOW = "2025-06-15T12:00:00Z";
const SEED = 20_250_615;

test.each(ENGINES)(
  "740 listings through ten SIGKILLs at random moments: each is stored once, as the service sent it (%s)",
  async (engine) => {
    const random = numbersFrom(SEED);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const killer = createKiller();
    const sandbox = await startSandbox({
      ...{ offers: LISTINGS, changesPerDay: 0, logger: killer.logger, now: () => new Date(NOW) },
    });
    onTestFinished(() => sandbox.close());
    const database = await separateDatabase(engine);
    const order = { work: "initial", database, baseUrl: sandbox.baseUrl, now: NOW } as const;

    /** The requested pages of each run. */
    const runs: number[][] = [];
    const run = async (kill?: { moment: Moment; count: number }) => {
      const before = pagesAsked(sandbox).length;
      const result = await killer.run(order, kill);
      runs.push(pagesAsked(sandbox).slice(before));
      return result;
    };
    for (let kills = 0; kills < KILLS; kills += 1) {
      const moment = pick<Moment>(["requested", "responded", "stored"]);
      await run({ moment, count: 1 + Math.floor(random() * 3) });
    }
    expect(await run()).toMatchObject({ status: "OK", finished: true, failedPages: [], duplicates: 0 });

    // Each run resumes where the previous one was killed: only that run's last two pages, the one being stored and the
    // one in flight, may be requested again, and no page is skipped.
    let reached = 0;
    for (const asked of runs) {
      const [first] = asked;
      if (first !== undefined) {
        expect(first).toBeGreaterThanOrEqual(Math.max(1, reached - 1));
        expect(first).toBeLessThanOrEqual(reached + 1);
        expect(asked).toEqual(asked.map((_page, index) => first + index));
        reached = asked.at(-1) ?? reached;
      }
    }
    expect(reached).toBe(PAGES);

    const opened = await createDatabase(database);
    onTestFinished(() => opened.close());
    const rows = await rawRows(opened);
    const sent = sandbox.current();
    expect([...rows.keys()].sort()).toEqual([...sent.keys()].sort());
    for (const [innerId, { data }] of sent) {
      expect(rows.get(innerId)).toMatchObject({ data, change_type: "added", active_status: 0 });
    }
    const log = await operations(opened);
    const last = log.pop();
    expect(last).toMatchObject({ status: "OK" });
    // A run may be killed before it has opened its row.
    expect(log.length).toBeLessThanOrEqual(KILLS);
    expect(log.map(({ status, details }) => [status, details.interrupted])).toEqual(
      log.map(() => ["ERROR", true]),
    );
    const loaded = [...log, last].map((one) => Number(one?.details.loaded));
    expect(loaded.reduce((sum, one) => sum + one, 0)).toBe(LISTINGS);
  },
);
