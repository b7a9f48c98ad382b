import { afterAll, beforeAll, expect, test } from "vitest";
import { createStatementCache } from "../../../src/api/cache/query-cache.ts";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { offersParameters, readParameters } from "../../../src/api/query/parameters.ts";
import { readOffersPage } from "../../../src/api/query/read-offers.ts";
import { createDatabase, type Database, type Queryable } from "../../../src/database/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";

const SETTINGS = "current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans";
const OWN = { plans: "force_custom_plan", scans: "on" };

let server: Awaited<ReturnType<typeof freshServerDatabase>>;
let database: Database;

beforeAll(async () => {
  server = await freshServerDatabase();
  database = await createDatabase({ url: server.url, use: "api" });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const settings = async () => (await database.query(`select ${SETTINGS}`)).rows[0];
/** How often the connection has planned a statement for the values, and used the plan that it keeps. */
const plansOf = async (name: string) => {
  const { rows } = await database.query(
    "select custom_plans::int as custom, generic_plans::int as kept from pg_prepared_statements where name = $1",
    [name],
  );
  return rows[0];
};

test("a statement that keeps its plan is planned once, other statements for their values", async () => {
  await insertListings(database, listings(3));
  const ids = ["50000000", "50000002"];
  const read = (name: string, keepsPlan: boolean) =>
    database.query(
      "select inner_id as id, price from processed_data where inner_id = any($1::text[])",
      [ids],
      {
        name,
        keepsPlan,
      },
    );
  for (let count = 0; count < 3; count += 1) {
    const [kept, custom] = [await read("kept", true), await read("custom", false)];
    expect(kept).toEqual(custom);
    expect(kept.rowCount).toBe(2);
  }
  expect(await plansOf("kept")).toEqual({ custom: 0, kept: 3 });
  expect(await plansOf("custom")).toEqual({ custom: 3, kept: 0 });
});

test("a plan made for a small table reads it by its index", async () => {
  const plan = await database.transaction(async (tx) => {
    await tx.query("select $1::int as one", [1], { name: "any", keepsPlan: true });
    return tx.query<{ "QUERY PLAN": string }>(
      "explain select from processed_data where inner_id = '50000000'",
    );
  });
  expect(plan.rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/Index/);
});

test("its settings end with it, also when it fails", async () => {
  const inside = await database.query(`select ${SETTINGS}, $1::int as value`, [1], {
    name: "inside",
    keepsPlan: true,
  });
  expect(inside.rows).toEqual([{ plans: "force_generic_plan", scans: "off", value: 1 }]);
  expect(await settings()).toEqual(OWN);
  const divide = (by: number) =>
    database.query("select 1 / $1::int as result", [by], { name: "divide", keepsPlan: true });
  await expect(divide(0)).rejects.toThrow("division by zero");
  await expect(divide(1)).resolves.toMatchObject({ rows: [{ result: 1 }] });
  await expect(
    database.query("select nothing from nowhere where $1", [true], { name: "wrong", keepsPlan: true }),
  ).rejects.toThrow("does not exist");
  expect(await settings()).toEqual(OWN);
});

test("pages of all listings keep their plan, pages of a selection are planned for its values", async () => {
  const plans: string[] = [];
  const watched: Queryable = {
    query: (text, values, options) => {
      plans.push(options?.keepsPlan === true ? "kept" : "planned");
      return database.query(text, values, options);
    },
  };
  const statements = createStatementCache();
  const parameters = offersParameters(100);
  const read = (search: string) =>
    readOffersPage(
      watched,
      toOffersQuery(readParameters(parameters, parseQueryString(search)), { pageSize: 2 }),
      2_000_000_000,
      statements,
    );
  const pages = [];
  for (let count = 0; count < 5; count += 1) {
    pages.push(await read("sort=-created_at"));
  }
  expect(new Set(pages.map((page) => JSON.stringify(page))).size).toBe(1);
  expect(plans).toEqual(Array(5).fill("kept"));
  plans.length = 0;
  await read("mark=Acura&sort=-created_at");
  expect(plans).toEqual(["planned"]);
});
