import { describe, expect, onTestFinished, test } from "vitest";
import {
  failureOf,
  KEY,
  offersPage,
  reply,
  startClient,
  startService,
} from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

const ENCODED = encodeURIComponent(KEY);

describe("a redirect", () => {
  const to = (location: string, status = 302) => reply("", status, { location });

  test("to another host is not followed: the key stays here", async () => {
    const other = await startService(reply(offersPage(1)));
    const service = await startService(to(`${other.baseUrl}/offers?page=1&api_key=${ENCODED}`));
    const { client, told } = startClient(service);
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_REDIRECT", status: 302, retryable: false });
    expect(error.message).toContain(other.origin);
    expect(other.requests).toHaveLength(0);
    expect(service.requests).toHaveLength(1);
    expectNoKey(error, told);
  });

  test.each([
    ["another scheme", "https://127.0.0.1/x"],
    ["another scheme without host", "file:///etc/passwd"],
    ["a host by two slashes", "//evil.example/x"],
    ["a host that holds the key", `http://${"s3cret"}.example/`],
    ["nowhere readable", "http://"],
  ])("to %s is rejected", async (_name, location) => {
    const service = await startService(to(location, 307));
    const { client } = startClient(service);
    expect(await failureOf(client.offersPage(1))).toMatchObject({ code: "UPSTREAM_REDIRECT" });
  });

  test("within the host is followed unchanged", async () => {
    const service = await startService(
      to(`/api/v2/che168/offers/?page=1&api_key=${ENCODED}`, 301),
      to(`/v3/offers?page=1&api_key=${ENCODED}`, 308),
      reply(offersPage(1)),
    );
    const { client, told } = startClient(service);
    expect((await client.offersPage(1)).nextPage).toBe(2);
    expect(service.requests.map(({ url }) => url.pathname)).toEqual([
      "/api/v2/che168/offers",
      "/api/v2/che168/offers/",
      "/v3/offers",
    ]);
    expectNoKey(told);
  });

  test("in a loop is an error", async () => {
    const service = await startService(to("/api/v2/che168/offers"));
    const { client } = startClient(service);
    const error = await failureOf(client.offersPage(1));
    expect(error).toMatchObject({ code: "UPSTREAM_REDIRECT", retryable: false });
    expect(service.requests).toHaveLength(4);
  });

  test("of a POST keeps its body, or is rejected", async () => {
    const service = await startService(to("/moved", 307), reply({ mark: "BMW" }), to("/moved", 302));
    const { client } = startClient(service);
    expect(await client.offerInfo("https://www.che168.com/7.html")).toMatchObject({ data: { mark: "BMW" } });
    expect(service.requests[1]).toMatchObject({ method: "POST", body: service.requests[0]?.body });
    expect(await failureOf(client.offerInfo("https://www.che168.com/7.html"))).toMatchObject({
      code: "UPSTREAM_REDIRECT",
    });
  });
});

describe("a kept-alive connection that the service closes", () => {
  test("when it is reused is not a failure", async () => {
    const service = await startService(
      reply(offersPage(1)),
      (response) => response.socket?.resetAndDestroy(),
      reply(offersPage(2)),
      (response) => response.socket?.destroy(),
      reply(offersPage(3)),
    );
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    for (const page of [1, 2, 3]) {
      expect((await client.offersPage(page)).nextPage).toBe(page + 1);
    }
    expect(service.requests).toHaveLength(5);
    expect(told.waits).toEqual([]);
    expect(told.logs.filter((line) => !line.startsWith("debug "))).toEqual([]);
    expectNoKey(told);
  });

  test("on the second use of several connections is not a failure", async () => {
    const uses = new Map<unknown, number>();
    const service = await startService((response, request, index) => {
      const use = (uses.get(response.socket) ?? 0) + 1;
      uses.set(response.socket, use);
      if (use > 1) {
        response.socket?.resetAndDestroy();
      } else if (request.url.pathname.endsWith("/changes")) {
        reply({ result: [], meta: {} })(response, request, index);
      } else {
        reply(offersPage(1))(response, request, index);
      }
    });
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.all([client.offersPage(1), client.changesPage(1)]);
    }
    expect(told.waits).toEqual([]);
  });

  test("every time is a failure", async () => {
    const service = await startService(reply(offersPage(1)), (response) =>
      response.socket?.resetAndDestroy(),
    );
    const { client, told } = startClient(service, { retry: { attempts: 2, intervalMs: 0 } });
    await client.offersPage(1);
    expect(await failureOf(client.offersPage(2))).toMatchObject({ code: "UPSTREAM_NETWORK" });
    expect(told.waits).toHaveLength(1);
  });

  test.each([
    ["said", { connection: "close" }],
    ["unsaid", {}],
  ])("after each response is not a failure (%s)", async (_name, headers) => {
    const service = await startService((response, request, index) => {
      response.on("finish", () => response.socket?.end());
      reply(offersPage(index + 1), 200, headers as Record<string, string>)(response, request, index);
    });
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    for (let page = 1; page <= 20; page += 1) {
      await client.offersPage(page);
    }
    expect(told.waits).toEqual([]);
  });

  test("when idle for too long is not a failure", async () => {
    const service = await startService(reply(offersPage(1)));
    onTestFinished(() => service.server.closeAllConnections());
    const { client, told } = startClient(service, { retry: { attempts: 1 } });
    await client.offersPage(1);
    service.server.closeIdleConnections();
    await client.offersPage(1);
    expect(told.waits).toEqual([]);
  });
});
