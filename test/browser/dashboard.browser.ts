import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, createApiHandler, startServer } from "../../src/api/index.ts";
import { createDatabase, type Database } from "../../src/database/index.ts";
import { createNormalizer } from "../../src/normalizer/index.ts";
import { createTokens } from "../../src/tokens/index.ts";
import { openBrowser } from "../support/browser/browser.ts";

/** Where screenshots go, to be looked at; none by default. */
const SCREENSHOTS = process.env.SCREENSHOTS;
const PHONE = { width: 390, height: 844 };

let database: Database;
let server: ApiServer;
let tokens: { readonly ops: string; readonly read: string };
let browser: Awaited<ReturnType<typeof openBrowser>>;

/** 60 feed days with a weekly rhythm, runs of a month, and a reason with a hostile text. */
const FILL = `
  with days as (
    insert into daily_stats (day, added, changed, removed, active, filled)
    select (now() at time zone 'Europe/Moscow')::date - n, 5200 + 900 * (n % 7) - n * 11, 11000 + 1700 * (n % 5),
           4700 + 600 * (n % 6), 170000 - n * 230,
           jsonb_build_object('price', 0.991, 'images', 0.962 - n * 0.0002, 'mark', 0.999, 'model', 0.985, 'year', 0.97,
                              'engine_type', 0.93, 'first_registration', case when n < 3 then 0.41 else 0.88 end)
      from generate_series(0, 59) as n),
  daily as (
    insert into operations_log (operation_type, status, started_at, duration, details)
    select 'data_fetch', case when n = 0 then 'ERROR' else 'OK' end,
           date_trunc('day', now()) - n * interval '1 day' + interval '10 minutes', 2100 + 240 * (n % 5),
           json_build_object('command', 'daily', 'pages', 940, 'changes', 18800, 'loaded', 5201, 'updated', 11000,
                             'removed', 4600, 'error', case when n = 0 then '<img src=x onerror=alert(1)>' end)::text
      from generate_series(29, 0, -1) as n),
  normal as (
    insert into operations_log (operation_type, status, started_at, duration, details)
    select 'normalization', 'OK', date_trunc('day', now()) - n * interval '1 day' + interval '50 minutes', 96 + 9 * (n % 4),
           json_build_object('command', 'normalize', 'processed', 18200)::text
      from generate_series(29, 0, -1) as n)
  insert into sync_state (id, last_change_id, last_successful_date, newest_change_at)
  values (1, 8350544, (now() at time zone 'Europe/Moscow')::date, now() - interval '5 hours')`;

beforeAll(async () => {
  database = await createDatabase({ dataDir: "memory://" });
  await database.query(
    `insert into raw_data (inner_id, change_type, created_at, data, source)
     values ('1', 'added', now(), '{"mark": "宝马", "model": "X5", "price": "98000"}', 'initial_load')`,
  );
  await createNormalizer({ database }).run();
  await database.query("delete from operations_log");
  await database.query("delete from daily_stats");
  await database.query(FILL);
  const store = createTokens({ database });
  const created = async (scopes: readonly ("ops" | "read")[]) =>
    (await store.create({ scopes: [...scopes] }))[0]?.token ?? "";
  tokens = { ops: await created(["ops"]), read: await created(["read"]) };
  server = await startServer({ handler: createApiHandler({ database, tokens: store }), port: 0 });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await database?.close();
});

const open = (size?: typeof PHONE) => browser.open(`${server.url}dashboard`, size);
const enter = async (page: Page, token: string) => {
  await page.fill("#token", token);
  await page.click("#enter button");
};
const shoot = async (page: Page, name: string) => {
  if (SCREENSHOTS !== undefined) {
    await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
  }
};

test("is an empty shell until a token with the scope ops is entered", async () => {
  const { page } = await open();
  expect(await page.textContent("body")).not.toContain("170,000");
  await shoot(page, "shell");
  await enter(page, "AAAABBBBCCCCDDDD");
  await page.getByText("The token is invalid.").waitFor();
  await enter(page, tokens.read);
  await page.getByText("The token lacks the scope ops.").waitFor();
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
  await page.close();
});

test("shows freshness, reasons, plots and runs, and contacts no other host", async () => {
  const { page, hosts, errors } = await open();
  await enter(page, tokens.ops);
  await page.locator("#plot-durations canvas").waitFor();
  expect(await page.locator(".plot canvas").count()).toBe(4);
  expect(await page.textContent("#tiles")).toMatch(/newest data5 hr\.? ago/);
  // The texts of errors are for the log; the reason itself is shown.
  expect(await page.textContent("#reasons")).toMatch(/failed.*ended with an error\./);
  expect(await page.textContent("#reasons")).toContain("fill_rate");
  expect(await page.locator("#runs tr").count()).toBe(10);
  await shoot(page, "desktop");
  expect([...hosts]).toEqual([new URL(server.url).host]);
  expect(errors).toEqual([]);
  // The token is in this tab only, and gone on request.
  expect(await page.evaluate("JSON.stringify({ ...sessionStorage })")).toContain(tokens.ops);
  expect(await page.evaluate("JSON.stringify([{ ...localStorage }, document.cookie])")).not.toContain(
    tokens.ops,
  );
  await page.reload();
  await page.locator("#plot-changes canvas").waitFor();
  await page.click("#leave");
  await page.locator("#enter").waitFor();
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
  await page.close();
});

test("fits a phone without sideways scrolling, in Russian as well", async () => {
  const { page, errors } = await open(PHONE);
  await enter(page, tokens.ops);
  await page.locator("#plot-durations canvas").waitFor();
  await shoot(page, "phone");
  await page.click("#language");
  await page.getByText("Требует внимания").waitFor();
  expect(await page.textContent("#reasons")).toContain("завершился ошибкой");
  await shoot(page, "phone-ru");
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(PHONE.width);
  expect(errors).toEqual([]);
  await page.click("#language");
  await page.close();
});

test("writes texts of the database as text", async () => {
  await database.query(
    `update operations_log set details = (details::jsonb || '{"command": "<img src=x onerror=alert(1)>"}')::text
      where id = (select max(id) from operations_log)`,
  );
  const { page, errors } = await open();
  await enter(page, tokens.ops);
  // The API keeps its statistics for some seconds.
  await expect
    .poll(
      async () => {
        await page.reload();
        await page.locator("#plot-durations canvas").waitFor();
        return page.textContent("#runs");
      },
      { interval: 500 },
    )
    .toContain("<img src=x");
  expect(await page.locator("#dashboard img").count()).toBe(0);
  expect(errors).toEqual([]);
  await page.close();
});
