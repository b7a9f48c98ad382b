import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import express from "express";
import { toNodeHandler } from "h3/node";
import { expect, onTestFinished, test } from "vitest";
import { createApiHandler } from "../../../src/api/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { load } from "../../support/api/mirror-requests.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { offer } from "../../support/sandbox/service.ts";

onEachDatabase("a handler behind middleware that reads bodies", ({ database }) => {
  const data = { ...offer(1).data, inner_id: "55" };
  const url = "https://www.che168.com/dealer/1/55.html";

  /** Asks the mirror, which an application serves, for a listing by its address. */
  const ask = async (application: (api: RequestListener) => RequestListener) => {
    await load(database(), { offers: [offer(1, { inner_id: "55", data })] });
    const tokens = createTokens({ database: database() });
    const [created] = await tokens.create({ scopes: ["mirror"] });
    const app = createApiHandler({ database: database(), tokens, options: { mirror: "raw" } });
    const server = createServer(application(toNodeHandler(app))).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const response = await fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/offer/info`,
      {
        method: "POST",
        headers: {
          "x-api-key": created?.token ?? "",
          "content-type": "application/json",
          connection: "close",
        },
        body: JSON.stringify({ url }),
      },
    );
    return { status: response.status, body: await response.json() };
  };

  test.each([
    ["express.json()", express.json()],
    ["express.text()", express.text({ type: "*/*" })],
    ["express.raw()", express.raw({ type: "*/*" })],
    ["express.urlencoded(), which leaves JSON alone,", express.urlencoded()],
  ])("%s: the mirror's POST takes the body that it has read", async (_, middleware) => {
    const reply = await ask((api) => express().use(middleware).use(api));
    expect(reply).toEqual({ status: 200, body: data });
  });

  test("a body that was read and not kept is an error with the remedy", async () => {
    const reply = await ask((api) => async (request, response) => {
      await buffer(request);
      api(request, response);
    });
    expect(reply).toEqual({
      status: 500,
      body: { message: expect.stringContaining("mount the handler before it") },
    });
  });
});
