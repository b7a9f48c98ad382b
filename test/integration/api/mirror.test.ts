import { connect } from "node:net";
import { expect, test } from "vitest";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { openMirror } from "../../support/api/mirror.ts";
import { json, load, type Page } from "../../support/api/mirror-requests.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { change, offer, offers } from "../../support/sandbox/service.ts";

/** Sends part of a request, then closes the connection; resolves once it is closed on both sides. */
const abandonedRequest = (port: number, text: string) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text, () => socket.destroy()));
    socket.on("close", () => resolve()).on("error", reject);
  });

onEachDatabase("the mirror", ({ database }) => {
  test("lists the active listings by id: the shorter one first, 20 on a page, null after the last", async () => {
    await load(database(), { offers: [...offers(45)].reverse() });
    const { baseUrl, token } = await openMirror(database());
    const pages: Page[] = [];
    for (let page: number | null = 1; page !== null; page = pages.at(-1)?.meta.next_page as number | null) {
      const { status, body } = await json(`${baseUrl}/offers?page=${page}&api_key=${token}`);
      expect(status).toBe(200);
      pages.push(body as Page);
    }
    expect(pages.map(({ result, meta }) => [result.length, meta])).toEqual([
      [20, { page: 1, next_page: 2, limit: 20 }],
      [20, { page: 2, next_page: 3, limit: 20 }],
      [5, { page: 3, next_page: null, limit: 20 }],
    ]);
    const all = pages.flatMap(({ result }) => result);
    expect(all.map(({ inner_id }) => inner_id)).toEqual(
      offers(45)
        .map(({ inner_id }) => inner_id)
        .sort((a, b) => a.length - b.length || (a < b ? -1 : 1)),
    );
    expect(all[0]).toMatchObject({
      change_type: "added",
      created_at: "2025-04-29T05:15:22.340Z",
      data: offer(1).data,
    });
  });

  test("continues a walk after the listing read last, whatever has ended in the meantime", async () => {
    const ended = [1, 2, 3].map((n) => change(100 + n, "removed", `listing-${n}`));
    const { sandbox, update } = await load(database(), { offers: offers(45) });
    const { baseUrl, token } = await openMirror(database());
    const page = async (number: number) => {
      const { body } = await json(`${baseUrl}/offers?page=${number}&api_key=${token}`);
      return (body as Page).result.map(({ inner_id }) => inner_id);
    };
    const read = await page(1);
    sandbox.appendChanges(ended);
    await update();
    read.push(...(await page(2)), ...(await page(3)));
    expect(new Set(read)).toEqual(new Set(offers(45).map(({ inner_id }) => inner_id)));
  });

  test("does not log the token of a query", async () => {
    const { baseUrl, token, lines } = await openMirror(database());
    await json(`${baseUrl}/offers?page=1&api_key=${token}`);
    expect(lines().join("\n")).toContain("/api/v2/che168/offers?page=1&(1 other) 200");
    expect(lines().join("\n")).not.toContain(token);
  });

  test("gives one listing in every form that the service's clients read, and by its address", async () => {
    const data = {
      ...offer(1).data,
      inner_id: "55",
      url: "https://www.che168.com/dealer/1/55.html",
      extra: { n: 1.5 },
    };
    await load(database(), { offers: [offer(1, { inner_id: "55", data })] });
    const { origin, baseUrl, token, client } = await openMirror(database());
    const { body } = await json(`${baseUrl}/offer?inner_id=55&api_key=${token}`);
    expect(body).toMatchObject({
      inner_id: "55",
      data,
      result: [{ inner_id: "55", data }],
      meta: { limit: 20 },
    });
    expect(JSON.parse((await client.offer("55"))?.text ?? "")).toEqual(data);
    const info = (url: string, key = token) =>
      json(`${origin}/api/v1/offer/info`, {
        method: "POST",
        headers: { "x-api-key": key, "content-type": "application/json" },
        body: JSON.stringify({ url }),
      });
    expect(await info(data.url)).toEqual({ status: 200, body: data });
    expect(await info("https://www.che168.com/dealer/1/56.html")).toEqual({
      status: 404,
      body: { message: "No listing 56" },
    });
    expect((await info("https://example.com/55.html")).status).toBe(422);
    expect((await info("x".repeat(9_000))).status).toBe(413);
    expect((await info(data.url, "wrong")).status).toBe(401);
    await abandonedRequest(
      Number(new URL(origin).port),
      `POST /api/v1/offer/info HTTP/1.1\r\nhost: a\r\nx-api-key: ${token}\r\ncontent-length: 100\r\n\r\n{`,
    );
    expect((await info(data.url)).status).toBe(200);
  });

  test("filters by values as the service spells them, and lists those", async () => {
    const cars = [
      { mark: "BMW", model: "X5", color: "чёрный", engine_type: "бензиновый", year: 2020, price: 300_000 },
      { mark: "BMW", model: "X5", color: "белый", engine_type: "дизельный", year: 2018, price: 200_000 },
      { mark: "Kia", model: "K2", color: "белый", engine_type: "бензиновый", year: 2013, price: 20_000 },
    ];
    const records = cars.map((data, index) =>
      offer(index + 1, { data: { ...data, inner_id: `listing-${index + 1}` } }),
    );
    await load(database(), { offers: records });
    await createNormalizer({ database: database() }).run();
    const { baseUrl, token, client } = await openMirror(database());
    expect(await client.filters()).toMatchObject({
      mark: { BMW: { model: ["X5"] }, Kia: { model: ["K2"] } },
      color: ["белый", "чёрный"],
      engine_type: ["бензиновый", "дизельный"],
      drive_type: [],
    });
    const found = async (query: string) => {
      const { body } = await json(`${baseUrl}/offers?page=1&api_key=${token}&${query}`);
      return (body as Page).result.map(({ inner_id }) => inner_id);
    };
    expect(await found("color=White&mark=bmw")).toEqual(["listing-2"]);
    expect(await found(`engine_type=${encodeURIComponent("бензиновый")}`)).toEqual([
      "listing-1",
      "listing-3",
    ]);
    expect(await found("year_from=2018&price_to=250000")).toEqual(["listing-2"]);
    expect(await found("color=plaid")).toEqual([]);
    expect(await found("brand=Kia")).toHaveLength(3);
  });

  test("reports errors as the service does", async () => {
    const { baseUrl, token } = await openMirror(database());
    const cases: readonly (readonly [string, number, unknown])[] = [
      [`/offers?api_key=${token}`, 422, { message: "Validation failed", errors: ["page is required"] }],
      [
        `/changes?change_id=x&api_key=${token}`,
        422,
        expect.objectContaining({ message: "Validation failed" }),
      ],
      [
        `/change_id?date=2026-02-30&api_key=${token}`,
        422,
        expect.objectContaining({ message: "Validation failed" }),
      ],
      [`/offer?inner_id=none&api_key=${token}`, 404, { message: "No listing none" }],
      [
        "/offers?page=1&api_key=wrong",
        401,
        { message: expect.stringMatching(/^Invalid API key: .*`mirror`/) },
      ],
    ];
    for (const [path, status, body] of cases) {
      expect(await json(baseUrl + path), path).toEqual({ status, body });
    }
  });

  test("needs the scope `mirror`, and takes the token in the query nowhere else", async () => {
    const { origin, baseUrl, token } = await openMirror(database());
    expect((await json(`${baseUrl}/offers?page=1`, { headers: { "x-api-key": token } })).status).toBe(200);
    expect((await json(`${origin}/offers?api_key=${token}`)).status).toBe(401);
    expect((await json(`${origin}/offers`, { headers: { "x-api-key": token } })).status).toBe(403);
  });

  test("masks personal data unless configured to send documents as stored", async () => {
    const data = {
      inner_id: "listing-1",
      description: "Срочно, звоните 138 1234 5678",
      url: "https://www.che168.com/dealer/527477/53692747.html",
      images: ["https://2sc2.autoimg.cn/escimg/a.jpg"],
      seller_phone: "13812345678",
      extra: JSON.stringify({
        inspection: { cards: [{ name: "过户次数", value: "2次" }], phone: "13812345678" },
        note: "微信 car13812345678",
      }),
    };
    await load(database(), { offers: [offer(1, { data })] });
    const read = async (mode: true | "raw") => {
      const { client } = await openMirror(database(), mode);
      return JSON.parse((await client.offer("listing-1"))?.text ?? "{}");
    };
    expect(await read("raw")).toEqual(data);
    const masked = await read(true);
    expect(JSON.stringify(masked)).not.toMatch(/138/);
    expect(masked).toMatchObject({ url: data.url, images: data.images });
    expect(JSON.parse(masked.extra).inspection).toEqual({ 过户次数: 2 });
  });
});
