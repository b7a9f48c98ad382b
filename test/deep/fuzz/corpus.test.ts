import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import answerCases from "../../fixtures/fuzz/answers.json" with { type: "json" };
import listingCases from "../../fixtures/fuzz/listings.json" with { type: "json" };
import queryCases from "../../fixtures/fuzz/queries.json" with { type: "json" };
import { type Answer, answers, forwarded, listings, queries } from "../../support/fuzz/grammar.ts";
import { openTargets, type Targets } from "../../support/fuzz/targets.ts";

// Cases of each kind and findings of `npm run fuzz`, then new random inputs.

describe("any input is accepted or rejected, without another effect", () => {
  let targets: Targets;
  beforeAll(async () => {
    targets = await openTargets();
  });
  afterAll(() => targets.close());

  test.each(answerCases.map(({ name, ...given }) => [name, given as Answer] as const))(
    "%s, as a response of the service",
    (_name, given) => targets.answer(given),
  );

  test.each(listingCases.map(({ name, data }) => [name, data] as const))(
    "%s, as the data of a listing",
    (_name, data) => {
      targets.listing(data);
    },
  );

  test.each(queryCases.map(({ name, path }) => [name, path] as const))(
    "%s, as a query of the API",
    (_name, path) => targets.query(path),
  );

  test("a hundred random responses of the service", () =>
    fc.assert(fc.asyncProperty(answers, targets.answer), { numRuns: 100 }));

  test("two thousand random listings", () =>
    fc.assert(fc.property(listings, targets.listing), { numRuns: 2000 }));

  test("five hundred random queries", () =>
    fc.assert(fc.asyncProperty(queries, targets.query), { numRuns: 500 }));

  test("two hundred random values of X-Forwarded-For", () =>
    fc.assert(fc.asyncProperty(forwarded, targets.forwarded), { numRuns: 200 }));
});
