import { createServer } from "node:net";
import { H3 } from "h3";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ApiServer, type startServer as Start, startServer } from "../../../src/api/index.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { openApi } from "../../support/api/api.ts";
import { insertListings, listings } from "../../support/database/processed.ts";

const serve = async (options: Parameters<typeof Start>[0]): Promise<ApiServer> => {
  const server = await startServer(options);
  onTestFinished(() => server.close());
  return server;
};

/** A handler whose answers wait until they are let go. */
function slowHandler(): { handler: H3; arrived: Promise<void>; letGo: () => void } {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: letGo } = Promise.withResolvers<void>();
  const handler = new H3().get("/slow", async () => {
    arrive();
    await released;
    return "done";
  });
  return { handler, arrived, letGo };
}

const fast = () => new H3().get("/", () => "here");

describe("startServer", () => {
  test("answers at the address that it tells", async () => {
    const server = await serve({ handler: fast(), port: 0 });
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/`);
    expect(await (await fetch(server.url)).text()).toBe("here");
  });

  test("takes the port that it is told, and all addresses of the machine when asked to", async () => {
    const free = await serve({ handler: fast(), port: 0 });
    const { port } = free;
    await free.close();
    const server = await serve({ handler: fast(), host: "0.0.0.0", port });
    expect(server.url).toBe(`http://0.0.0.0:${port}/`);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("here");
  });

  test("says clearly that the port is taken, and takes no other", async () => {
    const other = await serve({ handler: fast(), port: 0 });
    await expect(startServer({ handler: fast(), port: other.port })).rejects.toMatchObject({
      code: "ADDRESS_UNUSABLE",
      message: expect.stringMatching(
        new RegExp(`127\\.0\\.0\\.1:${other.port} is taken by another program.*--port`),
      ),
    });
  });

  test.each([
    ["203.0.113.7", 0, /does not belong to this machine/],
    ["no.such.host.invalid", 0, /is not known|cannot be opened/],
    ["127.0.0.1", 6_667, /browsers refuse/],
  ])("says clearly why %s:%i cannot be used", async (host, port, message) => {
    await expect(startServer({ handler: fast(), host, port })).rejects.toMatchObject({
      code: "ADDRESS_UNUSABLE",
      message: expect.stringMatching(message),
    });
  });

  test("closing lets a running request finish and takes no new one", async () => {
    const { handler, arrived, letGo } = slowHandler();
    const server = await serve({ handler, port: 0 });
    const running = fetch(`${server.url}slow`);
    await arrived;
    const closed = server.close();
    await expect
      .poll(() =>
        fetch(server.url).then(
          () => "answered",
          () => "refused",
        ),
      )
      .toBe("refused");
    letGo();
    expect(await (await running).text()).toBe("done");
    await closed;
    await server.close();
  });

  test("closing cuts off a request that does not finish within the time", async () => {
    const { handler, arrived } = slowHandler();
    const server = await serve({ handler, port: 0, closeTimeoutMs: 50 });
    const running = fetch(`${server.url}slow`).then(
      () => "answered",
      () => "cut off",
    );
    await arrived;
    await server.close();
    expect(await running).toBe("cut off");
  });

  test("closing waits for nobody who only keeps a connection", async () => {
    const server = await serve({ handler: fast(), port: 0, closeTimeoutMs: 3_600_000 });
    await (await fetch(server.url)).text();
    const idle = createServer();
    const { connect } = await import("node:net");
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    await new Promise((done) => socket.once("connect", done));
    await server.close();
    idle.close();
    socket.destroy();
  });
});

describe("the API behind it", () => {
  test("is the same as without a socket, with lengths that are known", async () => {
    const database = await createDatabase({ dataDir: "memory://" });
    onTestFinished(() => database.close());
    await insertListings(database, listings(60));
    const api = await openApi(database);
    const server = await serve({ handler: api.app, port: 0 });
    for (const path of ["offers?lang=ru", "offers/50000002", "filters", "openapi.json", "offers?limit=x"]) {
      const inside = await api.ask(`/${path}`);
      const outside = await fetch(server.url + path, {
        headers: { authorization: `Bearer ${api.token}`, "accept-encoding": "identity" },
      });
      const text = await outside.text();
      expect(outside.status).toBe(inside.status);
      expect(text.replace(/"request_id":"[^"]+"/, "")).toBe(inside.text.replace(/"request_id":"[^"]+"/, ""));
      expect(outside.headers.get("content-length")).toBe(String(Buffer.byteLength(text)));
      expect(outside.headers.has("transfer-encoding")).toBe(false);
    }
  });

  test("/health needs no token on the machine itself, unless a proxy passes the question on", async () => {
    const database = await createDatabase({ dataDir: "memory://" });
    onTestFinished(() => database.close());
    const { app, token } = await openApi(database);
    const server = await serve({ handler: app, port: 0 });
    const health = (headers: Record<string, string> = {}) => fetch(`${server.url}health`, { headers });
    expect(await (await health()).json()).toEqual({ status: "ok" });
    for (const name of ["forwarded", "x-forwarded-for", "x-real-ip", "via", "x-forwarded-proto"]) {
      expect((await health({ [name]: "127.0.0.1" })).status).toBe(401);
      expect((await health({ [name]: "127.0.0.1", "x-api-key": token })).status).toBe(200);
    }
    // Where nobody can tell who asks, a token is needed.
    expect((await app.request("/health")).status).toBe(401);
    await database.close();
    expect((await health()).status).toBeGreaterThanOrEqual(500);
  });
});
