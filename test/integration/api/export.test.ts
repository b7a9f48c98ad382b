import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { SELECTABLE } from "../../../src/api/schema/schemas.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

/** More listings than two statements read. */
const ROWS = [...listings(1_500, { seed: 33 })];

type Item = Record<string, unknown>;

const ndjson = (text: string): Item[] =>
  text
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** Records of RFC 4180: every one ends with CRLF. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [all, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy)) {
    expect(all).not.toBe("");
    records.at(-1)?.push(quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      records.push([]);
    }
  }
  expect(records.pop()).toEqual([]);
  return records;
}

/** Every page of `/offers`. */
async function walk(api: ApiUnderTest, query: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await api.ask(`/offers?limit=100&${query}${cursor}`);
    items.push(...body.result);
    if (body.meta.next_cursor === null) {
      return items;
    }
    cursor = `&cursor=${body.meta.next_cursor}`;
  }
}

onEachDatabase("GET /export", ({ database }) => {
  const arrange = async () => {
    await insertListings(database(), ROWS);
    return openApi(database());
  };
  const request = (api: ApiUnderTest, path: string, more: { token?: string; gzip?: boolean } = {}) =>
    api.app.request(path, {
      headers: {
        authorization: `Bearer ${more.token ?? api.token}`,
        ...(more.gzip ? { "accept-encoding": "gzip" } : {}),
      },
    });

  test.each(["", "sort=price", "mark=BMW,Audi&sort=price", "price_to=100000", "mark=Nobody"])(
    "has the listings of all pages of /offers?%s, in the same order",
    async (query) => {
      const api = await arrange();
      const fields = "fields=inner_id,mark,price,city,created_at";
      const expected = await walk(api, `${query}&${fields}`);
      const { status, text, headers } = await api.ask(`/export?format=ndjson&${query}&${fields}`);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("application/x-ndjson");
      expect(headers.get("x-changes-after")).toBe((await api.ask("/offers")).headers.get("x-changes-after"));
      expect(ndjson(text)).toEqual(expected);
    },
  );

  test("CSV survives a parser, whatever the texts contain", async () => {
    const [first, ...others] = ROWS.filter((row) => row.active_status === 0 && !row.is_incomplete);
    const title = 'a "quoted", text\r\nof 两 lines';
    await insertListings(database(), [{ ...first, title } as (typeof ROWS)[number], ...others.slice(0, 50)]);
    const api = await openApi(database());
    const fields = ["inner_id", "title", "price", "images", "is_dealer"];
    const items = await walk(api, `fields=${fields}`);
    const { text, headers } = await api.ask(`/export?fields=${fields}`);
    expect(headers.get("content-type")).toMatch(/^text\/csv/);
    expect(headers.get("content-disposition")).toBe('attachment; filename="listings.csv"');
    const [header, ...records] = parseCsv(text);
    expect(header).toEqual(fields);
    expect(items.map(({ title }) => title)).toContain(title);
    expect(records).toEqual(
      items.map((item) =>
        fields.map((name) => {
          const value = item[name] ?? "";
          return typeof value === "object" ? JSON.stringify(value) : String(value);
        }),
      ),
    );
    expect(text.replaceAll(/"[^"]*"/g, "")).not.toMatch(/[^\r]\n/);
  });

  test("CSV starts with a byte order mark on request only", async () => {
    const api = await arrange();
    const startOf = async (query: string) => {
      const bytes = Buffer.from(await (await request(api, `/export?mark=BMW&${query}`)).arrayBuffer());
      return bytes.subarray(0, 3).toString("hex");
    };
    expect(await startOf("bom=true")).toBe("efbbbf");
    expect(await startOf("")).toBe(Buffer.from("inn").toString("hex"));
  });

  test("has the columns in the order of fields, lists and objects included, in both formats", async () => {
    const api = await arrange();
    const names = [...SELECTABLE.keys()].filter((name) => name !== "image_sizes");
    // At most 50 in a request.
    const [some, others, rest] = [names.slice(0, 49).toReversed(), names.slice(49, 98), names.slice(98)];
    for (const fields of [
      ["price", "cursor", "inner_id"],
      ["cursor"],
      [...some, "image_sizes"],
      some,
      others,
      [...rest, "cursor"],
    ]) {
      const items = ndjson((await api.ask(`/export?format=ndjson&fields=${fields}`)).text);
      expect(items.length).toBeGreaterThan(10);
      expect(Object.keys(items[0] ?? {})).toEqual(fields);
      const [header, ...records] = parseCsv((await api.ask(`/export?fields=${fields}`)).text);
      expect(header).toEqual(fields);
      expect(records).toEqual(
        items.map((item) =>
          fields.map((name) => {
            const value = item[name] ?? "";
            return typeof value === "object" ? JSON.stringify(value) : String(value);
          }),
        ),
      );
    }
  });

  test("keeps texts that spreadsheets run as formulas, or marks them on request; numbers stay numbers", async () => {
    const [first] = ROWS.filter((row) => row.active_status === 0 && !row.is_incomplete);
    const titles = ["=1+1", "+7 car", "-5 seats", "@SUM(A1)", "\tx", "plain = text"];
    const rows = titles.map((title, index) => ({ ...first, inner_id: `f${index}`, title, price_drop: -5 }));
    await insertListings(database(), rows as typeof ROWS);
    const api = await openApi(database());
    const columnOf = async (query: string) => {
      const [, ...records] = parseCsv((await api.ask(`/export?fields=title,price_drop&${query}`)).text);
      expect(new Set(records.map(([, drop]) => drop))).toEqual(new Set(["-5"]));
      return records.map(([title]) => title).sort();
    };
    expect(await columnOf("")).toEqual(titles.toSorted());
    expect(await columnOf("formulas=keep")).toEqual(titles.toSorted());
    expect(await columnOf("formulas=escape")).toEqual(
      titles.map((title) => (title === "plain = text" ? title : `'${title}`)).toSorted(),
    );
  });

  test("the access log has the bytes that were sent", async () => {
    const api = await arrange();
    for (const gzip of [false, true]) {
      const response = await request(api, "/export?mark=Audi", { gzip });
      const { byteLength } = await response.arrayBuffer();
      const line = `GET /export?mark=Audi 200 ${byteLength} B`;
      await expect.poll(() => api.lines.filter((one) => one.includes(line))).toHaveLength(1);
    }
    const cut = await request(api, "/export");
    const reader = cut.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    const line = `GET /export 200 ${value?.length} B`;
    await expect.poll(() => api.lines.filter((one) => one.includes(line))).toHaveLength(1);
  });

  test.each(["-created_at", "price"])(
    "continues after the cursor of any row, and after one of /offers, by %s",
    async (sort) => {
      const api = await arrange();
      const query = `/export?format=ndjson&sort=${sort}&fields=inner_id,cursor`;
      const all = ndjson((await api.ask(query)).text);
      for (const at of [0, 499, 500, 650, all.length - 2]) {
        const { text } = await api.ask(`${query}&cursor=${all[at]?.cursor}`);
        expect(ndjson(text)).toEqual(all.slice(at + 1));
      }
      expect((await api.ask(`${query}&cursor=${all.at(-1)?.cursor}`)).text).toBe("");
      const { body } = await api.ask(`/offers?limit=37&sort=${sort}`);
      const { text } = await api.ask(`${query}&cursor=${body.meta.next_cursor}`);
      expect(ndjson(text)).toEqual(all.slice(37));
      const other = sort === "price" ? "-created_at" : "price";
      expect(await api.ask(`/export?sort=${other}&cursor=${body.meta.next_cursor}`)).toMatchObject({
        status: 400,
        body: { errors: [{ parameter: "cursor" }] },
      });
    },
  );

  test("is compressed for clients that accept gzip", async () => {
    const api = await arrange();
    const path = "/export?sort=price";
    const plain = await (await request(api, path)).text();
    const response = await request(api, path, { gzip: true });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(gunzipSync(bytes).toString()).toBe(plain);
    expect(bytes.length).toBeLessThan(plain.length / 2);
  });

  test("runs one at a time per token, until it ends or the client goes", async () => {
    const api = await arrange();
    const [other] = await api.tokens.create({ description: "other" });
    for (const gzip of [false, true]) {
      const running = await request(api, "/export", { gzip });
      const refused = await api.ask("/export");
      expect(refused).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
      expect(refused.headers.get("retry-after")).not.toBeNull();
      const ofOther = await request(api, "/export?mark=BMW", { token: other?.token ?? "" });
      expect(ofOther.status).toBe(200);
      await ofOther.text();
      await running.body?.cancel();
      await expect.poll(async () => (await api.ask("/export")).status).toBe(200);
    }
    await api.ask("/export", { method: "HEAD" });
    expect((await api.ask("/export")).status).toBe(200);
  });

  test("refuses unknown formats, fields and parameters", async () => {
    const api = await arrange();
    for (const query of [
      "format=xlsx",
      "sort=year",
      "fields=nothing",
      "cursor=abc",
      "page=2",
      "colour=red",
    ]) {
      expect(await api.ask(`/export?${query}`), query).toMatchObject({ status: 400 });
    }
  });
});
