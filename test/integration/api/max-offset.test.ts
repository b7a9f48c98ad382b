import { expect, test } from "vitest";
import { insertListings, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

onEachDatabase("api.maxOffset", ({ database }) => {
  test("a numbered page beyond the limit is a 400 that names cursor; one of the mirror is not limited", async () => {
    await insertListings(database(), listings(60));
    const api = await openApi(database(), { maxOffset: 40, mirror: true });
    const [mirror] = await api.tokens.create({ description: "mirror", scopes: ["mirror"] });
    const last = await api.ask("/offers?page=2");
    expect([last.status, last.body.result.length]).toEqual([200, 20]);
    const { status, body } = await api.ask("/offers?page=3");
    expect([status, body.code]).toEqual([400, "invalid_parameter"]);
    expect(body.errors).toEqual([
      { parameter: "page", message: expect.stringMatching(/next_cursor .* as cursor/) },
    ]);
    const next = await api.ask(`/offers?cursor=${last.body.meta.next_cursor}`);
    expect(next.status).toBe(200);
    expect(next.body.result.length).toBeGreaterThan(0);
    const page = await api.app.request(`/api/v2/che168/offers?page=600&api_key=${mirror?.token}`);
    expect([page.status, ((await page.json()) as { result: unknown[] }).result]).toEqual([200, []]);
  });

  test("the default is 10,000 listings", async () => {
    const api = await openApi(database());
    expect((await api.ask("/offers?page=500")).status).toBe(200);
    expect((await api.ask("/offers?page=501")).status).toBe(400);
    expect((await api.ask("/offers?page=101&limit=100")).status).toBe(400);
  });
});
