import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type ApiServer, createApiHandler, startServer } from "../../src/api/index.ts";
import { openStorefront } from "../../src/cli/storefront.ts";
import { createDatabase, type Database } from "../../src/database/index.ts";
import { createLoader } from "../../src/loader/index.ts";
import { createNormalizer } from "../../src/normalizer/index.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { createTokens } from "../../src/tokens/index.ts";
import { createClient } from "../../src/upstream/index.ts";
import { openBrowser } from "../support/browser/browser.ts";

/** Roubles. */
const RATES = { EUR: 98.5, CNY: 12.4 };
/** More than two pages of the catalogue. */
const LISTINGS = 90;

let sandbox: Sandbox;
let database: Database;
let server: ApiServer;
let shop: string;
let browser: Awaited<ReturnType<typeof openBrowser>>;

beforeAll(async () => {
  sandbox = await startSandbox({ offers: LISTINGS });
  database = await createDatabase({ dataDir: "memory://" });
  const client = createClient({ baseUrl: sandbox.baseUrl, apiKey: "key", offersIntervalMs: 0 });
  await createLoader({ database, client }).run();
  await client.close();
  await createNormalizer({ database }).run();
  // The first listings of the catalogue have become cheaper.
  await database.query(
    `update processed_data set price_drop = 5000
      where id in (select id from processed_data where active_status = 0 and not is_incomplete
                    order by created_at desc, id desc limit 3)`,
  );
  const tokens = createTokens({ database });
  const [created] = await tokens.create();
  const api = createApiHandler({
    database,
    tokens,
    options: { images: true, customs: { rates: RATES } },
    fetchPicture: ({ pathname }, init) => fetch(new URL(pathname, sandbox.baseUrl), init),
  });
  const { handler } = await openStorefront(api, created?.token ?? "");
  server = await startServer({ handler, port: 0 });
  shop = `${server.url}shop/`;
  browser = await openBrowser();
  await browser.context.addInitScript({ path: IN_PAGE });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await database?.close();
  await sandbox?.close();
});

/** Layout shifts, controls without a name, illegible texts: see `in-page.js`. */
const audit = (page: Page) => page.evaluate("audit()");
const CLEAN = { shifts: [], unnamed: [], lowContrast: [], overflows: false, headings: 1 };
const IN_PAGE = fileURLToPath(new URL("../support/browser/in-page.js", import.meta.url));

/** The page of the shop, with its cards. */
async function openShop(width: number, height: number, path = "") {
  const opened = await browser.open(`${shop}${path}`, { width, height });
  await opened.page.locator(".card h2 a").first().waitFor();
  return opened;
}
const titles = (page: Page) => page.locator(".card h2").allTextContents();
/** Waits until the cards are those of the present selection. */
const settled = (page: Page) => page.locator(".cards:not([aria-busy])").waitFor();

