import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, createApiHandler, startServer } from "../../src/api/index.ts";
import { createDatabase, type Database } from "../../src/database/index.ts";
import { createNormalizer } from "../../src/normalizer/index.ts";
import { createTokens } from "../../src/tokens/index.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Disables the browser's own network traffic. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let database: Database;
let server: ApiServer;
let token: string;
let profile: string;
let browser: BrowserContext;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `Chromium was not found at ${CHROMIUM}: install the distribution's package, or set CHROMIUM`,
    );
  }
  database = await createDatabase({ dataDir: "memory://" });
  await database.query(
    `insert into raw_data (inner_id, change_type, created_at, data, source)
     values ('1', 'added', now(), '{"mark": "宝马", "model": "X5", "price": "98000"}', 'initial_load')`,
  );
  await createNormalizer({ database }).run();
  const tokens = createTokens({ database });
  token = (await tokens.create({}))[0]?.token ?? "";
  server = await startServer({ handler: createApiHandler({ database, tokens }), port: 0 });
  profile = await mkdtemp(join(tmpdir(), "che168-browser-"));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: FLAGS,
    headless: true,
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await database?.close();
  await rm(profile, { recursive: true, force: true });
});

/** A new page, with the hosts that it contacts and the errors that the browser reports. */
async function openDocs(): Promise<{ page: Page; hosts: Set<string>; errors: string[] }> {
  const page = await browser.newPage();
  const hosts = new Set<string>();
  const errors: string[] = [];
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http")) {
      hosts.add(host);
    }
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(`${server.url}docs`);
  return { page, hosts, errors };
}

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
