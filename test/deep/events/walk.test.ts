import fc from "fast-check";
import { expect, test } from "vitest";
import { createApiClient } from "../../../src/api-client/api-client.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { rawListings } from "../../support/events/raw.ts";

const IDS = Array.from({ length: 12 }, (_, index) => `${index}`);

const step = fc.record({
  id: fc.constantFrom(...IDS),
  kind: fc.constantFrom("add", "change", "remove", "bring back", "complete", "normalize", "walk"),
  price: fc.option(fc.integer({ min: 1_000, max: 1_005 }), { nil: null }),
  color: fc.constantFrom("红色", "白色"),
});

/** The members that are compared: those of a listing's content. */
const content = ({ price, color, mark, price_drop }: Record<string, unknown>) => ({
  price,
  color,
  mark,
  price_drop,
});

onEachDatabase("a full walk of /offers and /changes from its x-changes-after", ({ database }) => {
  const { add, change, remove, bringBack, normalize } = rawListings(database);
  test("give the present listings, after any changes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await database().query(
          "truncate raw_data, processed_data, listing_events, event_state restart identity",
        );
        const api = await openApi(database());
        // Each walk needs the current version of the data, which a handler caches for a second.
        const walk = async () => {
          const { app } = await openApi(database());
          const client = createApiClient({ baseUrl: "http://copy.test", token: api.token, fetch: app.fetch });
          const listings = new Map<string, object>();
          let after: number | undefined;
          const onPosition = (position: number) => {
            after ??= position;
          };
          for await (const card of client.offers({ sort: "price", limit: 3 }, { onPosition })) {
            listings.set(card.inner_id, content(card));
          }
          return { listings, after: after ?? 0, client };
        };
        let old: Awaited<ReturnType<typeof walk>> | undefined;
        for (const { id, kind, price, color } of steps) {
          const data = { price, color };
          if (kind === "add") {
            await add([id], data, { completeness: price === null ? "pending" : "complete" }).catch(() => {});
          } else if (kind === "change") {
            await change(id, data);
          } else if (kind === "remove") {
            await remove(id);
          } else if (kind === "bring back") {
            await bringBack(id, data);
          } else if (kind === "complete") {
            await change(id, {}, "completeness = 'complete'");
          } else if (kind === "normalize") {
            await normalize();
          } else {
            old ??= await walk();
          }
        }
        await normalize();
        if (old === undefined) {
          return;
        }
        const present = await walk();
        const { listings } = old;
        for await (const { inner_id, listing } of present.client.changes({
          after: old.after,
          include: "listing",
        })) {
          if (listing?.active && !listing.is_incomplete) {
            listings.set(inner_id, content(listing));
          } else {
            listings.delete(inner_id);
          }
        }
        expect(Object.fromEntries(listings)).toEqual(Object.fromEntries(present.listings));
      }),
      { numRuns: 30 },
    );
  });
});
