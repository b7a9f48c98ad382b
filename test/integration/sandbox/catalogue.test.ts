import { describe, expect, test } from "vitest";
import { catalogue, get, type SentRecord, sandbox } from "../../support/sandbox/helpers.ts";

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

const samples = new Map<number, Promise<SentRecord[]>>();
/** The catalogue of this many listings, generated once: each has 22 KB. */
function sample(size: number): Promise<SentRecord[]> {
  const known = samples.get(size) ?? sandbox({ offers: size }).then((server) => catalogue(server));
  samples.set(size, known);
  return known;
}

describe("the catalogue", () => {
  test("has the configured number of listings, each inner_id once, and ends with next_page null", async () => {
    const records = await sample(740);
    expect(records).toHaveLength(740);
    expect(new Set(records.map(({ inner_id }) => inner_id)).size).toBe(740);
    const ids = records.map(({ inner_id }) => Number(inner_id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(records.every(({ change_type }) => change_type === "added")).toBe(true);
  });

  test("returns an empty page after the last one", async () => {
    const server = await sandbox({ offers: 21 });
    expect(await get(server, "/offers?page=2")).toMatchObject({ result: [{}], meta: { next_page: null } });
    expect(await get(server, "/offers?page=3")).toEqual({
      result: [],
      meta: { page: 3, next_page: null, limit: 20 },
    });
  });

  test("is the same for the same seed and clock, byte by byte, and another for another seed", async () => {
    const [first, again, other] = await Promise.all(
      [7, 7, 8].map(async (seed) => catalogue(await sandbox({ offers: 60, seed }))),
    );
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(first));
  });

  test("has listings of about 22 KB in all three shapes of the service", async () => {
    const records = await sample(740);
    const sizes = records.map(({ data }) => bytes(data));
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(mean).toBeGreaterThan(20_000);
    expect(mean).toBeLessThan(24_000);

    const mixed = records.filter(({ data }) => data.extra);
    const russian = records.filter(({ data }) => typeof data.configuration === "object");
    const english = records.filter(({ data }) => data.section === "Used");
    expect(mixed.length + russian.length + english.length).toBe(740);
    expect(mixed.length).toBeGreaterThan(600);
    expect(russian.length).toBeGreaterThan(10);
    expect(english.length).toBeGreaterThan(10);

    expect(mixed[0]?.data).toMatchObject({
      configuration: expect.any(String),
      price: expect.stringMatching(/^\d+$/),
      images: expect.stringMatching(/^\["https:/),
    });
    expect(["true", "false"]).toContain(mixed[0]?.data.is_dealer);
    expect(russian[0]?.data).toMatchObject({ price: expect.any(Number), images: expect.any(Array) });
    expect(russian[0]?.data.configuration["Д*Ш*В (мм)"]).toMatch(/^\d{4}\*\d{4}\*\d{4}$/);
    expect(english[0]?.data).toMatchObject({ id: english[0]?.id, year: expect.any(Number) });
  });

  test("has power by source, and with defects also years and models that are missing or wrong", async () => {
    const records = await catalogue(await sandbox({ offers: 1_500, defects: true }));
    const data = records.map((record) => record.data);
    const electric = data.find(({ ice_power_ps, electric_power_kw }) => !ice_power_ps && electric_power_kw);
    const hybrid = data.find(({ hybrid_power_ps }) => hybrid_power_ps);
    expect(electric?.hybrid_power_ps).toBeUndefined();
    expect(Object.keys(hybrid ?? {})).toEqual(expect.arrayContaining(["ice_power_kw", "electric_power_ps"]));
    const mixed = data.filter(({ extra }) => extra);
    expect(mixed.every(({ extra }) => /^\d次$/.test(extra.option.map.过户次数))).toBe(true);
    const years = new Set(mixed.map(({ year }) => year));
    expect([years.has(0), years.has("0"), years.has("")]).toEqual([true, true, true]);
    expect(mixed.some(({ model }) => model === "")).toBe(true);
    expect(mixed.some(({ vin }) => vin?.length === 6)).toBe(true);
  });

  test("is varied: dozens of marks, hundreds of trims and places, most of them rare", async () => {
    const records = await sample(3_000);
    const distinct = (key: string) => new Set(records.map(({ data }) => data[key])).size;
    expect(distinct("mark")).toBeGreaterThan(60);
    expect(distinct("title")).toBeGreaterThan(400);
    expect(distinct("address")).toBeGreaterThan(300);
    expect(distinct("color")).toBeGreaterThan(13);
    const marks = [...Map.groupBy(records, ({ data }) => data.mark).values()].map((of) => of.length);
    expect(Math.max(...marks)).toBeGreaterThan(300);
    expect(marks.filter((count) => count < 30).length).toBeGreaterThan(25);
  });

  test("is consistent within a listing: title, specification, engine, dates", async () => {
    const records = await sample(740);
    for (const { inner_id, data, created_at } of records.filter((record) => record.data.extra)) {
      const tables = data.extra.configuration.paramtypeitems as {
        paramitems: { name: string; value: string }[];
      }[];
      const rows = tables.flatMap(({ paramitems }) => paramitems);
      const row = (name: string) => rows.find((candidate) => candidate.name === name)?.value;
      expect(rows.length).toBeGreaterThan(180);
      expect(String(data.extra.configuration.specid)).toBe(data.specid);
      expect(data.inner_id).toBe(inner_id);
      expect(data.url).toContain(`/${inner_id}.html`);
      expect(row("车型名称")).toBe(data.title);
      expect(data.title).toContain(` ${data.year}款 ${data.configuration}`);
      const millilitres = row("排量(mL)");
      expect(data.displacement).toBe(millilitres ? (Number(millilitres) / 1000).toFixed(1) : "0");
      expect(data.power).toBe(row("最大马力(Ps)") ?? row("电动机总马力(Ps)"));
      const stated = /^(\d\.\d)[LT] (\d+)马力 [LVHW]\d+$/.exec(row("发动机") ?? "");
      if (stated) {
        expect([stated[1], stated[2]]).toEqual([data.displacement, data.power]);
      }
      if (/^\d{4}-\d{2}$/.test(data.first_registration)) {
        expect(Date.parse(data.first_registration)).toBeLessThan(Date.parse(created_at));
        expect(Math.abs(Number(data.first_registration.slice(0, 4)) - Number(data.year))).toBeLessThan(2);
      }
    }
  });

  test("has odd values as real listings do", async () => {
    const records = await sample(3_000);
    const all = records.flatMap(({ data }) => Object.values(data));
    for (const odd of ["", "-", "暂无"]) {
      expect(all).toContain(odd);
    }
    expect(all.some((value) => typeof value === "string" && value.endsWith("万公里"))).toBe(true);
    expect(records.some(({ data }) => data.address?.endsWith(", "))).toBe(true);
    expect(records.some(({ data }) => data.displacement === "0")).toBe(true);
  });

  test("has fictional people only: phone numbers differ in their last four digits", async () => {
    const text = JSON.stringify(await sample(740));
    const phones = text.match(/(?<![\dA-Za-z_])1[3-9]\d{9}(?!\d)/g) ?? [];
    expect(phones.length).toBeGreaterThan(100);
    expect(phones.filter((phone) => !phone.startsWith("1380000"))).toEqual([]);
  });

  test("has no cars from future years", async () => {
    const now = new Date("2019-03-01T00:00:00Z");
    const records = await catalogue(await sandbox({ offers: 400, now: () => now }));
    expect(Math.max(...records.map(({ data }) => Number(data.year)))).toBeLessThanOrEqual(2019);
    expect(records.every(({ created_at }) => Date.parse(created_at) <= now.getTime())).toBe(true);
  });
});

describe("filters", () => {
  test("narrow the catalogue, alone and together, whatever the language of a category", async () => {
    const server = await sandbox({ offers: 400 });
    const all = await catalogue(server);
    const bmw = await catalogue(server, "&mark=BMW");
    expect(bmw.length).toBe(all.filter(({ data }) => data.mark === "BMW").length);
    const cheap = await catalogue(server, "&mark=BMW&price_to=200000&year_from=2015");
    expect(cheap.length).toBeLessThan(bmw.length);
    expect(cheap.every(({ data }) => Number(data.price) <= 200_000 && Number(data.year) >= 2015)).toBe(true);
    const white = await catalogue(server, `&color=${encodeURIComponent("Белый")}`);
    expect(white.length).toBeGreaterThan(50);
    expect(await catalogue(server, "&color=White")).toEqual(white);
    const awd = await catalogue(server, `&drive_type=${encodeURIComponent("Полный привод")}`);
    expect(awd.length).toBeGreaterThan(20);
    expect(awd.length).toBeLessThan(400);
    expect(await catalogue(server, "&mark=Nobody")).toEqual([]);
  });

  test("follow changes of the price", async () => {
    const server = await sandbox({ offers: 40 });
    const [first] = await catalogue(server);
    const dear = () => catalogue(server, "&price_from=99000000");
    expect(await dear()).toEqual([]);
    const record = { inner_id: first?.inner_id, change_type: "changed", data: { new_price: 99_999_999 } };
    server.appendChanges([{ record }]);
    expect((await dear()).map(({ inner_id }) => inner_id)).toEqual([first?.inner_id]);
  });

  test("are listed by /filters: every mark with its models, and the categories", async () => {
    const server = await sandbox({ offers: 200 });
    const filters = await get(server, "/filters");
    for (const { data } of await catalogue(server)) {
      expect(filters.mark[data.mark].model).toContain(data.model);
    }
    expect(filters.transmission_type).toEqual(["Автоматическая", "Механическая"]);
    expect(filters.engine_type).toContain("Электрический (BEV)");
  });
});
