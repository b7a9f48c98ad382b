import { beforeEach, describe, expect, test } from "vitest";
import {
  type CustomsListing,
  type CustomsOptions,
  estimateCustoms,
  type Tariff,
} from "../../../src/customs/index.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const ROWS = [...listings(400, { seed: 11 })];
const RATES = { CNY: 12.8849, EUR: "100.5693", by: { CNY: 0.45117, EUR: 3.4309 } };
const DATE = "2026-11-27";
const idOf = (engineType: string) =>
  String(
    ROWS.find(
      (row) =>
        row.engine_type === engineType &&
        row.price !== null &&
        row.power !== null &&
        row.displacement_cc !== null &&
        ["suv", "sedan", "hatchback", "wagon"].includes(String(row.body_type)),
    )?.inner_id,
  );
const ID = idOf("gasoline");

onEachDatabase("import costs in the API", ({ database }) => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    await insertListings(database(), ROWS);
    api = await openApi(database(), { customs: { rates: RATES } });
  });
  /** What the pure function computes for a listing as the API serves it. */
  const expected = async (id: string, country: "ru" | "by" | "kz", date?: string) => {
    const { body } = await api.ask(`/offers/${id}`);
    const rates: Readonly<Record<string, NonNullable<CustomsOptions["rates"]>>> = {
      ru: { CNY: 12.8849, EUR: "100.5693" },
      by: RATES.by,
    };
    return estimateCustoms(body as CustomsListing, { country, date, rates: rates[country] });
  };

  test.each(["ru", "by", "kz"] as const)(
    "of a listing are those of the pure function: %s",
    async (country) => {
      const { body } = await api.ask(`/offers/${ID}/customs?country=${country}&date=${DATE}`);
      expect(body).toEqual(
        JSON.parse(JSON.stringify({ inner_id: ID, ...(await expected(ID, country, DATE)) })),
      );
      expect(body).toMatchObject({ country, date: DATE });
    },
  );

  test("follow the facts of the caller", async () => {
    const path = `/offers/${idOf("electric")}/customs?date=${DATE}&production_date=2025-03`;
    expect((await api.ask(path)).body).toMatchObject({ status: "not_computed", missing: ["power_30min_kw"] });
    const { body } = await api.ask(`${path}&power_30min_kw=85`);
    expect(body).toMatchObject({ status: "computed", age_band: "up_to_3_years", missing: [] });
    expect((await api.ask(`${path}&estimate_30min=true`)).body.status).toBe("estimate");
  });

  test("name the rates that are missing", async () => {
    api = await openApi(database());
    const { body } = await api.ask(`/offers/${ID}/customs?date=${DATE}`);
    expect(body).toMatchObject({ status: "not_computed", total: null, rates: {}, rates_date: null });
    expect(body.missing).toEqual(expect.arrayContaining(["rate:CNY", "rate:EUR"]));
  });

  test("have labels of their codes", async () => {
    const { body } = await api.ask(`/offers/${ID}/customs?date=2027-02-01&lang=ru`);
    expect(body.labels.items).toMatchObject({
      duty: "Таможенная пошлина",
      recycling_fee: "Утилизационный сбор",
    });
    expect(body.labels.missing["tariff:customs_fee"]).toBe(
      "Подтверждённая ставка на эту дату: Таможенный сбор",
    );
  });

  test("use the configured tables", async () => {
    const fee: Tariff = {
      country: "ru",
      kind: "customs_fee",
      valid_from: "2027-01-01",
      valid_to: null,
      checked_on: "2027-01-02",
      source: ["mine"],
      confidence: "confirmed",
      rows: [{ up_to_rub: null, rub: 1 }],
    };
    api = await openApi(database(), { customs: { rates: RATES, tariffs: [fee] } });
    const { body } = await api.ask(`/offers/${ID}/customs?date=2027-02-01`);
    expect(body.items.customs_fee).toBe("1.00");
    expect(body.missing).toEqual(["tariff:recycling_fee"]);
  });

  test("are for today and the configured days by default", async () => {
    api = await openApi(database(), { customs: { rates: RATES, transitDays: 30 } });
    const before = new Date(Date.now() + 3 * 3_600_000 + 30 * 86_400_000).toISOString().slice(0, 10);
    const { body } = await api.ask(`/offers/${ID}/customs`);
    const after = new Date(Date.now() + 3 * 3_600_000 + 30 * 86_400_000).toISOString().slice(0, 10);
    expect([before, after]).toContain(body.date);
  });

  test("of an unknown listing are 404; of a wrong parameter 400, which names it", async () => {
    expect((await api.ask("/offers/none/customs")).status).toBe(404);
    for (const [name, value] of [
      ["country", "us"],
      ["date", "2026-02-30"],
      ["production_date", "2022-13"],
      ["power_30min_kw", "-5"],
      ["power_30min_kw", "0"],
      ["ev_quota_open", "yes"],
      ["estimate", "ru"],
    ]) {
      const { status, body } = await api.ask(`/offers/${ID}/customs?${name}=${value}`);
      expect([name, status, body.errors?.[0]?.parameter]).toEqual([name, 400, name]);
    }
    expect((await api.ask("/offers?estimate=us")).status).toBe(400);
  });

  describe("estimate", () => {
    const short = (result: object) => {
      const { status, total, total_min, total_max, currency, date } = result as Record<string, unknown>;
      return { status, total, total_min, total_max, currency, date };
    };

    test("adds the totals of the pure function to cards and to the detail, and nothing else", async () => {
      const plain = await api.ask("/offers?limit=100");
      const { body } = await api.ask("/offers?limit=100&estimate=ru");
      expect(body.result.map(({ estimate: _estimate, ...card }: { estimate: object }) => card)).toEqual(
        plain.body.result,
      );
      for (const card of body.result.slice(0, 20)) {
        expect(card.estimate).toEqual(short(await expected(card.inner_id, "ru")));
      }
      const statuses = body.result.map((card: { estimate: { status: string } }) => card.estimate.status);
      expect(new Set(statuses).size).toBeGreaterThan(1);
      const detail = await api.ask(`/offers/${ID}?estimate=ru`);
      expect(detail.body.estimate).toEqual(short(await expected(ID, "ru")));
    });

    test("goes with fields, ids and lang", async () => {
      const { body } = await api.ask(`/offers?ids=${ID}&fields=price&estimate=by&lang=ru`);
      expect(Object.keys(body.result[0])).toEqual(["price", "estimate", "labels"]);
      expect(body.result[0].estimate).toMatchObject({ currency: "BYN" });
    });

    test("has an ETag of its own, which changes with the rates", async () => {
      const tag = async (path: string) => (await api.ask(path)).headers.get("etag");
      const first = await tag("/offers?estimate=ru");
      expect(await tag("/offers?estimate=ru")).toBe(first);
      expect(await tag("/offers")).not.toBe(first);
      expect(await tag("/offers?estimate=by")).not.toBe(first);
      api = await openApi(database(), { customs: { rates: { ...RATES, EUR: 99 } } });
      expect(await tag("/offers?estimate=ru")).not.toBe(first);
    });
  });

  test("use the central bank's rates, and state their day", async () => {
    const sandbox: Sandbox = await startSandbox({ offers: 1, changesPerDay: 0 });
    try {
      api = await openApi(database(), { customs: { rates: "cbr", ratesUrl: sandbox.ratesUrl } });
      const { body } = await api.ask(`/offers/${ID}/customs?date=${DATE}`);
      expect(body.rates_date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(body.rates).toMatchObject({ CNY: "12.8849" });
    } finally {
      await sandbox.close();
    }
  });
});
