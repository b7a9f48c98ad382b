import { describe, expect, onTestFinished, test } from "vitest";
import { type ApiServer, type startServer as Start, startServer } from "../../../src/api/index.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";

const serve = async (options: Parameters<typeof Start>[0]): Promise<ApiServer> => {
  const server = await startServer(options);
  onTestFinished(() => server.close());
  return server;
};

describe("the API over HTTP", () => {
  test("responds as without a socket, with a known length", async () => {
    const database = await createDatabase({ url: (await freshServerDatabase()).url });
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

  test("/health needs no token from the machine itself, unless a proxy forwards the request", async () => {
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
    // Without a socket, the client's address is unknown.
    expect((await app.request("/health")).status).toBe(401);
    await database.close();
    expect((await health()).status).toBeGreaterThanOrEqual(500);
  });
});
