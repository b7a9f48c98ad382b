import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, createApiHandler, startServer } from "../../src/api/index.ts";
import { createDatabase, type Database } from "../../src/database/index.ts";
import { createNormalizer } from "../../src/normalizer/index.ts";
import { createTokens } from "../../src/tokens/index.ts";
import { openBrowser } from "../support/browser/browser.ts";

let database: Database;
let server: ApiServer;
let token: string;
let browser: Awaited<ReturnType<typeof openBrowser>>;

beforeAll(async () => {
  database = await createDatabase({ dataDir: "memory://" });
  await database.query(
    `insert into raw_data (inner_id, change_type, created_at, data, source)
     values ('1', 'added', now(), '{"mark": "宝马", "model": "X5", "price": "98000"}', 'initial_load')`,
  );
  await createNormalizer({ database }).run();
  const tokens = createTokens({ database });
  token = (await tokens.create({}))[0]?.token ?? "";
  server = await startServer({ handler: createApiHandler({ database, tokens }), port: 0 });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await database?.close();
});

const openDocs = () => browser.open(`${server.url}docs`);

test("the page shows no part of the API without a valid token", async () => {
  const { page } = await openDocs();
  expect(await page.textContent("body")).not.toContain("/offers");
  await page.fill("#token", "AAAABBBBCCCCDDDD");
  await page.click("button");
  await page.getByText("The token is invalid.").waitFor();
  expect(await page.textContent("body")).not.toContain("/offers");
});

test("with a token the page shows the reference and executes a request, and contacts no other host", async () => {
  const { page, hosts, errors } = await openDocs();
  await page.fill("#token", token);
  await page.click("button");
  const list = page.locator(".opblock", { has: page.locator('[data-path="/offers"]') });
  await list.locator(".opblock-summary-control").click();
  await list.locator(".opblock-body").waitFor();
  await list.getByRole("button", { name: "Execute" }).click();
  const body = list.locator(".live-responses-table tr.response .response-col_description");
  await body.getByText("BMW").first().waitFor();
  expect(
    await list.locator(".live-responses-table tr.response .response-col_status").textContent(),
  ).toContain("200");
  expect([...hosts]).toEqual([new URL(server.url).host]);
  expect(errors).toEqual([]);
  expect(
    await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"),
  ).not.toContain(token);
});
