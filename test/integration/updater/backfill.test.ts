import { expect, test } from "vitest";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { operations, rawRows, rejected } from "../../support/database/rows.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { change, clientOf, feedAsked, serve } from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
const FULL = { mark: "Kia", model: "K2", price: 9000, images: ["a"] };

onEachDatabase("listings known only by a change", ({ database }) => {
  const run = async (sandbox: Sandbox, maxFailedListings?: number) => {
    const { logger, lines } = collectingLogger();
    const client = clientOf(sandbox);
    const options = { database: database(), client, logger, now: NOW, maxFailedListings };
    return { result: await createUpdater(options).run(), lines };
  };
  const rows = async () =>
    [...(await rawRows(database())).values()].map(({ inner_id, data, completeness, active_status }) => [
      ...[inner_id, data, completeness, active_status],
    ]);
  const asked = (sandbox: Sandbox) => feedAsked(sandbox).filter((one) => one.startsWith("offer"));

  test.each<SandboxOptions["offerForm"]>(["bare", "result", "record"])(
    "are completed from /offer (%s), and keep the changed values",
    async (offerForm) => {
      const changes = [change(100, "changed", "a", { new_price: 7500.5, new_color: null })];
      const sandbox = await serve({ changes, offer: () => FULL }, { offerForm });
      const { result } = await run(sandbox);
      expect(result).toMatchObject({ status: "OK", loaded: 1, completed: 1, unavailable: 0, failed: 0 });
      expect(await rows()).toEqual([["a", { ...FULL, price: 7500.5, color: null }, "complete", 0]]);
      expect((await rawRows(database())).get("a")).toMatchObject({
        ...{ change_type: "changed", source: "daily_update", change_id: 100, is_processed: false },
        created_at: "2025-06-15T09:00:00.000Z",
      });
      await run(sandbox);
      expect(asked(sandbox)).toEqual(["offer a"]);
    },
  );

  test("stay incomplete and are marked when the service does not have them; they are requested again after a change", async () => {
    const changes = [change(100, "changed", "a", { new_price: 1 })];
    let full: object | undefined;
    const sandbox = await serve({ changes, offer: () => full });
    expect((await run(sandbox)).result).toMatchObject({
      status: "OK",
      completed: 0,
      unavailable: 1,
      failed: 0,
    });
    expect(await rows()).toEqual([["a", { price: 1 }, "unavailable", 0]]);
    full = FULL;
    await run(sandbox);
    expect(asked(sandbox)).toHaveLength(1);
    sandbox.appendChanges([change(101, "changed", "a", { new_color: "red" })]);
    expect((await run(sandbox)).result).toMatchObject({ updated: 1, completed: 1 });
    expect(await rows()).toEqual([["a", { ...FULL, price: 1, color: "red" }, "complete", 0]]);
  });

  test("are deferred to the next run when their requests fail", async () => {
    const changes = ["a", "b"].map((id, index) => change(100 + index, "changed", id, { new_price: 1 }));
    const sandbox = await serve({ changes, offer: () => FULL });
    sandbox.addFault({
      path: "/offer",
      query: { inner_id: "a" },
      times: 1,
      fault: { kind: "status", status: 500 },
    });
    const first = await run(sandbox);
    expect(first.result).toMatchObject({ status: "ERROR", completed: 1, failed: 1, days: ["2025-06-15"] });
    expect(first.lines.filter(({ level }) => level === "error")).toEqual([
      { level: "error", text: expect.stringMatching(/^Listing a could not be completed: .*500/) },
    ]);
    expect((await rows()).map(([id, , state]) => [id, state])).toEqual([
      ["a", "pending"],
      ["b", "complete"],
    ]);
    expect((await run(sandbox)).result).toMatchObject({ status: "OK", completed: 1, failed: 0 });
    expect(
      (await operations(database())).map(({ status, details }) => [
        status,
        details.completed,
        details.failed,
      ]),
    ).toEqual([
      ["ERROR", 1, 1],
      ["OK", 1, 0],
    ]);
  });

  test("an unavailable service does not get a request for each of them", async () => {
    const changes = Array.from({ length: 12 }, (_, index) => change(100 + index, "changed", `l${index}`, {}));
    const sandbox = await serve({ changes, offer: () => FULL });
    sandbox.addFault({ path: "/offer", fault: { kind: "html200" } });
    expect((await run(sandbox, 3)).result).toMatchObject({ status: "ERROR", failed: 3 });
    expect(asked(sandbox)).toHaveLength(3);
    sandbox.clearFaults();
    expect((await run(sandbox)).result).toMatchObject({ status: "OK", completed: 12 });
  });

  test("one with an invalid response is requested three times, then marked and logged; the run is OK", async () => {
    const changes = ["a", "b"].map((id, index) => change(100 + index, "changed", id, { new_price: 1 }));
    const sandbox = await serve({ changes, offer: (id) => (id === "a" ? { error: "try later" } : FULL) });
    const { logger, lines } = collectingLogger();
    const client = clientOf(sandbox, { retry: { attempts: 21, intervalMs: 0 } });
    const result = await createUpdater({ database: database(), client, logger, now: NOW }).run();
    expect(result).toMatchObject({ status: "OK", completed: 1, unavailable: 1, failed: 0 });
    expect(asked(sandbox)).toEqual(["offer a", "offer a", "offer a", "offer b"]);
    expect((await rows()).map(([id, , state]) => [id, state])).toEqual([
      ["a", "unavailable"],
      ["b", "complete"],
    ]);
    expect(lines.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Listing a stays incomplete: .* is not a listing; marked unavailable$/),
    );
  });

  test("many consecutive invalid responses are a fault of the service: none is marked, the next run retries", async () => {
    const changes = ["a", "b", "c", "d"].map((id, index) => change(100 + index, "changed", id, {}));
    let isOdd = true;
    const sandbox = await serve({ changes, offer: () => (isOdd ? { error: "try later" } : FULL) });
    expect((await run(sandbox)).result).toMatchObject({ status: "ERROR", unavailable: 0, failed: 3 });
    expect((await rows()).map(([, , state]) => state)).toEqual(["pending", "pending", "pending", "pending"]);
    isOdd = false;
    expect((await run(sandbox)).result).toMatchObject({ status: "OK", completed: 4 });
  });

  test("may be more than one batch", async () => {
    const changes = Array.from({ length: 230 }, (_, index) =>
      change(100 + index, "changed", `l${index}`, {}),
    );
    const sandbox = await serve({ changes, offer: (id) => ({ ...FULL, inner_id: id }) });
    expect((await run(sandbox)).result).toMatchObject({ completed: 230 });
    expect(new Set(asked(sandbox)).size).toBe(230);
  });

  test("a rejected key ends the run immediately", async () => {
    const changes = ["a", "b"].map((id, index) => change(100 + index, "changed", id, { new_price: 1 }));
    const sandbox = await serve({ changes, offer: () => FULL });
    sandbox.addFault({ path: "/offer", fault: { kind: "status", status: 403 } });
    await expect(run(sandbox)).rejects.toMatchObject({ code: "UPSTREAM_UNAUTHORIZED" });
    expect(asked(sandbox)).toHaveLength(1);
    expect(await operations(database())).toMatchObject([
      { status: "ERROR", details: { loaded: 2, errors: 1 } },
    ]);
  });

  test("are not requested if removed on the same or a later page", async () => {
    const changes = [
      change(100, "changed", "same", { new_price: 1 }),
      change(101, "removed", "same"),
      change(102, "changed", "later", { new_price: 2 }),
      change(103, "removed", "only"),
      change(104, "changed", "only", { new_price: 3 }),
    ];
    const sandbox = await serve({ changes, offer: () => FULL });
    sandbox.addFault({ path: "/offer", fault: { kind: "status", status: 500 } });
    await run(sandbox);
    sandbox.clearFaults();
    sandbox.appendChanges([change(105, "removed", "later")]);
    expect((await run(sandbox)).result).toMatchObject({ status: "OK", completed: 0, failed: 0 });
    expect(await rows()).toEqual([
      ["later", { price: 2 }, "unavailable", 1],
      ["only", { price: 3 }, "unavailable", 1],
      ["same", { price: 1 }, "unavailable", 1],
    ]);
    sandbox.appendChanges([change(106, "added", "only", { mark: "Kia" })]);
    await run(sandbox);
    expect((await rows())[1]).toEqual(["only", { mark: "Kia" }, "complete", 0]);
    expect(asked(sandbox)).toEqual(["offer later"]);
  });

  test("another listing in the response is not stored for this one", async () => {
    const sandbox = await serve({
      changes: [change(100, "changed", "a", { new_price: 1 })],
      offer: () => ({ ...FULL, inner_id: "b" }),
    });
    expect((await run(sandbox)).result).toMatchObject({ unavailable: 1 });
    expect(await rows()).toEqual([["a", { price: 1 }, "unavailable", 0]]);
  });

  test("characters that PostgreSQL cannot store are repaired; otherwise the response is rejected and the row marked", async () => {
    const changes = ["deep", "huge", "odd"].map((id, index) =>
      change(100 + index, "changed", id, { new_price: 1 }),
    );
    const sandbox = await serve({ changes });
    const answers = {
      deep: `{"mark":${"[".repeat(300)}1${"]".repeat(300)}}`,
      huge: `{"mark": ${"9".repeat(200_000)}}`,
      odd: '{"mark":"a\\u0000\\ud800", "long":12345678901234567890}',
    };
    for (const [inner_id, body] of Object.entries(answers)) {
      sandbox.addFault({ path: "/offer", query: { inner_id }, fault: { kind: "body", body } });
    }
    expect((await run(sandbox)).result).toMatchObject({ status: "OK", completed: 1, unavailable: 2 });
    expect(await rows()).toMatchObject([
      ["deep", { price: 1 }, "unavailable", 0],
      ["huge", { price: 1 }, "unavailable", 0],
      ["odd", { price: 1, mark: "a\ufffd\ufffd" }, "complete", 0],
    ]);
    expect((await rejected(database())).map(({ inner_id, record }) => [inner_id, record])).toEqual([
      ["deep", answers.deep],
      ["huge", answers.huge],
    ]);
    const { rows: exact } = await database().query(
      "select data ->> 'long' as long from raw_data where inner_id = 'odd'",
    );
    expect(exact).toEqual([{ long: "12345678901234567890" }]);
  });
});
