import { expect, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { feedPosition, rejected } from "../../support/database/rows.ts";
import { clientOf, serve } from "../../support/sandbox/service.ts";

const invalid = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: 100 + index,
    inner_id: `l${index}`,
    change_type: "sold",
  }));
const bodyOf = (count: number, meta: object) => JSON.stringify({ result: invalid(count), meta });

onEachDatabase("a page without a valid record", ({ database }) => {
  test.each([
    [20, "ERROR", 0],
    [19, "OK", 19],
  ])("of the catalogue with %i records: %s", async (count, status, kept) => {
    const sandbox = await serve();
    const body = bodyOf(count, { page: 1, next_page: null });
    sandbox.addFault({ path: "/offers", fault: { kind: "body", body } });
    const result = await createLoader({
      database: database(),
      client: clientOf(sandbox),
      maxFailedPages: 1,
    }).run();
    expect(result).toMatchObject({ status });
    expect(await rejected(database())).toHaveLength(kept);
  });

  test("of the feed, when full, is an invalid response, and the position stays", async () => {
    const sandbox = await serve();
    const body = bodyOf(20, { cur_change_id: 100, next_change_id: 120 });
    sandbox.addFault({ path: "/changes", fault: { kind: "body", body } });
    await database().query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, 100, current_date - 1)",
    );
    await expect(
      createUpdater({ database: database(), client: clientOf(sandbox) }).run(),
    ).rejects.toMatchObject({
      code: "UPSTREAM_INVALID_RESPONSE",
      message: expect.stringContaining("all 20 records"),
    });
    expect(await feedPosition(database())).toMatchObject({ position: 100 });
    expect(await rejected(database())).toEqual([]);
  });
});
