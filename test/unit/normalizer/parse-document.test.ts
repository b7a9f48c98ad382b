import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeListing } from "../../../src/listing/index.ts";
import { createDocumentParser } from "../../../src/normalizer/parse-document.ts";

/** As PostgreSQL prints `jsonb`. */
function printed(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(printed).join(", ")}]`;
  }
  return typeof value === "object" && value !== null
    ? `{${Object.entries(value)
        .map(([name, member]) => `${JSON.stringify(name)}: ${printed(member)}`)
        .join(", ")}}`
    : JSON.stringify(value);
}
const now = new Date("2026-11-27T00:00:00Z");
const normalize = (data: unknown) => normalizeListing(data, { now });

const row = (name: string, value: string) => ({ id: 1, name, value });
const specification = (cc: number) => ({
  specid: 12,
  paramtypeitems: [{ name: "发动机", paramitems: [row("排量(mL)", String(cc)), row("气缸数(个)", "4")] }],
});
const data = (cc: number) => ({
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

test("shared parts that occurred before stay text, from which the same listing is read", () => {
  const parse = createDocumentParser();
  expect(normalize(parse(printed(data(1998))))).toEqual(normalize(data(1998)));
  const parsed = parse(printed(data(1998))) as ReturnType<typeof data>;
  expect(parsed.extra.configuration).toBe(printed(specification(1998)));
  expect(parsed.extra.option).toMatchObject({
    displayopts: expect.any(String),
    moreoptions: expect.any(String),
  });
  expect(normalize(parsed)).toEqual(normalize(data(1998)));
  expect(normalize(parsed).listing).toMatchObject({ displacement_cc: 1998, transfers: 2 });
});

test("parts with the same start are distinguished, known or not", () => {
  const parse = createDocumentParser();
  const sizes = Array.from({ length: 40 }, (_, index) => 1000 + index);
  for (const cc of [...sizes, ...sizes.toReversed()]) {
    expect(normalize(parse(printed(data(cc)))).listing.displacement_cc).toBe(cc);
  }
});

test("names of the parts elsewhere in a document change nothing", () => {
  const parse = createDocumentParser();
  for (const odd of [
    { a: { configuration: { x: 1 } }, ...data(998) },
    { configuration: { configuration: { 排量: "1" } } },
    { extra: [{ configuration: [1] }], configuration: "125i" },
    { extra: { option: { moreoptions: "[]", displayopts: 5 }, configuration: {} } },
    { 'a"configuration': [1, "]"], configuration: ["[\\"] },
    { description: '"configuration": {"a": 1}' },
    [data(5)],
    "configuration",
    5,
    null,
  ]) {
    expect(normalize(parse(printed(odd)))).toEqual(normalize(odd));
  }
});

test("any document gives the listing that its parsed form gives", () => {
  const parse = createDocumentParser();
  const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
  const list = fc.array(
    fc.record({ optionname: fc.oneof(fc.string(), json), opts: json }, { requiredKeys: [] }),
  );
  const option = fc.record({
    displayopts: fc.oneof(list, json),
    moreoptions: fc.oneof(list, json),
    map: json,
  });
  const document = fc.record(
    {
      mark: fc.constantFrom("BMW", "configuration"),
      configuration: json,
      extra: fc.oneof(
        fc.record({ option: fc.oneof(option, json), configuration: json, inspection: json }),
        json,
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(document, (value) => {
      // U+0000 cannot occur in `jsonb`.
      const text = printed(value).replaceAll("\\u0000", "");
      expect(normalize(parse(text))).toEqual(normalize(JSON.parse(text)));
    }),
  );
});

const card = (title: string, value: unknown) => ({ title, value });
const inspections = fc.oneof(
  fc.constantFrom<unknown>(
    {
      cards: [card("过户次数", "3次"), card("年检到期", "2026-08")],
      groups: [{ items: [{ name: "左前门" }] }],
    },
    { cards: [card("年检到期", "2026-08")], 过户次数: 2 },
    { note: "{", deep: [{ a: { title: " 过户次数 ", content: "4次" } }] },
    { a: [card("过户次数", { n: 1 })], b: card("过户次数", 5) },
    { a: 'a "过户次数" {"value": "7"}', b: [card("过户次数", "1次")] },
    { "{": "}", x: [card("过户次数", '"\\2次{')] },
    { title: "过户次数", 过户次数: "6次" },
    ["过户次数"],
    {},
  ),
  fc.object({
    key: fc.constantFrom("过户次数", "value", "title", "a{"),
    values: [fc.constantFrom("过户次数", "3次", "}", 2)],
  }),
);

test("the inspection stays text, from which the same number of transfers is read", () => {
  const parse = createDocumentParser();
  fc.assert(
    fc.property(inspections, (inspection) => {
      const listing = { extra: { inspection, configuration: specification(998) } };
      const parsed = parse(printed(listing)) as typeof listing;
      expect(parsed.extra.inspection).toBe(printed(inspection));
      expect(normalize(parsed)).toEqual(normalize(listing));
    }),
  );
});
