import { readFile } from "node:fs/promises";
import { describe, expect, expectTypeOf, onTestFinished, test } from "vitest";
import {
  API_TYPES,
  EVERY_PATH,
  PROXY_PARAMETERS,
  renderApiTypes,
  renderProxyParameters,
} from "../../../scripts/build-api-types.ts";
import { createApiHandler, startServer } from "../../../src/api/index.ts";
import { createApiClient } from "../../../src/api-client/api-client.ts";
import { ApiUnavailableError } from "../../../src/api-client/api-errors.ts";
import type { ApiOffer, ApiOfferCard } from "../../../src/api-client/types.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { failureOf, useApiClient } from "../../support/api/client.ts";

const rows = [...listings(120)];
const listed = rows.filter((row) => row.active_status === 0 && !row.is_incomplete);
const { api, client, database } = useApiClient(rows);

describe("reading", () => {
  test("every listing once, over as many pages as it takes", async () => {
    const ids: string[] = [];
    for await (const card of client().offers({ limit: 7 })) {
      ids.push(card.inner_id);
    }
    expect(ids.toSorted()).toEqual(listed.map((row) => row.inner_id).toSorted());
  });

  test("pages are requested on demand", async () => {
    let requests = 0;
    const counting = client({
      fetch: (request) => {
        requests += 1;
        return api().app.fetch(request);
      },
    });
    for await (const _ of counting.offers({ limit: 5 })) {
      break;
    }
    expect(requests).toBe(1);
  });

  test("listings that match a query, in its order", async () => {
    const marks = [...new Set(listed.flatMap(({ mark }) => mark ?? []))].slice(0, 2);
    const cards: ApiOfferCard[] = [];
    for await (const card of client().offers({ mark: marks, sort: "price", price_from: 20_000 })) {
      cards.push(card);
    }
    const expected = listed.filter((row) => marks.includes(row.mark ?? "") && (row.price ?? 0) >= 20_000);
    expect(cards.map(({ inner_id }) => inner_id).toSorted()).toEqual(
      expected.map(({ inner_id }) => inner_id).toSorted(),
    );
    const prices = cards.map(({ price }) => price ?? 0);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
  });

  test("one page by its number", async () => {
    const page = await client().offersPage({ page: 2, limit: 10 });
    expect(page.meta).toMatchObject({ page: 2, next_page: 3, limit: 10 });
    expect(page.result).toHaveLength(10);
  });

  test("one listing, or null when it does not exist", async () => {
    const row = listed[0];
    const offer = await client().offer(row?.inner_id ?? "", { lang: "ru" });
    expect(offer).toMatchObject({ inner_id: row?.inner_id, active: true, labels: expect.anything() });
    expectTypeOf(offer).toEqualTypeOf<ApiOffer | null>();
    for (const id of ["no/such?id", "", ".", "..", "../stats", "%2e%2e"]) {
      expect(await client().offer(id), id).toBeNull();
    }
  });

  test("filters and counts, of everything or of a selection", async () => {
    expect((await client().filters({ lang: "en" })).total).toBe(listed.length);
    const mark = listed.find((row) => row.mark !== null)?.mark ?? "";
    const ofMark = listed.filter((row) => row.mark === mark).length;
    expect((await client().filters({ mark: [mark] })).total).toBe(ofMark);
    expect((await client().market({ mark: [mark] })).count).toBe(ofMark);
    expect((await client().stats()).listings).toMatchObject({ total: rows.length, listed: listed.length });
  });

  test("suggestions, fields, import costs and figures per day", async () => {
    const row = listed.find(({ mark }) => mark !== null);
    const { result } = await client().suggest(row?.mark ?? "", { lang: "ru" });
    expect(result[0]).toMatchObject({ type: "mark", value: row?.mark });
    expect((await client().fields({ lang: "ru" })).result).toContainEqual(
      expect.objectContaining({ name: "price", label: "Цена" }),
    );
    const costs = await client().customs(row?.inner_id ?? "", { country: "by", lang: "ru" });
    expect(costs).toMatchObject({ country: "by", status: expect.any(String) });
    expect(await client().customs("none")).toBeNull();
    const offer = await client().offer(row?.inner_id ?? "", { estimate: "ru" });
    expect(offer?.estimate).toMatchObject({ currency: "RUB" });
    expect(await client().dailyStats({ days: 7 })).toHaveProperty("result");
  });

  test("over a socket", async () => {
    const tokens = createTokens({ database: database() });
    const server = await startServer({
      handler: createApiHandler({ database: database(), tokens }),
      port: 0,
    });
    const remote = createApiClient({ baseUrl: server.url, token: api().token });
    expect((await remote.stats()).listings.total).toBe(rows.length);
    await server.close();
    const gone = await failureOf(
      createApiClient({ baseUrl: server.url, token: api().token, attempts: 1 }).stats(),
    );
    expect(gone).toBeInstanceOf(ApiUnavailableError);
    expect(gone).toMatchObject({ status: undefined, message: expect.stringContaining("cannot be reached") });
    await tokens.close();
  });
});

test("the types, and the parameters of the proxy, match the OpenAPI document (npm run generate)", async () => {
  const { text } = await (await openApi(database(), EVERY_PATH)).ask("/openapi.json");
  expect(await readFile(API_TYPES, "utf8")).toBe(await renderApiTypes(text));
  expect(await readFile(PROXY_PARAMETERS, "utf8")).toBe(renderProxyParameters(text));
});

test("in a browser, the address may be relative to the page, and no token is sent without one", async () => {
  const requests: Request[] = [];
  const send = (request: Request) => {
    requests.push(request);
    return Response.json({ mark: [], total: 0 });
  };
  Object.assign(globalThis, { document: { baseURI: "https://cars.example/shop/list?q=1" } });
  onTestFinished(() => {
    Reflect.deleteProperty(globalThis, "document");
  });
  await createApiClient({ baseUrl: "/api", fetch: send }).filters({ lang: "ru" });
  await createApiClient({ baseUrl: "api/", fetch: send }).filters();
  expect(requests.map(({ url }) => url)).toEqual([
    "https://cars.example/api/filters?lang=ru",
    "https://cars.example/shop/api/filters",
  ]);
  expect(requests.map(({ headers }) => headers.get("authorization"))).toEqual([null, null]);
});
