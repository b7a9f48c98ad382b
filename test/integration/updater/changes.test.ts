import { expect, test } from "vitest";
import { onEachDatabase } from "../../support/database/databases.ts";
import { operations, rawRows, rejected } from "../../support/database/rows.ts";
import { change, serve } from "../../support/sandbox/service.ts";
import { CHANGES, pageText, serveTexts, updating } from "../../support/updater/feed.ts";

onEachDatabase("the changes of the feed", ({ database }) => {
  const { run, startAt } = updating(database);

  test("a page delivered twice changes nothing, not even the time of the last update", async () => {
    const changes = [
      change(100, "added", "a", { price: 1 }),
      change(101, "changed", "a", { new_price: 2 }),
      change(102, "removed", "b"),
      change(103, "added", "b", {}),
    ];
    const sandbox = await serve({ changes });
    await startAt(100);
    expect(await run(sandbox)).toMatchObject({
      changes: 4,
      loaded: 2,
      updated: 0,
      removed: 0,
      duplicates: 0,
    });
    await database().query("update raw_data set is_processed = true");
    const before = await database().query("select * from raw_data order by id");
    for (const from of [100, 101, 103]) {
      await database().query("update sync_state set last_change_id = $1", [from]);
      const again = await run(sandbox);
      expect(again).toMatchObject({
        changes: 104 - from,
        loaded: 0,
        updated: 0,
        removed: 0,
        duplicates: 104 - from,
      });
    }
    expect(await database().query("select * from raw_data order by id")).toEqual(before);
  });

  test("the counts in operations_log equal the run's, and include every change exactly once", async () => {
    const changes = [
      change(100, "added", "a", { price: 1 }),
      change(101, "changed", "a", { new_price: 2 }),
      change(102, "added", "b", {}),
      change(103, "removed", "b"),
      change(104, "sold" as "added", "c", {}),
      change(105, "removed", "known", null),
      change(106, "changed", "other", { new_price: 3 }),
      change(107, "changed", "other", { "new_a\u0000": 4 }, { at: "soon" }),
    ];
    const sandbox = await serve({ changes });
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source) values
         ('known', 'added', now(), '{"price":9}', 'initial_load'), ('other', 'added', now(), '{"price":9}', 'initial_load')`,
    );
    await startAt(100);
    const counts = {
      ...{ pages: 1, changes: 8, loaded: 2, updated: 1, removed: 2, duplicates: 0, rejected: 1, repaired: 1 },
      ...{ undated: 1, completed: 0, unavailable: 0, failed: 0, errors: 0 },
    };
    const { errors, ...result } = counts;
    expect(await run(sandbox)).toMatchObject({ status: "OK", ...result });
    expect(await operations(database())).toMatchObject([
      { status: "OK", details: { command: "daily", ...counts } },
    ]);
    expect(errors).toBe(0);
  });

  test("numbers keep every digit, also in a change that is merged", async () => {
    const at = '"created_at":"2025-06-15T09:00:00Z"';
    const sandbox = await serveTexts({
      100: pageText(
        '{"cur_change_id":100,"next_change_id":null}',
        `{"id":100,"inner_id":"a","change_type":"added",${at},"data":{"long":12345678901234567890,"price":7500.00}}`,
        `{"id":101,"inner_id":"a","change_type":"changed",${at},"data":{"new_big":1e400,"new_price":7400.10}}`,
      ),
    });
    await startAt(100);
    await run(sandbox);
    const { rows } = await database().query<Record<string, string>>(
      "select data ->> 'long' as long, data ->> 'big' as big, data ->> 'price' as price from raw_data",
    );
    expect(rows).toEqual([{ long: "12345678901234567890", big: `1${"0".repeat(400)}`, price: "7400.10" }]);
  });

  test("a change that PostgreSQL cannot store is rejected exactly as received; the others of its page are applied", async () => {
    const at = '"created_at":"2025-06-15T09:00:00Z"';
    const huge = `{"id":101,"inner_id":"b","change_type":"changed",${at},"data":{ "new_x\\u0000": ${"9".repeat(200_000)} }}`;
    const sandbox = await serveTexts({
      100: pageText(
        '{"cur_change_id":100,"next_change_id":null}',
        ...[
          JSON.stringify(CHANGES[0]?.record),
          huge,
          `{"id":102,"inner_id":"c","change_type":"removed",${at}}`,
        ],
      ),
    });
    await startAt(100);
    expect(await run(sandbox)).toMatchObject({
      status: "OK",
      loaded: 2,
      removed: 1,
      rejected: 1,
      repaired: 0,
    });
    expect([...(await rawRows(database())).keys()]).toEqual(["c", "l0"]);
    expect(await rejected(database())).toEqual([
      {
        ...{ reason: expect.stringMatching(/^PostgreSQL cannot store it/), inner_id: "b", change_id: 101 },
        ...{ record: huge, source: "daily_update" },
      },
    ]);
  });

  test("an invalid change is rejected once, however often it is received", async () => {
    const at = '"created_at":"2025-06-15T09:00:00Z"';
    const bad = [
      `{"id":101,"inner_id":"a","change_type":"sold",${at},"data":{}}`,
      `{"id":"1.5","inner_id":"a","change_type":"added",${at},"data":{ }}`,
      `{"id":9007199254740993,"inner_id":"a","change_type":"added",${at},"data":{}}`,
      `{"inner_id":"a","change_type":"added",${at},"data":{}}`,
      `{"id":-1,"inner_id":"a","change_type":"added",${at},"data":{}}`,
      `{"id":103,"change_type":"added",${at},"data":{}}`,
      `{"id":104,"inner_id":"a","change_type":"changed",${at},"data":"text"}`,
    ];
    const sandbox = await serveTexts({
      100: pageText(
        '{"cur_change_id":100,"next_change_id":null}',
        ...bad,
        JSON.stringify(CHANGES[0]?.record),
      ),
    });
    await startAt(100);
    expect(await run(sandbox)).toMatchObject({
      status: "OK",
      changes: 8,
      loaded: 1,
      rejected: 7,
      position: 101,
    });
    expect((await rejected(database())).map(({ record }) => record)).toEqual(bad);
    await database().query("update sync_state set last_change_id = 100");
    await run(sandbox);
    expect(await rejected(database())).toHaveLength(7);
  });

  test("ids as text are ids, and a numeric inner_id keeps every digit", async () => {
    const at = '"created_at":"2025-06-15T09:00:00Z"';
    const sandbox = await serveTexts({
      100: pageText(
        '{"cur_change_id":100,"next_change_id":null}',
        `{"id":"100","inner_id":900719925474090020,"change_type":"added",${at},"data":{"price":1}}`,
        `{"id":"101","inner_id":"900719925474090020","change_type":"changed",${at},"data":{"new_price":2}}`,
      ),
    });
    await startAt(100);
    expect(await run(sandbox)).toMatchObject({ changes: 2, loaded: 1, rejected: 0 });
    const { rows } = await database().query("select inner_id, data from raw_data");
    expect(rows).toEqual([{ inner_id: "900719925474090020", data: { price: 2 } }]);
  });

  test("an absurd id of a rejected record does not move the position", async () => {
    const sandbox = await serveTexts({
      100: pageText(
        '{"cur_change_id":100,"next_change_id":null}',
        JSON.stringify({ ...(CHANGES[0]?.record as object) }),
        '{"id":9007199254740991,"inner_id":"x","change_type":"sold"}',
      ),
    });
    await startAt(100);
    expect(await run(sandbox)).toMatchObject({ position: 101, rejected: 1 });
  });

  test("removals during the walk through the catalogue are counted once", async () => {
    await database().query(
      `insert into load_state (id, walk, next_page, started_at, finished_at)
       values (1, 'load', null, '2025-06-15T08:00:00Z', '2025-06-15T10:00:00Z')`,
    );
    const at = (time: string) => ({ at: `2025-06-15T${time}Z` });
    const changes = [
      change(100, "removed", "a", {}, at("07:59:00")),
      change(101, "removed", "b", {}, at("08:01:00")),
      change(102, "changed", "c", { new_price: 1 }, at("09:00:00")),
      change(103, "removed", "c", {}, at("09:01:00")),
      change(104, "added", "c", {}, at("09:02:00")),
      change(105, "removed", "d", {}, at("10:01:00")),
    ];
    const sandbox = await serve({ changes });
    await startAt(100);
    await run(sandbox);
    const missing = async () => (await database().query("select removed_meanwhile from load_state")).rows;
    expect(await missing()).toEqual([{ removed_meanwhile: 2 }]);
    await database().query("update sync_state set last_change_id = 100");
    await run(sandbox);
    expect(await missing()).toEqual([{ removed_meanwhile: 2 }]);
  });
});
