import { expect, test } from "vitest";
import { createLoader } from "../../../src/loader/loader.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { feedPosition, operations, rawRows, rejected, storedIds } from "../../support/database/rows.ts";
import { clientOf, offer, serve } from "../../support/sandbox/service.ts";

/** The text of a catalogue page with the given record texts. */
const page = (...records: readonly string[]) =>
  `{"meta": {"page":1,"next_page":null,"limit":20},\n "result": [ ${records.join(" ,\n\t")} ]}`;
const record = (innerId: string, data: string, more = "") =>
  `{"id":1,"inner_id":${innerId},"change_type":"added","created_at":"2025-04-29T05:15:22Z"${more},"data":${data}}`;

/** A sandbox whose only page is this text. */
async function publicText(text: string): Promise<Sandbox> {
  const sandbox = await serve();
  sandbox.addFault({ path: "/offers", fault: { kind: "body", body: text } });
  return sandbox;
}

onEachDatabase("records of the catalogue", ({ database }) => {
  const load = async (sandbox: Sandbox, now = () => new Date("2025-06-15T12:00:00Z")) =>
    createLoader({ database: database(), client: clientOf(sandbox), now }).run();
  /** A value of a stored listing, in PostgreSQL's own text. */
  const stored = async (innerId: string, key: string) => {
    const { rows } = await database().query<{ value: string | null }>(
      "select (data -> $2)::text as value from raw_data where inner_id = $1",
      [innerId, key],
    );
    return rows[0]?.value;
  };

  test("numbers keep every digit: 20 digits, 1e400, trailing zeros, minus zero", async () => {
    const data =
      '{"long":12345678901234567890,"big":1e400,"price":7500.00,"small":-1.5e-300,"none":-0,"half":0.50}';
    await load(await publicText(page(record('"1"', data))));
    expect(await stored("1", "long")).toBe("12345678901234567890");
    expect(await stored("1", "big")).toBe(`1${"0".repeat(400)}`);
    expect(await stored("1", "price")).toBe("7500.00");
    expect(await stored("1", "half")).toBe("0.50");
    expect(await stored("1", "small")).toMatch(/^-0\.0{299}15$/);
  });

  test("U+0000 and lone surrogates become U+FFFD and are counted; all other characters are unchanged", async () => {
    const odd = String.raw`"a\u0000b", "\ud83d", "\ude00x", "\ud83d\ud83d\ude00", "\\u0000", "\uffff\u0001", "😀\ud83d\ude00"`;
    const result = await load(await publicText(page(record('"1"', `{"odd":[${odd}],"k\\u0000":1}`))));
    expect(result).toMatchObject({ loaded: 1, repaired: 5 });
    const row = (await rawRows(database())).get("1");
    expect(row?.data).toEqual({
      odd: [
        "a\ufffdb",
        "\ufffd",
        "\ufffdx",
        "\ufffd\u{1f600}",
        "\\u0000",
        "\uffff\u0001",
        "\u{1f600}\u{1f600}",
      ],
      "k\ufffd": 1,
    });
    const [operation] = await operations(database());
    expect(operation?.details).toMatchObject({ repaired: 5 });
  });

  test("keys such as __proto__, quotes or empty ones are ordinary keys; of a repeated key the last value counts", async () => {
    const data = String.raw`{"__proto__":{"a":1},"constructor":2,"it's \"x\"":3,"":4,"twice":1,"twice":2}`;
    await load(await publicText(page(record('"1"', data))));
    const { rows } = await database().query<{ text: string }>("select data::text as text from raw_data");
    expect(new Map(Object.entries(JSON.parse(rows[0]?.text ?? "")))).toEqual(
      new Map<string, unknown>([
        ["", 4],
        ["twice", 2],
        ["__proto__", { a: 1 }],
        ['it\'s "x"', 3],
        ["constructor", 2],
      ]),
    );
  });

  test("an inner_id is text, trimmed; a number becomes its digits", async () => {
    const ids = ['"  7\\n"', "8", '"車-9"', `"${"x".repeat(255)}"`, "900719925474090021"];
    await load(await publicText(page(...ids.map((id) => record(id, "{}")))));
    expect(await storedIds(database())).toEqual(["7", "8", "車-9", "x".repeat(255), "900719925474090021"]);
  });

  test("an invalid record goes to rejected_records, exactly as received; the rest of the page is stored", async () => {
    const deep = `${'{"a":'.repeat(201)}1${"}".repeat(201)}`;
    const bad: [reason: RegExp, text: string, innerId: string | null][] = [
      [/inner_id is missing/, '{"id":1, "change_type":"added","data":{"a" : 1e400}}', null],
      [/inner_id is missing/, record('""', "{}"), null],
      [/inner_id must be a text or a whole number, and is of type object/, record("{}", "{}"), null],
      [
        /inner_id must be a text or a whole number, and is a number with a fraction/,
        record("1.5", "{}"),
        null,
      ],
      [/inner_id has more than 255 characters/, record(`"${"x".repeat(256)}"`, "{}"), null],
      [/inner_id has characters that PostgreSQL cannot store/, record('"a\\u0000"', "{}"), null],
      [/change_type/, '{"id":1,"inner_id":"k1","change_type":"sold","data":{}}', "k1"],
      [/change_type/, '{"id":1,"inner_id":"k2","data":{}}', "k2"],
      [/data must be an object/, record('"d1"', "null"), "d1"],
      [/data must be an object/, record('"d2"', '[ "a\\u0000" ]'), "d2"],
      [/data must be an object/, record('"d3"', '"text"'), "d3"],
      [/data must be an object/, '{"id":1,"inner_id":"d4","change_type":"added"}', "d4"],
      [/nested deeper than 200/, record('"d5"', deep), "d5"],
      [/not an object/, "null", null],
      [/not an object/, '"a, ]} \\" record"', null],
      [/not an object/, "[[1], {}]", null],
    ];
    const texts = bad.flatMap(([, text], index) => [text, record(`"good-${index}"`, '{"mark":"Kia"}')]);
    const result = await load(await publicText(page(...texts)));
    expect(result).toMatchObject({ status: "OK", loaded: bad.length, rejected: bad.length, duplicates: 0 });
    expect(await storedIds(database())).toEqual(bad.map((_one, index) => `good-${index}`));
    expect(await rejected(database())).toEqual(
      bad.map(([reason, text, innerId]) => ({
        ...{ reason: expect.stringMatching(reason), inner_id: innerId, record: text, source: "initial_load" },
        change_id: text.startsWith('{"id":1') ? 1 : null,
      })),
    );
    const [operation] = await operations(database());
    expect(operation).toMatchObject({ status: "OK", details: { rejected: bad.length, loaded: bad.length } });
  });

  test("a rejected record is kept once, however often it is received", async () => {
    const sandbox = await publicText(page(record('""', "{}"), record('"1"', "{}")));
    const loader = createLoader({ database: database(), client: clientOf(sandbox) });
    await loader.run();
    await loader.run({ restart: true });
    expect(await rejected(database())).toHaveLength(1);
  });

  test("a number that PostgreSQL rejects affects only its record", async () => {
    const huge = `{"a\\u0000":${"9".repeat(200_000)}}`;
    const sandbox = await publicText(
      page(record('"1"', "{}"), record('"2"', huge), record('"3"', '{"b\\u0000":1}')),
    );
    const result = await load(sandbox);
    expect(result).toMatchObject({ status: "OK", loaded: 2, rejected: 1, repaired: 1 });
    expect(await storedIds(database())).toEqual(["1", "3"]);
    const [one] = await rejected(database());
    expect(one?.reason).toMatch(/^PostgreSQL cannot store it: /);
    expect(one?.record).toBe(record('"2"', huge));
  });

  test("a removal in the catalogue is an inactive row, with or without data", async () => {
    const removal = (innerId: string, more: string) =>
      `{"inner_id":"${innerId}","change_type":"removed","created_at":"2025-04-29T05:15:22Z"${more}}`;
    const texts = [
      removal("1", ""),
      removal("2", ',"data":null'),
      removal("3", ',"data":[]'),
      removal("4", ',"data":{"a":1}'),
    ];
    expect(await load(await publicText(page(...texts)))).toMatchObject({ loaded: 4, rejected: 0 });
    const rows = [...(await rawRows(database())).values()];
    expect(rows.map(({ data, active_status }) => [data, active_status])).toEqual([
      [{}, 1],
      [{}, 1],
      [{}, 1],
      [{ a: 1 }, 1],
    ]);
  });

  test("a missing or absurd created_at becomes the arrival time and is counted; a usable one keeps its zone", async () => {
    const now = new Date("2025-06-15T12:00:00Z");
    const dates: [given: string, stored: string][] = [
      ['"2025-04-29T08:15:22.340+03:00"', "2025-04-29T05:15:22.340Z"],
      ['"2025-04-29 08:15:22"', "2025-04-29T08:15:22.000Z"],
      ['"2025-04-29"', "2025-04-29T00:00:00.000Z"],
      ['"2025-06-16T11:00:00Z"', "2025-06-16T11:00:00.000Z"],
      ['"2025-06-17T12:00:00Z"', now.toISOString()],
      ['"1999-12-31"', now.toISOString()],
      ['"2025-02-30"', now.toISOString()],
      ['"yesterday"', now.toISOString()],
      ["1745903722", now.toISOString()],
      ["null", now.toISOString()],
    ];
    const texts = dates.map(
      ([given], index) => `{"inner_id":${index},"change_type":"added","created_at":${given},"data":{}}`,
    );
    expect(await load(await publicText(page(...texts)), () => now)).toMatchObject({ loaded: 10, undated: 6 });
    const rows = [...(await rawRows(database())).values()];
    expect(rows.map((row) => row.created_at)).toEqual(dates.map(([, at]) => at));
  });

  test("5,000 images and a description of 10 MB are stored as received", async () => {
    const data = {
      images: Array.from({ length: 5000 }, (_, index) => `https://example.com/${index}.jpg`),
      description: "车况良好".repeat(840_000),
    };
    await load(await serve({ offers: [offer(1, { data })] }));
    expect((await rawRows(database())).get("listing-1")?.data).toEqual(data);
  });

  test("an empty feed is read from the day of the load", async () => {
    const sandbox = await publicText(page(record('"1"', "{}")));
    sandbox.addFault({ path: "/change_id", fault: { kind: "body", body: '{"change_id":null}' } });
    await load(sandbox, () => new Date("2025-06-15T22:30:00Z"));
    // It is already the 16th in Moscow.
    expect(await feedPosition(database())).toEqual({ position: null, day: "2025-06-15" });
  });
});
