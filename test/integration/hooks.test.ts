import { expect, test } from "vitest";
import { UpstreamError } from "../../src/errors.ts";
import { createLoader } from "../../src/loader/index.ts";
import { createNormalizer } from "../../src/normalizer/index.ts";
import type { Rejection } from "../../src/operations/rejected.ts";
import { createUpdater } from "../../src/updater/index.ts";
import { onEachDatabase } from "../support/database/databases.ts";
import { feedPosition, operations, rawRows, rejected } from "../support/database/rows.ts";
import { change, clientOf, offer, offers, pagesAsked, serve } from "../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
/** An error that, thrown by the client, would mean a failed page. */
const MINE = new UpstreamError("UPSTREAM_STATUS", "my own service is away", { retryable: true, status: 503 });

/** Resolves after all pending work that is ready. */
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

onEachDatabase("hooks of an embedding application", ({ database }) => {
  const loaderFor = (sandbox: Parameters<typeof clientOf>[0]) =>
    createLoader({ database: database(), client: clientOf(sandbox), now: NOW });
  const updaterFor = (sandbox: Parameters<typeof clientOf>[0]) =>
    createUpdater({ database: database(), client: clientOf(sandbox), now: NOW });
  const feedStandsAt = (position: number) =>
    database().query(
      "insert into sync_state (id, last_change_id, last_successful_date) values (1, $1, '2025-06-14')",
      [position],
    );
  const lastOperation = async () => (await operations(database())).at(-1);

  test("report each rejected record of the catalogue, then its page, once both are stored", async () => {
    const records = [...offers(20), offer(21, { inner_id: "" }), offer(22, { change_type: "sold" })];
    const sandbox = await serve({ offers: records });
    const heard: unknown[] = [];
    const stored: number[] = [];
    await loaderFor(sandbox).run({
      onRejected: async (rejection) => {
        heard.push(rejection);
        stored.push((await rejected(database())).length);
      },
      onPage: async (page) => {
        heard.push(page);
        stored.push((await rawRows(database())).size);
      },
    });
    expect(heard).toEqual([
      { page: 1, loaded: 20, duplicates: 0, rejected: 0 },
      {
        reason: expect.stringContaining("inner_id"),
        innerId: undefined,
        changeId: 21,
        text: JSON.stringify(records[20]),
      },
      {
        reason: expect.stringContaining("change_type"),
        innerId: "listing-22",
        changeId: 22,
        text: JSON.stringify(records[21]),
      },
      { page: 2, loaded: 0, duplicates: 0, rejected: 2 },
    ]);
    expect(stored).toEqual([20, 2, 2, 20]);
  });

  test("report a record that PostgreSQL rejects", async () => {
    const huge = `{"inner_id":"2","change_type":"added","data":{"a":${"9".repeat(200_000)}}}`;
    const body = `{"result":[${JSON.stringify(offer(1))},${huge}],"meta":{"page":1,"next_page":null,"limit":20}}`;
    const sandbox = await serve();
    sandbox.addFault({ path: "/offers", fault: { kind: "body", body } });
    const heard: Rejection[] = [];
    await loaderFor(sandbox).run({ onRejected: (rejection) => heard.push(rejection) });
    expect(heard).toMatchObject([
      { innerId: "2", text: huge, reason: expect.stringMatching(/^PostgreSQL cannot/) },
    ]);
  });

  test("report invalid changes, and a complete listing that cannot be stored", async () => {
    const nameless = { id: 100, change_type: "added", data: {} };
    const sandbox = await serve({
      changes: [
        { id: 100, date: "2025-06-15", record: nameless },
        change(101, "changed", "a", { new_price: 1 }),
      ],
    });
    const huge = `{"mark":"Kia","price":${"9".repeat(200_000)}}`;
    sandbox.addFault({ path: "/offer", fault: { kind: "body", body: huge } });
    await feedStandsAt(100);
    const heard: unknown[] = [];
    await updaterFor(sandbox).run({
      onRejected: (rejection) => heard.push(rejection),
      onPage: ({ position, loaded, rejected: aside }) => heard.push({ position, loaded, rejected: aside }),
    });
    expect(heard).toEqual([
      {
        reason: expect.stringContaining("inner_id"),
        innerId: undefined,
        changeId: 100,
        text: JSON.stringify(nameless),
      },
      { position: 102, loaded: 1, rejected: 1 },
      {
        reason: expect.stringMatching(/^PostgreSQL cannot/),
        innerId: "a",
        changeId: undefined,
        text: huge,
      },
    ]);
  });

  test("are awaited: the next page is stored after the hook for the previous one has finished", async () => {
    const sandbox = await serve({ offers: offers(60) });
    const steps: string[] = [];
    await loaderFor(sandbox).run({
      onPage: async ({ page }) => {
        steps.push(`begin ${page}`);
        await later();
        steps.push(`${page} of ${(await rawRows(database())).size / 20}`);
      },
    });
    expect(steps).toEqual(["begin 1", "1 of 1", "begin 2", "2 of 2", "begin 3", "3 of 3"]);
  });

  describeThrowing("synchronously", () => {
    throw MINE;
  });
  describeThrowing("asynchronously", async () => {
    await later();
    throw MINE;
  });

  /** An error thrown by a hook ends the run with the same error object, of any class; nothing stored is lost. */
  function describeThrowing(when: string, hook: () => unknown): void {
    test(`that throw ${when} end a load; the page is stored, and the next run resumes after it`, async () => {
      const sandbox = await serve({ offers: offers(45) });
      await expect(loaderFor(sandbox).run({ onPage: hook })).rejects.toBe(MINE);
      expect((await rawRows(database())).size).toBe(20);
      expect(await lastOperation()).toMatchObject({
        status: "ERROR",
        details: { loaded: 20, pages: 1, error: MINE.message },
      });
      const asked = pagesAsked(sandbox).length;
      expect(await loaderFor(sandbox).run()).toMatchObject({ status: "OK", loaded: 25, failedPages: [] });
      expect(pagesAsked(sandbox)[asked]).toBe(2);
    });

    test(`that throw ${when} end an update; the position is after the page`, async () => {
      const changes = Array.from({ length: 45 }, (_, index) =>
        change(100 + index, "added", `l${index}`, { n: index }),
      );
      const sandbox = await serve({ changes });
      await feedStandsAt(100);
      await expect(updaterFor(sandbox).run({ onPage: hook })).rejects.toBe(MINE);
      expect(await feedPosition(database())).toMatchObject({ position: 120 });
      expect(await lastOperation()).toMatchObject({ status: "ERROR", details: { loaded: 20 } });
      expect(await updaterFor(sandbox).run()).toMatchObject({ status: "OK", loaded: 25 });
    });

    test(`that throw ${when} for a previously failed page end a load; the page no longer counts as failed`, async () => {
      const sandbox = await serve({ offers: offers(45) });
      sandbox.addFault({
        path: "/offers",
        query: { page: 2 },
        times: 1,
        fault: { kind: "status", status: 500 },
      });
      expect(await loaderFor(sandbox).run()).toMatchObject({ failedPages: [2] });
      await expect(loaderFor(sandbox).run({ onPage: hook })).rejects.toBe(MINE);
      expect(await loaderFor(sandbox).run()).toMatchObject({ status: "OK", failedPages: [], pages: 0 });
      expect((await rawRows(database())).size).toBe(45);
    });

    test(`that throw ${when} end a normalisation; earlier batches stay`, async () => {
      const sandbox = await serve({ offers: offers(25) });
      await loaderFor(sandbox).run();
      const normalizer = createNormalizer({ database: database(), batchSize: 10 });
      const onListing = ({ inner_id }: { inner_id: string }) =>
        inner_id === "listing-15" ? hook() : undefined;
      await expect(normalizer.run({ onListing })).rejects.toBe(MINE);
      expect(await lastOperation()).toMatchObject({
        status: "ERROR",
        details: { processed: 10, error: MINE.message },
      });
      expect(await normalizer.run()).toMatchObject({ status: "OK", processed: 15 });
    });
  }
});
