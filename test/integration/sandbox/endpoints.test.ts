import { once } from "node:events";
import { Agent, get as httpGet } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { ask, catalogue, feed, get, NOON, type SentRecord, sandbox } from "../../support/sandbox/helpers.ts";

const status = async (answer: Promise<Response>) => (await answer).status;

describe("the key", () => {
  test("is required, and must match when one is set", async () => {
    const open = await sandbox({ offers: 1 });
    expect(await status(fetch(`${open.baseUrl}/offers?page=1`))).toBe(401);
    expect(await status(fetch(`${open.baseUrl}/offers?page=1&api_key=`))).toBe(401);
    expect(await status(fetch(`${open.baseUrl}/offers?page=1&api_key=any`))).toBe(200);

    const locked = await sandbox({ offers: 1, apiKey: "right" });
    for (const path of ["/filters", "/offers", "/change_id", "/changes", "/offer"]) {
      const answer = await fetch(`${locked.baseUrl}${path}?api_key=wrong`);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ message: "Invalid API key" });
    }
    expect(await status(fetch(`${locked.baseUrl}/filters?api_key=right`))).toBe(200);
    const byHeader = (key: string) => fetch(`${locked.baseUrl}/filters`, { headers: { "x-api-key": key } });
    expect(await status(byHeader("right"))).toBe(200);
    expect(await status(byHeader("wrong"))).toBe(401);
  });

  test("is not in the list of requests, nor in the log", async () => {
    const lines: string[] = [];
    const logger = { debug: (line: string) => lines.push(line), info() {}, warn() {}, error() {} };
    const server = await sandbox({ offers: 1, logger });
    await fetch(`${server.baseUrl}/offers?page=1&api_key=s3cret`);
    await fetch(`${server.baseUrl}/offers?page=none&api_key=s3cret`);
    expect(server.requests).toMatchObject([
      { method: "GET", path: "/offers", query: { page: "1" }, status: 200, at: expect.any(Date) },
      { method: "GET", path: "/offers", query: { page: "none" }, status: 422 },
    ]);
    expect(lines).toEqual(["GET /offers page=1 200", "GET /offers page=none 422"]);
    expect(JSON.stringify(server.requests)).not.toContain("s3cret");
  });
});

describe("an invalid request", () => {
  test("an unknown path is 404, another method 405, an invalid parameter 422 that names it", async () => {
    const server = await sandbox({ offers: 5 });
    for (const path of ["/", "/nothing", "/offers/1", "/constructor"]) {
      expect(await status(ask(server, path))).toBe(404);
    }
    expect(await status(fetch(`${server.url}/offers?api_key=key`))).toBe(404);
    expect(await status(fetch(`${server.url}//?api_key=key`))).toBe(404);
    expect(await status(ask(server, "/offers", { method: "POST", body: "{}" }))).toBe(405);
    const bad: [path: string, names: string][] = [
      ["/offers", "page is required"],
      ["/offers?page=0", "page"],
      ["/offers?page=-1", "page"],
      ["/offers?page=1.5", "page"],
      ["/offers?page=1&price_from=cheap", "price_from"],
      ["/changes", "change_id"],
      ["/changes?change_id=last", "change_id"],
      ["/change_id", "date"],
      ["/change_id?date=2025-02-30", "date"],
      ["/change_id?date=yesterday", "date"],
      ["/offer", "inner_id"],
    ];
    for (const [path, names] of bad) {
      const answer = await ask(server, path);
      expect([path, answer.status]).toEqual([path, 422]);
      expect(await answer.json()).toEqual({
        message: "Validation failed",
        errors: [expect.stringContaining(names)],
      });
    }
  });
});

