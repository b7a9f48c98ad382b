import { expect, test } from "vitest";
import { insertListings, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const ROWS = [...listings(600, { seed: 21 })];
const LISTED = "active_status = 0 and not is_incomplete";

/** Selections, and the same as SQL. */
const SELECTIONS: readonly (readonly [query: string, sql: string])[] = [
  ["", "true"],
  ["mark=BMW,Audi", "mark in ('BMW', 'Audi')"],
  ["price_from=100000&year_to=2020", "price >= 100000 and year <= 2020"],
  ["mark=Nobody", "false"],
  ["q=audi", "search @@ 'audi:*'::tsquery"],
];

onEachDatabase("GET /market", ({ database }) => {
  const arrange = async () => {
    await insertListings(database(), ROWS);
    await database().query(
      `update processed_data
          set first_seen_at = now() - (id % 20) * interval '1 day' - interval '1 hour',
              removed_at = case when active_status = 1 then now() - (id % 15) * interval '12 hours' - interval '1 minute' end,
              offer_created = case when id % 3 = 0 then null else offer_created end`,
    );
    return openApi(database());
  };

  test.each(SELECTIONS)("of %j has the figures of its listings", async (query, sql) => {
    const api = await arrange();
    const { status, body } = await api.ask(`/market?${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    const { rows } = await database().query<{ market: unknown }>(
      `with active as (select * from processed_data where ${LISTED} and ${sql}),
            ended as (select * from processed_data where active_status = 1 and not is_incomplete and ${sql})
       select json_build_object(
         'count', (select count(*) from active),
         'price', (select json_build_object(
           'min', min(price), 'max', max(price),
           'p25', round(percentile_cont(0.25) within group (order by price)::numeric),
           'median', round(percentile_cont(0.5) within group (order by price)::numeric),
           'p75', round(percentile_cont(0.75) within group (order by price)::numeric)) from active),
         'days_on_market', (select json_build_object('median', round(percentile_cont(0.5) within group (order by
           (now() at time zone 'UTC')::date - coalesce(offer_created, (first_seen_at at time zone 'UTC')::date))::numeric))
             from active),
         'added_7d', (select count(*) from (select first_seen_at from active union all select first_seen_at from ended
                        where removed_at >= now() - interval '7 days') seen
                       where first_seen_at >= now() - interval '7 days'),
         'removed_7d', (select count(*) from ended where removed_at >= now() - interval '7 days')) as market`,
    );
    const expected = rows[0]?.market;
    expect(body).toEqual(typeof expected === "string" ? JSON.parse(expected) : expected);
  });

  test("follows the data and refuses the parameters that /offers refuses", async () => {
    const api = await arrange();
    const before = (await api.ask("/market?mark=Audi")).body.count;
    await database().query(
      "update processed_data set active_status = 1, removed_at = now() where mark = 'Audi'",
    );
    await database().query("update data_version set version = version + 1");
    await expect.poll(async () => (await api.ask("/market?mark=Audi")).body.count).toBe(0);
    expect((await api.ask("/market?mark=Audi")).body).toMatchObject({
      price: { min: null, median: null },
      days_on_market: { median: null },
    });
    expect(before).toBeGreaterThan(0);
    expect(await api.ask("/market?colour=red")).toMatchObject({ status: 400 });
    expect(await api.ask("/market?year=2019")).toMatchObject({ status: 400 });
  });
});
