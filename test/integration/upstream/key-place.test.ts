import { describe, expect, test } from "vitest";
import {
  failureOf,
  KEY,
  offersPage,
  type Received,
  reply,
  startClient,
  startService,
} from "../../support/sandbox/http-service.ts";
import { expectNoKey } from "../../support/sandbox/key.ts";

const placesOf = ({ headers, url }: Received) => ({
  header: headers["x-api-key"] === KEY,
  query: url.searchParams.get("api_key") === KEY,
});
const HEADER = { header: true, query: false };
const QUERY = { header: false, query: true };

/** A service that takes the key in the query only. */
const queryOnly = () =>
  startService((response, received, index) => {
    const isAccepted = received.url.searchParams.get("api_key") === KEY;
    reply(isAccepted ? offersPage(1) : { message: "Invalid API key" }, isAccepted ? 200 : 401)(
      response,
      received,
      index,
    );
  });

describe("keyIn", () => {
  test.each([
    ["header", HEADER],
    ["query", QUERY],
    ["auto", HEADER],
  ] as const)("%s sends the key there only", async (keyIn, places) => {
    const service = await startService(reply(offersPage(1)));
    const { client } = startClient(service, { keyIn });
    await client.offersPage(1);
    await client.offersPage(1);
    expect(service.requests.map(placesOf)).toEqual([places, places]);
  });

  test("auto tries the query parameter after a 401 on the first request, and keeps the one that works", async () => {
    const service = await queryOnly();
    const { client, told } = startClient(service);
    await client.offersPage(1);
    await client.offersPage(1);
    expect(service.requests.map(placesOf)).toEqual([HEADER, QUERY, QUERY]);
    expect(told).toEqual({ logs: [], waits: [] });
  });

  test("auto stays with the header after a response: a later 401 is an error", async () => {
    const service = await startService(reply(offersPage(1)), reply({ message: "Invalid API key" }, 401));
    const { client } = startClient(service);
    await client.offersPage(1);
    const error = await failureOf(client.offersPage(2));
    expect(error.message).toContain('401 Unauthorized with JSON that says "Invalid API key"');
    expect(service.requests.map(placesOf)).toEqual([HEADER, HEADER]);
    expectNoKey(error);
  });

  test("header never falls back to the query", async () => {
    const service = await queryOnly();
    const { client } = startClient(service, { keyIn: "header" });
    expect(await failureOf(client.offersPage(1))).toMatchObject({
      code: "UPSTREAM_UNAUTHORIZED",
      status: 401,
    });
    expect(service.requests.map(placesOf)).toEqual([HEADER]);
  });
});