describe("one listing", () => {
  test("is returned bare, as a result or as a record", async () => {
    for (const offerForm of ["bare", "result", "record", "list"] as const) {
      const server = await sandbox({ offers: 3, offerForm });
      const [first] = await catalogue(server);
      const { inner_id, data } = first ?? { inner_id: "", data: {} };
      const answer = await get(server, `/offer?inner_id=${inner_id}`);
      expect(answer).toEqual(
        {
          bare: data,
          result: { result: data },
          record: { inner_id, data },
          list: { result: [{ inner_id, data }], meta: { limit: 20 } },
        }[offerForm],
      );
    }
  });

  test("is 404 when unknown or removed", async () => {
    const server = await sandbox({ offers: 30 });
    const removed = (await feed(server, 0)).findLast(({ change_type }) => change_type === "removed");
    for (const innerId of [removed?.inner_id, "1", "99999999", "abc", "__proto__"]) {
      expect(await status(ask(server, `/offer?inner_id=${innerId}`))).toBe(404);
    }
  });

  test("is limited to 270 calls within five minutes: then 429 with Retry-After", async () => {
    let now = NOON;
    const server = await sandbox({ offers: 3, now: () => now });
    const call = () => ask(server, "/offer?inner_id=1");
    const calls = await Promise.all(Array.from({ length: 270 }, call));
    expect(calls.every((response) => response.status === 404)).toBe(true);
    const refused = await call();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "300"]);
    expect(await refused.json()).toEqual({ message: "Too Many Attempts." });
    expect(await status(ask(server, "/offers?page=1"))).toBe(200);
    now = new Date(NOON.getTime() + 300_000);
    expect(await status(call())).toBe(404);
  });

  test("that was withdrawn is 404 before the feed reports it", async () => {
    const server = await sandbox({ offers: 3, changesPerDay: 0 });
    const [first] = await catalogue(server);
    const innerId = first?.inner_id ?? "";
    const publish = server.withdraw(innerId);
    expect(await status(ask(server, `/offer?inner_id=${innerId}`))).toBe(404);
    expect(await catalogue(server)).toHaveLength(2);
    expect(await feed(server, 0)).toEqual([]);
    publish();
    expect(await feed(server, 0)).toMatchObject([{ inner_id: innerId, change_type: "removed" }]);
  });

  test("is found by its address, with the key in a header", async () => {
    const server = await sandbox({ offers: 3, apiKey: "right" });
    const page = await fetch(`${server.baseUrl}/offers?page=1&api_key=right`);
    const [first] = ((await page.json()) as { result: [SentRecord] }).result;
    const post = (body: unknown, key = "right") =>
      fetch(`${server.url}/api/v1/offer/info`, {
        method: "POST",
        headers: { "x-api-key": key },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
    expect(await (await post({ url: first.data.url })).json()).toEqual(first.data);
    expect(await status(post({ url: "https://www.che168.com/dealer/1/2.html" }))).toBe(404);
    expect(await status(post({ url: first.data.url }, "wrong"))).toBe(401);
    for (const body of ["{", "null", {}, { url: 5 }, { url: "https://example.com/1.html" }]) {
      expect(await status(post(body))).toBe(422);
    }
    expect(server.requests.at(1)).toMatchObject({ method: "POST", path: "/api/v1/offer/info", status: 200 });
  });
});

describe("the server", () => {
  test("keeps a connection alive until its idle timeout", async () => {
    const server = await sandbox({ offers: 1, keepAliveTimeoutMs: 30 });
    const agent = new Agent({ keepAlive: true });
    const socket = await new Promise<Socket>((resolve, reject) => {
      httpGet(`${server.baseUrl}/filters?api_key=key`, { agent }, (answer) => {
        const { socket } = answer;
        answer.resume().once("end", () => resolve(socket));
      }).once("error", reject);
    });
    // Only the server closes it.
    if (!socket.closed) {
      await once(socket, "close");
    }
    expect(socket.closed).toBe(true);
  });

  test("rejects invalid options, all together", async () => {
    const wrong = startSandbox({ offers: -1, pageSize: 0, timezone: "Moon/Crater" });
    await expect(wrong).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      problems: [{ key: "offers" }, { key: "pageSize" }, { key: "timezone" }],
    });
  });

  test("names a port in use", async () => {
    const first = await sandbox({ offers: 1 });
    const port = Number(new URL(first.url).port);
    await expect(startSandbox({ offers: 1, port })).rejects.toThrow(`${port} is taken`);
  });

  test("can be closed twice", async () => {
    const server = await startSandbox({ offers: 1 });
    await Promise.all([server.close(), server.close()]);
    await expect(ask(server, "/filters")).rejects.toThrow("fetch failed");
  });
});
