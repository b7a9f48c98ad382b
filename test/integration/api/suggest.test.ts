import { beforeEach, expect, test } from "vitest";
import { compileVocabulary } from "../../../src/listing/index.ts";
import { listingWords } from "../../../src/listing/internal.ts";
import { insertListings, type ListingRow, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const vocabulary = compileVocabulary();

/** Listings of a few known cars: make, model, series, colour, and how many. */
const CARS = [
  ["Toyota", "Camry", "凯美瑞", "white", 6],
  ["Toyota", "Corolla", "卡罗拉", "black", 3],
  ["BMW", "X5", "宝马X5", "black", 4],
  ["Geely", "Xingyue L", "星越L", "gray", 2],
  ["Volkswagen", "Tiguan L", "途观L", "white", 2],
] as const;

const ROWS: readonly ListingRow[] = CARS.flatMap(([mark, model, series, color, count], index) =>
  [...listings(count, { seed: index, first: index * 100 })].map((row): ListingRow => {
    const car = { mark, model, series, color, trim: null, title: null };
    const place = { city: { en: "Shenzhen", ru: "Шэньчжэнь", zh: "深圳市" } };
    const search_words = listingWords({ ...car, model_latin: model, place }, vocabulary);
    const listed = {
      active_status: 0,
      is_incomplete: false,
      province: "Guangdong",
      city: "Shenzhen",
    } as const;
    return { ...row, ...car, ...listed, search_words };
  }),
);

onEachDatabase("suggestions and corrections", ({ database }) => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    await insertListings(database(), ROWS);
    api = await openApi(database());
  });
  const suggest = async (q: string, lang = "") => {
    const { status, body } = await api.ask(`/suggest?q=${encodeURIComponent(q)}${lang && `&lang=${lang}`}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.result;
  };
  const ask = async (path: string, q: string, more = "") => {
    const { status, body } = await api.ask(`${path}?q=${encodeURIComponent(q)}${more}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const models = (body: { result: { model: string }[] }) => [
    ...new Set(body.result.map(({ model }) => model)),
  ];

  test("/suggest names makes, models and cities in use, with counts and labels", async () => {
    expect(await suggest("тойо", "ru")).toEqual([
      { type: "mark", value: "Toyota", label: "Тойота", count: 9 },
      { type: "model", value: "Camry", mark: "Toyota", label: "Тойота Camry", count: 6 },
      { type: "model", value: "Corolla", mark: "Toyota", label: "Тойота Corolla", count: 3 },
    ]);
    expect(await suggest("шэнь", "ru")).toEqual([
      { type: "city", value: "Shenzhen", label: "Шэньчжэнь", count: 17 },
    ]);
    expect(await suggest("凯美")).toEqual([
      { type: "model", value: "Camry", mark: "Toyota", label: "Toyota Camry", count: 6 },
    ]);
    expect((await suggest("tayota kamri"))[0]).toMatchObject({ value: "Camry" });
    expect(await suggest("")).toEqual([]);
    expect(await suggest("?!")).toEqual([]);
  });

  test("/suggest follows the data, and responds 304 while it is the same", async () => {
    const first = await api.ask("/suggest?q=camr");
    const etag = first.headers.get("etag") ?? "";
    expect((await api.ask("/suggest?q=camr", { headers: { "if-none-match": etag } })).status).toBe(304);
    await database().query("update processed_data set active_status = 1 where model = 'Camry'");
    await database().query("update data_version set version = version + 1");
    await expect.poll(async () => suggest("camr")).toEqual([]);
  });

  test.each([
    ["toyta camri", "toyota camry", "Camry"],
    ["тойота камрт", "тойота camry", "Camry"],
    ["xingyeu", "xingyue", "Xingyue L"],
    ["凯美端", "凯美瑞", "Camry"],
    ["bwm х5", "bmw х5", "X5"],
  ])("%s finds what %s finds, and the response says so", async (typed, corrected, model) => {
    const page = await ask("/offers", typed, "&count=true");
    expect(models(page)).toEqual([model]);
    expect(page.meta.corrected).toBe(corrected);
    const right = await ask("/offers", corrected, "&count=true");
    expect(right.meta).not.toHaveProperty("corrected");
    expect(page.result).toEqual(right.result);
    expect(page.meta.total).toBe(right.meta.total);
  });

  test("facets, market and export of a corrected search have the same listings as its list", async () => {
    const filters = await ask("/filters", "toyta");
    expect(filters).toMatchObject({ total: 9, meta: { corrected: "toyota" } });
    const { meta, ...counts } = filters;
    expect(counts).toEqual(await ask("/filters", "toyota"));
    expect(await ask("/market", "toyta")).toMatchObject({ count: 9, meta: { corrected: "toyota" } });
    const file = await api.ask("/export?q=toyta&format=ndjson&fields=inner_id");
    expect(file.text.trim().split("\n")).toHaveLength(9);
    expect(file.headers.get("x-corrected-query")).toBe("toyota");
    const plain = await api.ask("/export?q=toyota&format=ndjson&fields=inner_id");
    expect(plain.text).toBe(file.text);
    expect(plain.headers.has("x-corrected-query")).toBe(false);
  });

  test("a cursor continues a corrected search", async () => {
    const read: string[] = [];
    for (let cursor = ""; ; ) {
      const { result, meta } = await ask("/offers", "toyta", `&limit=4${cursor}`);
      expect(meta.corrected).toBe("toyota");
      read.push(...result.map((card: { inner_id: string }) => card.inner_id));
      if (meta.next_cursor === null) {
        break;
      }
      cursor = `&cursor=${meta.next_cursor}`;
    }
    const { result } = await ask("/offers", "toyota");
    expect(read).toEqual(result.map((card: { inner_id: string }) => card.inner_id));
  });

  test("a search whose words exist is never changed, whatever else the query contains", async () => {
    for (const [path, more] of [
      ["/offers", "&color=red"],
      ["/offers", "&page=9"],
      ["/filters", "&price_from=99000000"],
    ] as const) {
      expect((await ask(path, "camry", more)).meta?.corrected).toBeUndefined();
    }
    expect((await ask("/offers", "toyta", "&color=red")).meta.corrected).toBe("toyota");
    expect((await ask("/offers", "toyta", "&color=red")).result).toEqual([]);
  });

  test.each(["qqqwwweee", "bmw x6", "?!", "...", "🚗"])(
    "%s finds nothing, and nothing else is searched for",
    async (q) => {
      expect(await ask("/offers", q, "&count=true")).toMatchObject({ result: [], meta: { total: 0 } });
      expect((await ask("/offers", q)).meta).not.toHaveProperty("corrected");
      expect(await ask("/filters", q)).toMatchObject({ total: 0 });
      expect((await api.ask(`/export?q=${encodeURIComponent(q)}&format=ndjson`)).text).toBe("");
    },
  );
});
