import { connect } from "node:net";
import { expect, test } from "vitest";
import { runDaily } from "../../../src/daily/index.ts";
import type { Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { addDays, dayOf } from "../../../src/util/days.ts";
import { openMirror } from "../../support/api/mirror.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { change, clientOf, feedToday, offer, offers, serve } from "../../support/sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");
const load = async (database: Database, source: Parameters<typeof serve>[0]) => {
  const sandbox = await serve(source);
  const client = clientOf(sandbox);
  await createLoader({ database, client, now: NOW }).run();
  return { sandbox, client, update: () => createUpdater({ database, client, now: NOW }).run() };
};
const today = feedToday();

interface Page {
  readonly result: readonly {
    readonly id: number;
    readonly inner_id: string;
    readonly change_type: string;
    readonly data: Record<string, unknown>;
  }[];
  readonly meta: Record<string, unknown>;
}
const json = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as unknown };
};

/** Sends part of a request, then closes the connection; resolves once it is closed on both sides. */
const abandonedRequest = (port: number, text: string) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text, () => socket.destroy()));
    socket.on("close", () => resolve()).on("error", reject);
  });

onEachDatabase("the mirror", ({ database }) => {
  const feed = async (baseUrl: string, token: string, from: number) => {
    const { body } = await json(`${baseUrl}/changes?api_key=${token}&change_id=${from}`);
    return body as Page;
  };

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

  test("numbers its changes without holes, and shows the present state of each listing", async () => {
    const changes = [
      change(100, "changed", "listing-1", { new_price: 5 }),
      change(101, "removed", "listing-2"),
      change(102, "added", "listing-9", { mark: "BMW" }),
    ];
    const { update } = await load(database(), { offers: offers(3), changes });
    const { baseUrl, token } = await openMirror(database());
    const before = await json(`${baseUrl}/change_id?date=${addDays(today, 1)}&api_key=${token}`);
    expect(before.body).toEqual({ change_id: 4 });
    await update();
    const { result, meta } = await feed(baseUrl, token, 1);
    expect(result.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    // The changes of one page may be numbered in any order: each entry shows the present state of its listing.
    expect(result.map(({ inner_id, change_type }) => `${inner_id} ${change_type}`).toSorted()).toEqual([
      "listing-1 added",
      "listing-1 added",
      "listing-2 removed",
      "listing-2 removed",
      "listing-3 added",
      "listing-9 added",
    ]);
    expect(result[0]?.data).toEqual({ ...offer(1).data, price: 5 });
    expect(result[1]?.data).toEqual({});
    expect(meta).toEqual({ cur_change_id: 1, next_change_id: null, limit: 20 });
    expect((await feed(baseUrl, token, 7)).result).toEqual([]);
  });

  test("does not number rows that are only marked as processed", async () => {
    await load(database(), { offers: offers(3) });
    await createNormalizer({ database: database() }).run();
    const { baseUrl, token } = await openMirror(database());
    expect((await feed(baseUrl, token, 0)).result).toHaveLength(3);
  });

  test("answers an id that is not kept any more from the oldest one that is, without an error", async () => {
    await load(database(), { offers: offers(3) });
    await database().query("delete from mirror_changes where id < 3");
    const { baseUrl, token } = await openMirror(database());
    expect((await feed(baseUrl, token, 1)).result.map(({ id }) => id)).toEqual([3]);
  });

  test("keeps its changes for 7 days", async () => {
    const { client } = await load(database(), { offers: offers(3) });
    await database().query("update mirror_changes set at = now() - id * interval '3 days'");
    await runDaily({
      database: database(),
      updater: createUpdater({ database: database(), client, now: NOW }),
    });
    const { baseUrl, token } = await openMirror(database());
    expect((await feed(baseUrl, token, 0)).result.map(({ id }) => id)).toEqual([1, 2]);
  });

  test("does not log the token of a query", async () => {
    const { baseUrl, token, lines } = await openMirror(database());
    await json(`${baseUrl}/offers?page=1&api_key=${token}`);
    expect(lines().join("\n")).toContain("/api/v2/che168/offers?page=1&(1 other) 200");
    expect(lines().join("\n")).not.toContain(token);
  });

  test("gives the first change of a day, and the next one where a day has none yet", async () => {
    await load(database(), { offers: offers(3) });
    const { client } = await openMirror(database());
    const days = [addDays(today, -30), today, addDays(today, 1)];
    expect(await Promise.all(days.map((day) => client.changeId(day)))).toEqual([1, 1, 4]);
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

  test("masks personal data unless it is told to send documents as stored", async () => {
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

  test("is read by a second copy that ends up with the same listings", async () => {
    const source = await startSandbox({ offers: 120, changesPerDay: 40, seed: 5, days: 2 });
    const client = clientOf(source);
    await createLoader({ database: database(), client }).run();
    await createUpdater({ database: database(), client }).run();
    const mirror = await openMirror(database());
    const day = dayOf(new Date(), "Europe/Moscow");
    const start = await mirror.client.changeId(day);
    const copy = new Map<string, unknown>();
    for (let page: number | null = 1; page !== null; ) {
      const { body } = await json(`${mirror.baseUrl}/offers?page=${page}&api_key=${mirror.token}`);
      for (const { inner_id, data } of (body as Page).result) {
        copy.set(inner_id, data);
      }
      source.advance(7);
      await createUpdater({ database: database(), client }).run();
      page = (body as Page).meta.next_page as number | null;
    }
    for (let id: number | null = start; id !== null; ) {
      const page = await feed(mirror.baseUrl, mirror.token, id);
      for (const { inner_id, change_type, data } of page.result) {
        copy.delete(inner_id);
        if (change_type === "added") {
          copy.set(inner_id, data);
        }
      }
      id = page.meta.next_change_id as number | null;
    }
    const expected = [...source.current()]
      .filter(([, { active }]) => active)
      .map(([id, { data }]) => [id, data] as const);
    expect(Object.fromEntries(copy)).toEqual(Object.fromEntries(expected));
    await source.close();
  });
});
