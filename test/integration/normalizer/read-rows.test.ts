import fc from "fast-check";
import { expect, test } from "vitest";
import type { Queryable } from "../../../src/database/index.ts";
import { normalizeListing } from "../../../src/listing/index.ts";
import { documentOf } from "../../../src/normalizer/document.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createRowReader, type RowReader } from "../../../src/normalizer/read-rows.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const now = new Date("2026-11-27T00:00:00Z");
const normalize = (data: unknown) => normalizeListing(data, { now });
const row = (name: string, value: string) => ({ id: 1, name, value });
const specification = (cc: number) => ({
  specid: 12,
  paramtypeitems: [{ name: "发动机", paramitems: [row("排量(mL)", String(cc)), row("气缸数(个)", "4")] }],
});
const card = (title: string, value: unknown) => ({ title, value });
const listing = (cc: number) => ({
  mark: "BMW",
  extra: {
    option: {
      map: { 过户次数: "2次" },
      displayopts: [{ optionname: "定速巡航" }],
      moreoptions: [{ opts: [{ optionname: "胎压监测装置" }, { optionname: '带"引号"的\\配置' }] }],
    },
    configuration: specification(cc),
  },
});

onEachDatabase("the documents of rows", ({ database }) => {
  const insert = (documents: readonly unknown[]) =>
    database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source)
       select gen_random_uuid()::text, 'added', now(), document, 'initial_load'
         from jsonb_array_elements($1::jsonb) with ordinality as d(document, n) order by n`,
      [JSON.stringify(documents)],
    );
  /** The documents as `jsonb` stores them: the order of members is another one, in which an inspection is searched. */
  const stored = async () =>
    (await database().query<{ data: unknown }>("select data from raw_data order by id")).rows.map(
      ({ data }) => data,
    );
  const clear = () => database().query("delete from raw_data");
  /** All documents, in pages. */
  const readAll = async (reader: RowReader, size = 50, every = false) => {
    const documents: unknown[] = [];
    for (let after = 0; ; ) {
      const rows = await reader.take({ after, size, every });
      const last = rows.at(-1);
      if (last === undefined) {
        return documents;
      }
      after = last.id;
      documents.push(...rows.map(({ document }) => document && documentOf(document)));
    }
  };
  /** A reader that has read the rows twice: it knows their shared parts and reads keys. */
  const informedReader = async (db: Queryable = database()) => {
    const reader = createRowReader(db);
    await insert(Array.from({ length: 120 }, () => listing(1998)));
    await readAll(reader);
    await readAll(reader);
    await clear();
    return reader;
  };

  test("are read whole, or by the keys of shared parts when these repeat, with the same listings", async () => {
    const expected = Array.from({ length: 150 }, (_, index) => listing(1990 + (index % 3)));
    await insert(expected);
    const reader = createRowReader(database());
    const [first] = (await readAll(reader)) as [ReturnType<typeof listing>];
    expect(first.extra.configuration).toEqual(specification(1990));
    for (let pass = 0; pass < 2; pass += 1) {
      const documents = await readAll(reader);
      expect(documents.map(normalize)).toEqual(expected.map(normalize));
      expect(documents.at(-1)).toMatchObject({
        extra: {
          configuration: expect.stringContaining('"paramtypeitems": '),
          option: {
            displayopts: expect.any(String),
            moreoptions: expect.any(String),
            map: { 过户次数: "2次" },
          },
        },
      });
    }
  });

  test("parts that have not occurred are fetched once for each page", async () => {
    const statements: string[] = [];
    const watched: Queryable = {
      query: (text, values, options) => {
        statements.push(options?.name ?? text);
        return database().query(text, values, options);
      },
    };
    const reader = await informedReader(watched);
    const expected = Array.from({ length: 90 }, (_, index) => listing(1000 + (index % 45)));
    await insert(expected);
    statements.length = 0;
    expect((await readAll(reader, 45)).map(normalize)).toEqual(expected.map(normalize));
    const [take, fetch] = ["che168_take_marked", "che168_read_shared"];
    expect(statements).toEqual([take, fetch, take, take]);
  });

  test("a row that changes before its parts are fetched is left to the next run", async () => {
    let beforeFetch = async () => {};
    const interrupted: Queryable = {
      query: async (text, values, options) => {
        if (options?.name === "che168_read_shared") {
          await beforeFetch();
        }
        return database().query(text, values, options);
      },
    };
    const reader = await informedReader(interrupted);
    await insert([listing(998), listing(1198)]);
    beforeFetch = async () => {
      await database().query(
        "update raw_data set data = $1::jsonb where data #>> '{extra,configuration}' like '%1198%'",
        [JSON.stringify(listing(1398))],
      );
    };
    expect(
      (await readAll(reader)).map((document) => document && normalize(document).listing.displacement_cc),
    ).toEqual([998, null]);
  });

  test("odd documents come back as they are", async () => {
    const odd = [
      { a: { configuration: { x: 1 } }, ...listing(998) },
      { configuration: { configuration: { 排量: "1" } } },
      { extra: [{ configuration: [1] }], configuration: "125i" },
      { extra: { option: { moreoptions: "[]", displayopts: 5 }, configuration: {} } },
      { extra: { option: "定速巡航", inspection: "过户次数", configuration: '{"specid": 1}' } },
      { extra: JSON.stringify(listing(1598).extra), configuration: [specification(1798)] },
      { extra: { inspection: { cards: "过户次数", groups: {} }, option: null, configuration: null } },
      { extra: null, configuration: null },
      { description: '"configuration": {"a": 1}' },
      {},
    ];
    await insert(odd);
    expect(await readAll(createRowReader(database()))).toEqual(odd);
    await clear();
    const reader = await informedReader();
    await insert(odd);
    expect((await readAll(reader)).map(normalize)).toEqual(odd.map(normalize));
  });

  test("any document gives the listing that its whole value gives", async () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const list = fc.array(
      fc.record({ optionname: fc.oneof(fc.string(), json), opts: json }, { requiredKeys: [] }),
    );
    const option = fc.record({
      displayopts: fc.oneof(list, json),
      moreoptions: fc.oneof(list, json),
      map: json,
    });
    const extra = fc.record({ option: fc.oneof(option, json), configuration: json, inspection: json });
    const document = fc.record(
      {
        mark: fc.constantFrom("BMW", "configuration"),
        configuration: json,
        extra: fc.oneof(
          extra,
          json,
          extra.map((value) => JSON.stringify(value)),
        ),
      },
      { requiredKeys: [] },
    );
    // `jsonb` cannot contain U+0000.
    const documents = fc
      .sample(document, 400)
      .map((value) => JSON.parse(JSON.stringify(value).replaceAll("\\u0000", "")));
    for (const reader of [createRowReader(database()), await informedReader()]) {
      await insert(documents);
      const read = await readAll(reader);
      expect(read.map(normalize)).toEqual((await stored()).map(normalize));
      await clear();
    }
    const reader = await informedReader();
    await insert(documents);
    await createNormalizer({ database: database() }).run();
    const { rows } = await database().query("select from raw_data where part_keys is null");
    expect(rows).toEqual([]);
    const readByKeptKeys = await readAll(reader, 50, true);
    expect(readByKeptKeys.map(normalize)).toEqual((await stored()).map(normalize));
  });

  test("a changed document is read anew, even if its row was not marked as unprocessed", async () => {
    const reader = await informedReader();
    await insert([listing(998)]);
    await createNormalizer({ database: database() }).run();
    const displacement = async () =>
      (await readAll(reader, 50, true)).map(normalize)[0]?.listing.displacement_cc;
    expect(await displacement()).toBe(998);
    await database().query("update raw_data set data = $1::jsonb", [JSON.stringify(listing(1398))]);
    expect(await displacement()).toBe(1398);
  });

  test("an inspection without its findings gives the same number of ownership changes", async () => {
    const title = "过户次数";
    const fixed: unknown[] = [
      { cards: [card(title, "3次"), card("年检到期", "2026-08")], groups: [{ items: [{ name: "左前门" }] }] },
      { cards: [card(title, "3次")], groups: [card(title, "4次")] },
      { cards: [card(title, title)], groups: [card(title, "4次")] },
      { cards: [{ title }], groups: [card(title, "4次")] },
      { cards: [card(title, "3次")], groups: card(title, "4次") },
      { cards: [card("年检到期", "2026-08")], 过户次数: 2, groups: [] },
      { note: "{", deep: [{ a: { title: " 过户次数 ", content: "4次" } }] },
      { a: [card(title, { n: 1 })], b: card(title, 5) },
      { title, 过户次数: "6次" },
      [title],
      {},
    ];
    const random = fc.sample(
      fc.object({
        key: fc.constantFrom(title, "value", "title", "cards", "groups"),
        values: [fc.constantFrom(title, "3次", "}", 2)],
      }),
      300,
    );
    const documents = [...fixed, ...random].map((inspection) => ({ extra: { inspection } }));
    await insert(documents);
    const read = await readAll(createRowReader(database()));
    expect(read[0]).toEqual({
      extra: { inspection: { cards: [card(title, "3次"), card("年检到期", "2026-08")] } },
    });
    expect(read.map(normalize)).toEqual((await stored()).map(normalize));
  });
});
