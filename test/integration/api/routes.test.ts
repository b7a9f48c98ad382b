import { expect, test } from "vitest";
import { canonicalOf, insertListings, type ListingRow, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const ROWS = [...listings(250, { seed: 11 })];

const SHOWN = ROWS.filter((row) => row.active_status === 0 && !row.is_incomplete);

const first = (found: ListingRow | undefined): ListingRow => {
  if (found === undefined) {
    throw new Error("No such row in this test");
  }
  return found;
};

onEachDatabase("routes", ({ database }) => {
  const ready = async (options: Parameters<typeof openApi>[1] = {}) => {
    await insertListings(database(), ROWS);
    return openApi(database(), options);
  };

  test("/offers/{inner_id} returns a whole listing", async () => {
    const api = await ready();
    const row = first(SHOWN[3]);
    const { status, body } = await api.ask(`/offers/${row.inner_id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...canonicalOf(row), active: true, active_status: 0, is_incomplete: false });
    expect(Date.parse(body.created_at)).toBe(Date.parse(row.created_at));
  });

  test("/fields describes every field of a listing in the requested language", async () => {
    const api = await ready();
    const { body, headers } = await api.ask("/fields?lang=ru");
    const names = body.result.map(({ name }: { name: string }) => name);
    const listing = (await api.ask(`/offers/${first(SHOWN[3]).inner_id}`)).body;
    expect(names).toEqual(
      expect.arrayContaining(Object.keys(listing).filter((name) => !name.endsWith("_raw"))),
    );
    expect(body.result.find(({ name }: { name: string }) => name === "power")).toMatchObject({
      label: "Мощность",
      group: "engine",
      unit: "hp",
      unit_label: "л. с.",
    });
    expect((await api.ask("/fields")).body.result[0]).toMatchObject({
      label: "Make",
      group: "car",
      order: 0,
    });
    expect((await api.ask("/fields?lang=fr")).status).toBe(400);
    expect(headers.get("etag")).toBeTruthy();
  });

  test("an overlong query is 414", async () => {
    const api = await ready();
    const { status, body } = await api.ask(`/offers?q=${"a".repeat(5_000)}`);
    expect([status, body.code]).toEqual([414, "uri_too_long"]);
  });

  test("trims and texts with a few values are labelled in the requested language", async () => {
    const api = await ready();
    const { inner_id } = first(SHOWN[3]);
    await database().query(
      `update processed_data set trim = '1.5T 自动豪华型', normalized_data = normalized_data || '{"trim": "1.5T 自动豪华型", "hybrid_kind": "series"}'
        where inner_id = $1`,
      [inner_id],
    );
    const labels = async (lang: string) => (await api.ask(`/offers/${inner_id}?lang=${lang}`)).body.labels;
    expect(await labels("en")).toMatchObject({ trim: "1.5T Automatic Luxury", hybrid_kind: "Series" });
    expect(await labels("ru")).toMatchObject({ trim: "1.5T Автомат Люкс", hybrid_kind: "Последовательный" });
  });

  test("an inactive listing is returned by its id, marked inactive, and is in no list", async () => {
    const api = await ready();
    const row = first(ROWS.find((one) => one.active_status === 1));
    const { body } = await api.ask(`/offers/${row.inner_id}`);
    expect(body).toMatchObject({ inner_id: row.inner_id, active: false, active_status: 1 });
    const list = await api.ask("/offers?limit=100&sort=price");
    expect(list.text).not.toContain(`"${row.inner_id}"`);
  });

  test("an incomplete listing is marked as such, and is in no list", async () => {
    const api = await ready();
    const row = first(ROWS.find((one) => one.active_status === 0 && one.is_incomplete));
    expect((await api.ask(`/offers/${row.inner_id}`)).body).toMatchObject({
      active: true,
      is_incomplete: true,
    });
    const everything = await Promise.all([1, 2, 3].map((page) => api.ask(`/offers?limit=100&page=${page}`)));
    expect(everything.map(({ text }) => text).join("")).not.toContain(`"${row.inner_id}"`);
  });

  test.each(["/offers/nothing", "/offers/%00", "/offers/'%20or%201=1", `/offers/${"9".repeat(300)}`])(
    "%s is 404",
    async (path) => {
      const api = await ready();
      expect(await api.ask(path)).toMatchObject({ status: 404, body: { code: "not_found" } });
    },
  );

  test("a card has the values of its columns", async () => {
    const api = await ready();
    const { body } = await api.ask("/offers?limit=100");
    for (const card of body.result) {
      const row = first(ROWS.find(({ inner_id }) => inner_id === card.inner_id));
      for (const field of [
        "mark",
        "model",
        "trim",
        "price",
        "km_age",
        "displacement",
        "city",
        "is_dealer",
        "offer_created",
      ] as const) {
        expect(card[field]).toEqual(row[field]);
      }
      expect(card.image).toBe(row.images[0] ?? null);
    }
  });

  test("a page past the end is empty", async () => {
    const api = await ready();
    for (const path of [
      "/offers?page=500",
      "/offers?sort=price&page=500",
      "/offers?mark=Nothing",
      "/offers?q=zzzz",
    ]) {
      expect(await api.ask(path)).toMatchObject({
        status: 200,
        body: { result: [], meta: { next_page: null, next_cursor: null } },
      });
    }
  });

  test("lang adds labels of codes, marks, places and equipment", async () => {
    const api = await ready();
    const row = first(
      SHOWN.find(
        (one) => one.mark === "Audi" && one.city !== null && one.color !== null && one.district !== null,
      ),
    );
    const place = row.place as Record<string, Record<string, string>>;
    for (const lang of ["en", "ru", "zh"] as const) {
      const mark = { en: "Audi", ru: "Ауди", zh: "奥迪" }[lang];
      const names = {
        mark,
        province: place.province?.[lang],
        city: place.city?.[lang],
        district: place.district?.[lang],
      };
      const { body } = await api.ask(`/offers/${row.inner_id}?lang=${lang}`);
      expect(body.labels).toMatchObject({
        ...names,
        color: expect.any(String),
        options: {
          cruise_control: { en: "Cruise control", ru: "Круиз-контроль", zh: "定速巡航" }[lang] ?? "",
        },
      });
      const list = await api.ask(`/offers?lang=${lang}&limit=100&mark=Audi`);
      const card = list.body.result.find((one: { inner_id: string }) => one.inner_id === row.inner_id);
      expect(card.labels).toMatchObject(names);
      expect(card.labels.color).toBe(body.labels.color);
    }
    expect((await api.ask(`/offers/${row.inner_id}`)).body).not.toHaveProperty("labels");
  });

  test("two cities with the same English name have their own labels", async () => {
    const [jiangsu, anhui] = [
      { province: "Jiangsu", city: "Suzhou" },
      { province: "Anhui", city: "Suzhou" },
    ];
    await insertListings(
      database(),
      [jiangsu, anhui].map((names, index) => ({
        ...first(SHOWN[0]),
        ...names,
        inner_id: `suzhou-${index}`,
        district: null,
        place: null,
      })),
    );
    const api = await openApi(database());
    const { body } = await api.ask("/offers?city=Suzhou&lang=zh");
    expect(
      Object.fromEntries(
        body.result.map((one: { province: string; labels: { city: string } }) => [
          one.province,
          one.labels.city,
        ]),
      ),
    ).toEqual({
      Jiangsu: "苏州市",
      Anhui: "宿州市",
    });
    const filters = await api.ask("/filters?lang=zh");
    expect(filters.body.city).toEqual([
      { value: "Suzhou", count: 1, province: expect.any(String), label: expect.any(String) },
      { value: "Suzhou", count: 1, province: expect.any(String), label: expect.any(String) },
    ]);
    expect(new Set(filters.body.city.map((one: { label: string }) => one.label)).size).toBe(2);
  });
});