describe.each([
  ["a desktop", 1280, 900],
  ["a phone", 390, 844],
])("a buyer on %s", (_, width, height) => {
  const isPhone = width < 600;
  const openFilters = async (page: Page) => {
    if (isPhone) {
      await page.getByRole("button", { name: "Фильтры" }).click();
    }
  };
  const closeFilters = async (page: Page) => {
    if (isPhone) {
      await page.getByRole("button", { name: /^Показать \d+ объявлени/ }).click();
    }
  };

  test("chooses by facets, sorts, loads more, and finds the selection again by its address", async () => {
    const { page, errors } = await openShop(width, height);
    await openFilters(page);
    const mark = page.getByRole("group", { name: "Марка" }).locator("li").first();
    const name = (await mark.locator("label").textContent()) ?? "";
    await mark.locator("input").check();
    await page.getByRole("button", { name: `Убрать условие: ${name}` }).waitFor({ state: "attached" });
    await page.getByRole("group", { name: "Модель" }).waitFor();
    await closeFilters(page);
    await settled(page);
    expect((await titles(page)).every((title) => title.startsWith(name))).toBe(true);
    await page.getByLabel("Порядок").selectOption("price");
    await page.waitForURL(/sort=price/);
    await settled(page);
    const prices = (await page.locator(".card .price").allTextContents()).map((text) =>
      Number(text.replaceAll(/\D/g, "")),
    );
    expect(prices).toEqual(prices.toSorted((one, other) => one - other));
    const chosen = await titles(page);
    await page.reload();
    await page.locator(".card h2 a").first().waitFor();
    expect(await titles(page)).toEqual(chosen);
    await page.getByRole("button", { name: `Убрать условие: ${name}` }).click();
    await page.getByRole("button", { name: "Показать ещё" }).click();
    await page.locator(".card h2").nth(24).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  test("opens a car, looks at its photos, and returns to the same place of the list", async () => {
    const { page, errors } = await openShop(width, height);
    const card = page.locator(".card h2 a").nth(9);
    await card.scrollIntoViewIfNeeded();
    const name = (await card.textContent()) ?? "";
    const scrolled = await page.evaluate("scrollY");
    await card.click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.locator(".stage img").waitFor();
    expect(
      await page.evaluate(
        "(() => { const image = document.querySelector('.stage img'); return image.decode().then(() => image.naturalWidth); })()",
      ),
    ).toBeGreaterThan(300);
    await page.getByRole("button", { name: "Следующее фото" }).click();
    expect(await page.locator(".counter").textContent()).toMatch(/^2 \/ \d+$/);
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator(".counter").textContent()).toMatch(/^1 \/ \d+$/);
    await page.getByRole("link", { name: "К каталогу" }).click();
    await card.waitFor();
    expect(await page.evaluate("scrollY")).toBe(scrolled);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("sees which cars became cheaper, and what an import costs", async () => {
    const { page, errors } = await openShop(width, height);
    const badges = page.locator(".card .badge");
    expect(await badges.count()).toBe(3);
    expect(await badges.first().textContent()).toMatch(/^↓ дешевле на 5\s000 ¥$/);
    await page.locator(".card h2 a").first().click();
    await page.locator(".price.large .badge").waitFor();
    const costs = page.getByRole("region", { name: "Таможенные платежи в России" });
    await costs.waitFor();
    expect(await costs.textContent()).toMatch(/₽/);
    const table = page.getByRole("region", { name: "Характеристики" });
    for (const text of [await costs.textContent(), await table.textContent()]) {
      expect(text).not.toMatch(/[a-z]{3,}_[a-z]|undefined|null|\d{4}-\d{2}-\d{2}T/);
    }
    expect(await audit(page)).toEqual(CLEAN);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("is offered makes and models while typing, and chooses by touch or by keyboard", async () => {
    const { page, errors } = await openShop(width, height);
    const field = page.getByRole("combobox", { name: "Поиск по каталогу" });
    const options = page.getByRole("option");
    await field.fill("");
    await field.pressSequentially("тойо");
    await options.first().waitFor();
    expect(await field.getAttribute("aria-expanded")).toBe("true");
    expect(await options.first().textContent()).toMatch(/^Toyota.*марка · \d+$/);
    expect(await audit(page)).toEqual(CLEAN);
    await field.press("ArrowDown");
    await field.press("ArrowDown");
    const active = options.nth(1);
    expect(await active.getAttribute("aria-selected")).toBe("true");
    expect(await field.getAttribute("aria-activedescendant")).toBe(await active.getAttribute("id"));
    await field.press("Enter");
    await page.waitForURL(/mark=Toyota&model=/);
    await settled(page);
    expect((await titles(page)).every((title) => title.startsWith("Toyota"))).toBe(true);
    await field.pressSequentially("тойо");
    await options.first().waitFor();
    await options.first().click();
    await page.waitForURL(/\?mark=Toyota$/);
    await field.pressSequentially("тойо");
    await options.first().waitFor();
    await field.press("Escape");
    expect(await field.getAttribute("aria-expanded")).toBe("false");
    expect(errors).toEqual([]);
    await page.close();
  });

  test("keeps favourites, which survive a reload", async () => {
    const { page } = await openShop(width, height);
    const name = (await page.locator(".card h2").nth(1).textContent()) ?? "";
    const heart = page.getByRole("button", { name: `В избранное: ${name}` }).first();
    await heart.click();
    expect(await heart.getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("link", { name: /Избранное/ }).click();
    await page.getByRole("heading", { level: 1, name: "Избранное" }).waitFor();
    await page.reload();
    await page.locator(".card h2").first().waitFor();
    expect(await titles(page)).toEqual([name]);
    await page.evaluate("localStorage.clear()");
    await page.close();
  });

  test("sees a neutral placeholder instead of each photo that does not load", async () => {
    await browser.context.route("**/images/**", (route) => route.abort());
    onTestFinished(() => browser.context.unroute("**/images/**"));
    const { page } = await openShop(width, height);
    await page.locator(".card").first().getByText("Фото не загрузилось").waitFor();
    expect(await audit(page)).toEqual(CLEAN);
    const name = (await page.locator(".card h2 a").first().textContent()) ?? "";
    await page.locator(".card h2 a").first().click();
    await page.getByRole("img", { name: `${name}: фото 1 из` }).waitFor();
    await page.locator(".thumbs .no-picture").first().waitFor();
    expect(await page.locator(".stage img, .thumbs li:nth-child(1) img").count()).toBe(0);
    await page.getByRole("button", { name: "Фото 2", exact: true }).click();
    await page.getByRole("img", { name: `${name}: фото 2 из` }).waitFor();
    expect(await audit(page)).toEqual(CLEAN);
    await page.close();
  });

  test("sees a stable, legible and labelled page without errors", async () => {
    const { page, errors, hosts } = await openShop(width, height);
    await page.locator(".card img").first().waitFor();
    await page.evaluate("document.querySelector('.card img').decode()");
    await page.locator(".facets fieldset").first().waitFor({ state: "attached" });
    expect(await audit(page)).toEqual(CLEAN);
    await page.locator(".card h2 a").first().click();
    await page.locator(".stage img").evaluate("(image) => image.decode()");
    expect(await audit(page)).toEqual(CLEAN);
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([new URL(server.url).host]);
    await page.close();
  });
});

test("the search takes the text of a buyer, and says when nothing is found", async () => {
  const { page } = await openShop(1280, 900);
  const field = page.getByRole("combobox", { name: "Поиск по каталогу" });
  await field.fill("bmw");
  await field.press("Enter");
  await page.waitForURL(/q=bmw/);
  await settled(page);
  await page.getByRole("button", { name: "Убрать условие: «bmw»" }).waitFor();
  await field.fill("qqqwwweee");
  await page.getByRole("button", { name: "Найти" }).click();
  await page.getByText("По этим условиям объявлений нет.").waitFor();
  await field.fill("bmw");
  await page.getByRole("option").first().waitFor();
  await field.press("ArrowDown");
  // The option of the text before is not taken for the new text.
  await field.fill("toyta");
  await field.press("Enter");
  await page.getByText("По запросу «toyta» ничего не найдено. Показано по запросу «toyota».").waitFor();
  expect((await titles(page)).every((title) => title.startsWith("Toyota"))).toBe(true);
  await page.close();
});

test("everything is reached by the keyboard, with a visible focus", async () => {
  const { page } = await openShop(1280, 900);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("К содержанию");
  const reached = new Set<string>();
  for (let presses = 0; presses < 80 && reached.size < 6; presses += 1) {
    await page.keyboard.press("Tab");
    const { kind, outline } = (await page.evaluate(
      `({ kind: document.activeElement.id || document.activeElement.className || document.activeElement.closest("li")?.className,
         outline: getComputedStyle(document.activeElement).outlineStyle })`,
    )) as { kind: string; outline: string };
    expect(outline, kind).not.toBe("none");
    for (const wanted of ["q", "favourites-link", "mark-", "price_from", "sort", "card"]) {
      if (kind?.startsWith(wanted)) {
        reached.add(wanted);
      }
    }
  }
  expect([...reached].toSorted()).toEqual(["card", "favourites-link", "mark-", "price_from", "q", "sort"]);
  await page.close();
});

test("the scripts are small, and no page or response contains the token", async () => {
  const { page } = await openShop(1280, 900);
  const scripts = await page.evaluate(
    `performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /\\.m?js$/.test(name))`,
  );
  const texts = await Promise.all((scripts as string[]).map(async (url) => (await fetch(url)).text()));
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(50_000);
  const { rows } = await database.query<{ token: string }>("select token from api_tokens");
  const sent = [...texts, await page.content(), await (await fetch(`${shop}api/offers`)).text()].join();
  expect(sent).not.toContain(rows[0]?.token);
  await page.close();
});
