import { expect, test } from "vitest";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { change, clientOf, serve } from "../../support/sandbox/service.ts";

/** Noon in Moscow. */
const noon = (day: string) => new Date(`${day}T09:00:00Z`);

onEachDatabase("daily_stats", ({ database }) => {
  const days = async () => {
    const { rows } = await database().query<Record<string, unknown>>(
      `select to_char(day, 'YYYY-MM-DD') as day, added, changed, removed, active, filled from daily_stats order by day`,
    );
    return rows;
  };
  const on = (day: string, hour: number) => ({
    date: day,
    at: `${day}T${String(hour).padStart(2, "0")}:00:00Z`,
  });
  const car = { mark: "Kia", model: "K2", price: 1_000, images: ["https://2sc2.autoimg.cn/a/1.jpg"] };

  const changes = [
    change(10, "added", "a", car, on("2025-06-14", 9)),
    change(11, "added", "b", { ...car, images: [] }, on("2025-06-14", 10)),
    change(12, "changed", "a", { new_price: 900 }, on("2025-06-14", 12)),
    // The next day in Moscow.
    change(13, "removed", "b", undefined, { date: "2025-06-15", at: "2025-06-14T22:00:00Z" }),
    // The service's own time is missing: the day being read counts.
    change(14, "changed", "a", { new_price: 800 }, { date: "2025-06-15", at: "" }),
    change(15, "added", "c", { ...car, images: [] }, on("2025-06-15", 8)),
  ];
  const startAt = (lastDay: string) =>
    database().query("insert into sync_state (id, last_change_id, last_successful_date) values (1, 10, $1)", [
      lastDay,
    ]);

  test("has the changes of each feed day by kind, also when a page holds several days", async () => {
    const client = clientOf(await serve({ changes }));
    await startAt("2025-06-13");
    await createUpdater({ database: database(), client, now: () => noon("2025-06-15") }).run();
    expect(await days()).toEqual([
      { day: "2025-06-14", added: 2, changed: 1, removed: 0, active: 2, filled: null },
      { day: "2025-06-15", added: 1, changed: 1, removed: 1, active: 2, filled: null },
    ]);
  });

  test("has the share of active listings with each key field, which a day keeps from the first run after its end", async () => {
    const client = clientOf(await serve({ changes }));
    await startAt("2025-06-13");
    const at = async (now: Date) => {
      await createUpdater({ database: database(), client, now: () => now }).run();
      await createNormalizer({ database: database(), now: () => now }).run();
    };
    await at(noon("2025-06-15"));
    const filled = {
      price: 1,
      images: 0.5,
      mark: 1,
      model: 1,
      year: 0,
      engine_type: 0,
      first_registration: 0,
    };
    expect((await days()).map((row) => row.filled)).toEqual([filled, filled]);
    await database().query(
      "update raw_data set active_status = 1, is_processed = false where inner_id = 'c'",
    );
    await at(noon("2025-06-16"));
    expect(await days()).toMatchObject([
      { active: 2, filled: { images: 0.5 } },
      { active: 1, filled: { images: 1 } },
      { day: "2025-06-16", added: 0, changed: 0, removed: 0, active: 1, filled: { images: 1 } },
    ]);
  });

  test("does not count a page twice", async () => {
    const client = clientOf(await serve({ changes }));
    await startAt("2025-06-13");
    const updater = createUpdater({ database: database(), client, now: () => noon("2025-06-15") });
    await updater.run();
    const before = await days();
    await updater.run();
    expect(await days()).toEqual(before);
  });
});
