import fc from "fast-check";
import { expect, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { catalogue, NOON } from "../../support/sandbox/helpers.ts";

test("the catalogue is complete for any number of listings, changes and records per page", async () => {
  const sizes = fc.record({
    offers: fc.integer({ min: 0, max: 130 }),
    changesPerDay: fc.integer({ min: 0, max: 90 }),
    pageSize: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async (options) => {
      const server = await startSandbox({ ...options, now: () => NOON });
      try {
        const records = await catalogue(server);
        const active = [...server.current()].filter(([, { active }]) => active).map(([id]) => id);
        expect(records.map(({ inner_id }) => inner_id).sort()).toEqual(active.sort());
        expect(records).toHaveLength(options.offers);
      } finally {
        await server.close();
      }
    }),
    { numRuns: 25 },
  );
});
