import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { supportsProxy } from "../../../src/upstream/transport.ts";
import {
  failureOf,
  offersPage,
  reply,
  startClient,
  startService,
} from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

/** A forward proxy that refuses tunnels, and the requested targets. */
async function startProxy() {
  const targets: string[] = [];
  const server = createServer((incoming, outgoing) => {
    targets.push(incoming.url ?? "");
    const { method, headers } = incoming;
    incoming.pipe(
      request(incoming.url ?? "", { method, headers }, (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      }),
    );
  });
  server.on("connect", (incoming, socket) => {
    targets.push(`CONNECT ${incoming.url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { targets, port, url: `http://user:s3cret-password@127.0.0.1:${port}` };
}

describe.runIf(supportsProxy())("a proxy", () => {
  test("from HTTP_PROXY carries the requests", async () => {
    const [proxy, service] = [await startProxy(), await startService(reply(offersPage(1)))];
    const { client } = startClient(service, { proxyEnv: { HTTP_PROXY: proxy.url } });
    expect((await client.offersPage(1)).nextPage).toBe(2);
    expect(proxy.targets).toEqual([`${service.baseUrl}/offers?page=1`]);
  });

  test("is not used for an address in NO_PROXY", async () => {
    const [proxy, service] = [await startProxy(), await startService(reply(offersPage(1)))];
    const { client } = startClient(service, { proxyEnv: { http_proxy: proxy.url, no_proxy: "127.0.0.1" } });
    expect((await client.offersPage(1)).nextPage).toBe(2);
    expect(proxy.targets).toEqual([]);
  });

  test("from HTTPS_PROXY is used for a tunnel, and named without its password when that fails", async () => {
    const proxy = await startProxy();
    const { client, told } = startClient(
      { baseUrl: "https://service.invalid/api" },
      { proxyEnv: { HTTPS_PROXY: proxy.url }, retry: { attempts: 1 } },
    );
    const error = await failureOf(client.filters());
    expect(proxy.targets).toEqual(["CONNECT service.invalid:443"]);
    expect(error).toMatchObject({ code: "UPSTREAM_NETWORK" });
    expect(error.message).toContain(`; HTTPS_PROXY is 127.0.0.1:${proxy.port}`);
    expect(JSON.stringify([error, error.message, told])).not.toContain("s3cret-password");
    expectNoKey(error, told);
  });
});

test.each([
  ["22.17.0", false],
  ["22.21.0", true],
  ["23.11.0", false],
  ["24.4.1", false],
  ["24.5.0", true],
  ["26.0.0", true],
])("Node.js %s connects through a proxy by itself: %s", (version, expected) => {
  expect(supportsProxy(version)).toBe(expected);
});
