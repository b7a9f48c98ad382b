import { expect, test } from "vitest";
import { readCheck } from "../../../src/operations/index.ts";
import { dismissRejected, listRejected } from "../../../src/operations/rejected.ts";
import { retryRejected } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { rawRows } from "../../support/database/rows.ts";

const AT = "2025-06-15T09:00:00Z";
const record = (id: number | undefined, type: string, innerId: string, data: object) =>
  JSON.stringify({ id, inner_id: innerId, change_type: type, created_at: AT, data });

onEachDatabase("rejected records", ({ database }) => {
  const reject = async (source: string, text: string, innerId: string | null, changeId: number | null) => {
    await database().query(
      `insert into rejected_records (source, reason, inner_id, change_id, record, fingerprint)
       values ($1, 'rules of the past', $2, $3, $4, md5($4))`,
      [source, innerId, changeId, text],
    );
  };
  const retry = async () => {
    const lock = await database().lock(["data_fetch"], "test");
    try {
      return await retryRejected(database(), { lock });
    } finally {
      await lock.release();
    }
  };
  const data = async (innerId: string) => (await rawRows(database())).get(innerId);

  test("retried records that are now valid are stored in feed order, also before later changes; others get the current reason", async () => {
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source, active_status, change_id, completeness)
       values ('newer', 'changed', '${AT}', '{"price":3}', 'daily_update', 0, 200, 'complete'),
              ('older', 'added', '${AT}', '{"price":1,"mark":"Kia"}', 'daily_update', 0, 90, 'complete'),
              ('partial', 'changed', '${AT}', '{"price":5}', 'daily_update', 0, 95, 'unavailable')`,
    );
    await reject("daily_update", record(102, "removed", "older", {}), "older", 102);
    await reject("daily_update", record(101, "changed", "older", { new_price: 2 }), "older", 101);
    await reject("daily_update", record(150, "changed", "newer", { new_price: 1 }), "newer", 150);
    await reject("daily_update", record(103, "added", "fresh", { price: 7 }), "fresh", 103);
    await reject("initial_load", record(undefined, "added", "loaded", { price: 8 }), "loaded", null);
    await reject("daily_update", '{"mark":"Audi","price":4}', "partial", null);
    await reject("daily_update", record(104, "sold", "odd", {}), "odd", 104);
    await reject("daily_update", record(undefined, "added", "unnumbered", {}), "unnumbered", null);

    expect(await retry()).toEqual({ stored: 6, rejected: 2 });
    expect(await data("older")).toMatchObject({
      data: { price: 2, mark: "Kia" },
      change_id: 102,
      active_status: 1,
    });
    expect(await data("newer")).toMatchObject({ data: { price: 3 }, change_id: 200 });
    expect(await data("fresh")).toMatchObject({ data: { price: 7 }, change_id: 103, source: "daily_update" });
    expect(await data("loaded")).toMatchObject({
      data: { price: 8 },
      change_id: null,
      source: "initial_load",
    });
    expect(await data("partial")).toMatchObject({
      data: { mark: "Audi", price: 5 },
      completeness: "complete",
    });
    expect((await listRejected(database(), 10)).map(({ innerId, reason }) => [innerId, reason])).toEqual([
      ["odd", expect.stringContaining("change_type")],
      ["unnumbered", expect.stringContaining("id must be")],
    ]);
    const before = await rawRows(database());
    expect(await retry()).toEqual({ stored: 0, rejected: 2 });
    expect(await rawRows(database())).toEqual(before);
  });

  test("records that PostgreSQL still rejects stay rejected and do not block the others", async () => {
    const huge = `{"id":101,"inner_id":"huge","change_type":"added","created_at":"${AT}","data":{"n":${"9".repeat(200_000)}}}`;
    await reject("daily_update", huge, "huge", 101);
    await reject("daily_update", record(102, "added", "fine", {}), "fine", 102);
    expect(await retry()).toEqual({ stored: 1, rejected: 1 });
    expect(await listRejected(database(), 10)).toMatchObject([
      { innerId: "huge", reason: expect.stringContaining("PostgreSQL cannot store it"), record: huge },
    ]);
  });

  test("status --check reports them until they are stored or dismissed", async () => {
    const codes = async () => (await readCheck({ database: database() })).reasons.map(({ code }) => code);
    await reject("daily_update", record(101, "sold", "a", {}), "a", 101);
    await reject("daily_update", record(102, "sold", "b", {}), "b", 102);
    expect(await codes()).toContain("rejected");
    const [first] = await listRejected(database(), 1);
    expect(await dismissRejected(database(), first?.id)).toBe(1);
    expect(await dismissRejected(database(), first?.id)).toBe(0);
    expect(await codes()).toContain("rejected");
    expect(await dismissRejected(database())).toBe(1);
    expect(await codes()).not.toContain("rejected");
    expect(await retry()).toEqual({ stored: 0, rejected: 0 });
  });
});
