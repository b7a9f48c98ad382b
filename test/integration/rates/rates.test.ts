import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRates } from "../../../src/rates/index.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const NOON = new Date("2026-11-27T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test("your own rates have no date; each country has its own", async () => {
  const database = { query: () => Promise.reject(new Error("not needed")) };
  const rates = createRates({ database, source: { CNY: 12.9, EUR: "100.5", by: { CNY: 0.45 } } });
  expect(await rates.current("ru")).toEqual({ rates: { CNY: 12.9, EUR: "100.5" }, date: null });
  expect(await rates.current("by")).toEqual({ rates: { CNY: 0.45 }, date: null });
  expect(await rates.current("kz")).toEqual({ rates: {}, date: null });
  expect(await createRates({ database, source: undefined }).current("ru")).toEqual({ rates: {}, date: null });
});

onEachDatabase("the central bank's rates", ({ database }) => {
  let sandbox: Sandbox;
  let now: Date;
  beforeEach(async () => {
    now = NOON;
    sandbox = await startSandbox({ offers: 1, changesPerDay: 0, now: () => now });
  });
  afterEach(() => sandbox.close());

  const open = (warnings: string[] = []) =>
    createRates({
      database: database(),
      source: "cbr",
      url: sandbox.ratesUrl,
      now: () => now,
      logger: { debug() {}, info() {}, error() {}, warn: (message) => warnings.push(message) },
    });
  const requests = () => sandbox.requests.filter(({ path }) => path.endsWith("XML_daily.asp")).length;
  /** The next rates: a refresh runs in the background while usable rates are known. */
  const refreshed = async (rates: ReturnType<typeof open>, count: number) => {
    await rates.current("ru");
    await expect.poll(requests).toBe(count);
  };

  test("are fetched once for all requests of an hour, for Russia only", async () => {
    const rates = open();
    const all = await Promise.all([rates.current("ru"), rates.current("ru"), rates.current("by")]);
    expect(all[0]).toMatchObject({ date: "2026-11-27", rates: { CNY: "12.8849", EUR: "100.5693" } });
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual({ rates: {}, date: null });
    now = new Date(NOON.getTime() + HOUR - 1);
    await rates.current("ru");
    expect(requests()).toBe(1);
    now = new Date(NOON.getTime() + HOUR);
    await refreshed(rates, 2);
  });

  test("are shared by processes through the database", async () => {
    await open().current("ru");
    expect(await open().current("ru")).toMatchObject({ date: "2026-11-27" });
    expect(requests()).toBe(1);
  });

  test("are kept while the bank fails, for ten days", async () => {
    await open().current("ru");
    sandbox.addFault({ path: "/scripts/XML_daily.asp", fault: { kind: "status", status: 503 } });
    const warnings: string[] = [];
    const rates = open(warnings);
    now = new Date(NOON.getTime() + 10 * DAY);
    expect(await rates.current("ru")).toMatchObject({ date: "2026-11-27", rates: { EUR: "100.5693" } });
    await expect
      .poll(() => warnings)
      .toEqual([
        expect.stringContaining(
          "could not be read, those of 2026-11-27 are kept: the bank responded with 503",
        ),
      ]);
    now = new Date(NOON.getTime() + 11 * DAY);
    expect(await open().current("ru")).toEqual({ rates: {}, date: "2026-11-27" });
  });

  test("are replaced as soon as the bank responds again", async () => {
    await open().current("ru");
    sandbox.addFault({ path: "/scripts/XML_daily.asp", times: 1, fault: { kind: "truncated" } });
    const rates = open();
    now = new Date(NOON.getTime() + 11 * DAY);
    expect(await rates.current("ru")).toMatchObject({ rates: {} });
    now = new Date(now.getTime() + 300_000);
    expect(await rates.current("ru")).toMatchObject({ date: "2026-12-08", rates: { EUR: "100.5693" } });
  });

  test("of an earlier day do not replace later ones", async () => {
    const rates = open();
    await rates.current("ru");
    const later = NOON.getTime() + 2 * HOUR;
    const body = '<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="20.11.2026">'.concat(
      ...["CNY", "EUR", "USD"].map(
        (code) => `<Valute><CharCode>${code}</CharCode><Nominal>1</Nominal><Value>1,0</Value></Valute>`,
      ),
      "</ValCurs>",
    );
    sandbox.addFault({ path: "/scripts/XML_daily.asp", fault: { kind: "body", body } });
    now = new Date(later);
    await refreshed(rates, 2);
    expect(await rates.current("ru")).toMatchObject({ date: "2026-11-27", rates: { EUR: "100.5693" } });
    expect(await open().current("ru")).toMatchObject({ date: "2026-11-27" });
  });

  describe("are not believed", () => {
    test.each<[string, Parameters<Sandbox["addFault"]>[0]["fault"], RegExp]>([
      ["beyond a megabyte", { kind: "huge", bytes: 3_000_000 }, /more than 1000000 bytes/],
      ["after a redirect", { kind: "redirect", location: "http://127.0.0.1:1/" }, /could not be read/],
      ["as an HTML page", { kind: "html200" }, /not a complete ValCurs document/],
      ["when the connection is cut", { kind: "resetMidBody" }, /could not be read/],
    ])("%s", async (_name, fault, reason) => {
      sandbox.addFault({ path: "/scripts/XML_daily.asp", fault });
      const warnings: string[] = [];
      expect(await open(warnings).current("ru")).toEqual({ rates: {}, date: null });
      expect(warnings).toEqual([expect.stringMatching(reason)]);
    });
  });
});
