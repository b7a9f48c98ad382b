import { describe, expect, test } from "vitest";
import type { SandboxSource } from "../../../src/sandbox/index.ts";
import { ask, catalogue, feed, get, sandbox } from "../../support/sandbox/helpers.ts";

const offer = (inner_id: string, data: object = { mark: "Kia", price: "1" }) => ({
  id: 1,
  inner_id,
  change_type: "added",
  created_at: "2025-06-01T00:00:00Z",
  data,
});

const change = (id: number, date: string, inner_id: string, change_type: string, data: unknown) => ({
  id,
  date,
  record: { id, inner_id, change_type, created_at: `${date}T10:00:00+03:00`, data },
});

const source = (parts: Partial<SandboxSource>): SandboxSource => ({ offers: [], changes: [], ...parts });

describe("a scripted sandbox", () => {
  test("serves records of any shape unchanged", async () => {
    const offers = [
      null,
      "text",
      { inner_id: 7, data: [] },
      { data: { mark: "BMW" } },
      offer("9", { a: "\u0000\ud800", nested: { b: [1] } }),
    ];
    const server = await sandbox({ source: source({ offers }), pageSize: 2 });
    expect(await catalogue(server)).toEqual(offers);
    expect((await get(server, "/offers?page=3")).meta).toEqual({ page: 3, next_page: null, limit: 2 });
  });

  test("serves its feed by id and day, and does not apply it to its own catalogue", async () => {
    const server = await sandbox({
      source: source({
        offers: [offer("1")],
        changes: [
          change(10, "2025-06-01", "1", "changed", { new_price: 5 }),
          change(12, "2025-06-03", "1", "removed", null),
        ],
      }),
    });
    expect((await feed(server, 0)).map(({ id }) => id)).toEqual([10, 12]);
    expect(await get(server, "/change_id?date=2025-06-02")).toEqual({ change_id: 12 });
    expect(await get(server, "/change_id?date=2025-06-04")).toEqual({ change_id: 13 });
    expect((await catalogue(server)).map(({ data }) => data.price)).toEqual(["1"]);
    expect(server.current()).toEqual(new Map([["1", { data: { mark: "Kia", price: 5 }, active: false }]]));
  });

  test("returns the state of a perfect copy after changes of every kind, in any order", async () => {
    const changes = [
      change(1, "2025-06-01", "new", "added", { a: 1, list: [1, 2] }),
      change(2, "2025-06-01", "new", "changed", { new_list: [3], new_b: { c: 1 } }),
      change(3, "2025-06-01", "unknown", "changed", { new_price: 3 }),
      change(4, "2025-06-01", "never", "removed", {}),
      change(5, "2025-06-01", "1", "removed", null),
      change(6, "2025-06-01", "1", "changed", { new_price: 6 }),
      change(7, "2025-06-01", "2", "removed", null),
      change(8, "2025-06-01", "2", "added", { again: true }),
      change(9, "2025-06-01", "2", "mystery", { new_price: 1 }),
      { id: 10, date: "2025-06-01", record: "nonsense" },
    ];
    const server = await sandbox({
      source: source({
        offers: [offer("1"), offer("2")],
        changes,
        offer: (innerId) => (innerId === "unknown" ? { mark: "Full", price: 1 } : undefined),
      }),
    });
    expect(Object.fromEntries(server.current())).toEqual({
      1: { data: { mark: "Kia", price: 6 }, active: false },
      2: { data: { again: true }, active: true },
      new: { data: { a: 1, list: [3], b: { c: 1 } }, active: true },
      unknown: { data: { mark: "Full", price: 3 }, active: true },
      never: { data: {}, active: false },
    });
  });

  test("serves /offer from its own function or its catalogue", async () => {
    const own = await sandbox({
      source: source({
        offers: [offer("1")],
        offer: (innerId) => (innerId === "5" ? { five: 5 } : undefined),
      }),
    });
    expect(await get(own, "/offer?inner_id=5")).toEqual({ five: 5 });
    expect((await ask(own, "/offer?inner_id=1")).status).toBe(404);
    const plain = await sandbox({ source: source({ offers: [offer("1")] }) });
    expect(await get(plain, "/offer?inner_id=1")).toEqual({ mark: "Kia", price: "1" });
  });

  test("applies appended changes to its data, keys such as __proto__ included", async () => {
    const server = await sandbox({ source: source({ offers: [offer("1"), offer("2"), offer("3")] }) });
    server.appendChanges([
      {
        record: {
          inner_id: "1",
          change_type: "changed",
          data: JSON.parse('{"new_price":2,"__proto__":{"x":1}}'),
        },
      },
      { record: { inner_id: 2, change_type: "removed" } },
    ]);
    const records = await catalogue(server);
    expect(records.map(({ inner_id }) => inner_id)).toEqual(["1", "3"]);
    expect(Object.keys(records[0]?.data)).toEqual(["mark", "price", "__proto__"]);
    expect(records[0]?.data.x).toBeUndefined();
    expect((await feed(server, 0)).map(({ id, inner_id }) => [id, inner_id])).toEqual([
      [892_145, "1"],
      [892_146, 2],
    ]);
  });

  test("filters records that have the fields", async () => {
    const offers = [offer("1", { mark: "Kia", price: 10 }), offer("2", { mark: "BMW", price: "20" }), null];
    const server = await sandbox({ source: source({ offers }) });
    expect((await catalogue(server, "&mark=bmw")).map(({ inner_id }) => inner_id)).toEqual(["2"]);
    expect((await catalogue(server, "&price_from=15")).map(({ inner_id }) => inner_id)).toEqual(["2"]);
    expect((await get(server, "/filters")).mark).toEqual({ BMW: { model: [""] }, Kia: { model: [""] } });
  });

  test("generates no changes", async () => {
    const server = await sandbox({ source: source({ offers: [offer("1")] }), live: true });
    expect(() => server.advance(1)).toThrow("appendChanges");
    expect(await feed(server, 0)).toEqual([]);
  });
});
