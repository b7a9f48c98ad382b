import { connect } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { createTokens } from "../../../src/tokens/index.ts";
import { useListeningApi } from "../../support/api/listening.ts";

describe("the API against hostile clients", () => {
  const { api, database, get, open, server, withToken } = useListeningApi();

  test("wrong tokens are limited by address, even 500 concurrent ones; valid tokens are still accepted", async () => {
    expect((await get("stats", withToken())).status).toBe(200);
    const guess = async (index: number) => {
      const { status, headers } = await get("offers", {
        authorization: `Bearer ${`guess${index}`.padStart(16, "0")}`,
        // None of these is trusted.
        "x-forwarded-for": `10.0.${index % 250}.${index % 200}`,
        forwarded: `for=10.0.0.${index % 200}`,
        "x-real-ip": `10.1.1.${index % 200}`,
      });
      return status === 429 ? Number(headers.get("retry-after")) > 0 && status : status;
    };
    const statuses = await Promise.all(Array.from({ length: 500 }, (_, index) => guess(index)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(490);
    expect((await get("stats", withToken())).status).toBe(200);
    // A token that is new to this process, from the same address.
    const [fresh] = await api().tokens.create({});
    expect((await get("stats", { "x-api-key": fresh?.token ?? "" })).status).toBe(200);
    const [elsewhere] = await createTokens({ database: database() }).create({});
    const accepted = async () => (await get("stats", { "x-api-key": elsewhere?.token ?? "" })).status;
    await expect.poll(accepted).toBe(200);
  });

  test("any number of rejected requests of one address is one log line", async () => {
    for (let index = 0; index < 200; index += 1) {
      await get(`no-such-path-${index}`);
      await get("offers", { "x-api-key": "wrongwrongwrong1" });
    }
    expect(api().lines.filter((line) => / 4\d\d \d+ B/.test(line))).toEqual([
      expect.stringMatching(/^GET \(unknown path\) 401 .*, no token, 127\.0\.0\.1, /),
    ]);
  });

  test("paths without a token write a limited number of log lines", async () => {
    for (let index = 0; index < 100; index += 1) {
      await get("docs");
    }
    expect(api().lines.filter((line) => line.startsWith("GET /docs"))).toHaveLength(20);
  });

  test("a token without the scope of a path gets 403, which names it", async () => {
    const [reader] = await api().tokens.create({ scopes: ["read"] });
    const [operator] = await api().tokens.create({ scopes: ["ops"] });
    const ask = async (path: string, of?: { token: string }) => {
      const { status, body, headers } = await api().ask(path, {
        headers: { authorization: `Bearer ${of?.token}` },
      });
      return { status, code: body?.code, detail: body?.detail, challenge: headers.get("www-authenticate") };
    };
    for (const [path, allowed, refused, scope] of [
      ["/offers", reader, operator, "read"],
      ["/offers/50000002", reader, operator, "read"],
      ["/filters", reader, operator, "read"],
      ["/stats", operator, reader, "ops"],
      ["/metrics", operator, reader, "ops"],
    ] as const) {
      expect(await ask(path, allowed)).toMatchObject({ status: 200 });
      expect(await ask(path, refused)).toEqual({
        status: 403,
        code: "insufficient_scope",
        detail: `This access token does not have the scope \`${scope}\`.`,
        challenge: expect.stringContaining(`error="insufficient_scope", scope="${scope}"`),
      });
    }
    expect(await ask("/openapi.json", reader)).toMatchObject({ status: 200 });
  });

  test("with a trusted proxy, wrong tokens are counted by the address that the proxy reports", async () => {
    await open({ trustProxy: true });
    const ask = async (forwarded: string) =>
      (await get("stats", { "x-api-key": "wrongwrongwrong1", "x-forwarded-for": forwarded })).status;
    for (let index = 0; index < 30; index += 1) {
      // Entries before the proxy's own come from the client.
      await ask(`10.9.9.${index}, 192.0.2.1`);
    }
    expect(await ask("10.9.9.99, 192.0.2.1")).toBe(429);
    for (const spelling of ["192.0.2.1:4001", "::ffff:192.0.2.1", "[::ffff:c000:201]:443"]) {
      expect(await ask(spelling)).toBe(429);
    }
    for (const other of ["::ffff:203.0.113.7", "203.0.113.8:4001", "[2001:db8::7]:4001", "not an address"]) {
      expect(await ask(other)).toBe(401);
    }
  });

  test("slow and silent clients do not delay other requests", async () => {
    const sockets = Array.from({ length: 200 }, () => connect(server().port, "127.0.0.1"));
    await Promise.all(
      sockets.map(
        (socket, index) =>
          new Promise<void>((done) => {
            socket.on("error", () => {});
            socket.once("connect", () => {
              if (index % 2 === 0) {
                socket.write("GET /offers HTTP/1.1\r\nHost: a\r\nX-Slow: ");
              }
              done();
            });
          }),
      ),
    );
    expect((await get("offers", withToken())).status).toBe(200);
    await server().close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });

  test("the server stops reading requests of a client that does not read the responses", async () => {
    const request = `GET /offers?limit=100 HTTP/1.1\r\nHost: a\r\nX-API-Key: ${api().token}\r\n\r\n`;
    const socket = connect(server().port, "127.0.0.1");
    socket.on("error", () => {});
    await new Promise((done) => socket.once("connect", done));
    socket.pause();
    // Far more than the socket buffers hold.
    const taken = await new Promise<boolean>((done) => {
      let sent = 0;
      const more = () => {
        sent += 1;
        if (sent > 200) {
          done(true);
        } else if (socket.write(request.repeat(1_000))) {
          setImmediate(more);
        } else {
          socket.once("drain", more);
        }
      };
      socket.setTimeout(1_000, () => done(false));
      more();
    });
    expect(taken).toBe(false);
    socket.destroy();
    expect((await get("health")).status).toBe(200);
  });

  test("memory does not grow with the variety of requests", async () => {
    await open({ cacheBytes: 2_000_000 });
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    let sent = 0;
    const round = async (count: number) => {
      for (const end = sent + count; sent < end; sent += 1) {
        const junk = `${sent}`.padStart(16, "x");
        await api().app.request(`/offers?q=${junk}&mark=${junk.repeat(20)}&page=${1 + (sent % 500)}`, {
          headers: withToken({ "x-request-id": `r${sent}` }),
        });
        await api().app.request(`/offers/${junk}?${junk}=1`, {
          headers: { "x-api-key": junk, "x-forwarded-for": `10.0.${sent % 255}.1` },
        });
      }
      (api().lines as string[]).length = 0;
      collect();
      return process.memoryUsage().heapUsed + process.memoryUsage().external;
    };
    await round(6_000);
    const before = await round(1_000);
    const after = await round(6_000);
    expect(after - before).toBeLessThan(8_000_000);
  });
});
