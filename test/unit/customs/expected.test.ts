import { describe, expect, test } from "vitest";
import { type CustomsListing, type CustomsOptions, estimateCustoms } from "../../../src/customs/index.ts";
import fixture from "../../fixtures/customs-expected.json" with { type: "json" };

type Json = Readonly<Record<string, unknown>>;

/** A worked example: only the keys of `expect` are compared. */
interface Case {
  readonly id: string;
  readonly title: string;
  readonly listing: CustomsListing;
  readonly overrides?: CustomsOptions;
  readonly context?: CustomsOptions;
  readonly expect: Json & {
    readonly items?: Json;
    readonly variants?: readonly Json[];
    readonly missing: readonly string[];
    readonly warnings: readonly string[];
  };
}

const CASES = fixture.cases as unknown as readonly Case[];
const { date_meaning: _d, rates_meaning: _r, ...DEFAULTS } = fixture.defaults;

const estimate = ({ listing, overrides, context }: Case) =>
  estimateCustoms(listing, { ...DEFAULTS, ...context, ...overrides } as CustomsOptions);

/** The part of a result that an expectation names. */
const picked = (result: object, expected: object): Json =>
  Object.fromEntries(Object.keys(expected).map((key) => [key, (result as Json)[key]]));

const comparable = ({ age_band, items, total }: Json) => JSON.stringify([age_band, items, total]);

describe("worked examples", () => {
  test.each(CASES.map((one) => [one.id, one.title, one] as const))("%s %s", (_id, _title, one) => {
    const result = estimate(one);
    const { steps: _steps, variants, missing, warnings, items, ...expected } = one.expect;
    expect(picked(result, expected)).toEqual(expected);
    expect(picked(result.items, items ?? {})).toEqual(items ?? {});
    expect([...result.missing].sort()).toEqual([...missing].sort());
    expect(result.warnings).toEqual(expect.arrayContaining([...warnings]));
    if (variants !== undefined) {
      expect(result.variants.map((variant) => comparable({ ...variant })).sort()).toEqual(
        variants.map(comparable).sort(),
      );
    }
  });

  test("facts of the caller may be on the listing", () => {
    for (const { listing, overrides = {}, context, ...one } of CASES) {
      expect(
        estimateCustoms({ ...listing, ...overrides }, { ...DEFAULTS, ...context } as CustomsOptions),
      ).toEqual(estimate({ listing, overrides, ...(context && { context }), ...one }));
    }
  });

  test("the figures of the steps are the ones worked out by hand", () => {
    const byHand = CASES.flatMap((one) =>
      one.context?.country === undefined && one.expect.status === "computed" ? [one] : [],
    );
    expect(byHand.length).toBeGreaterThan(25);
    for (const one of byHand) {
      const { steps } = estimate(one);
      const { duty, recycling, customs_value_rub } = one.expect.steps as Readonly<Record<string, Json>>;
      expect(steps.customs_value_rub, one.id).toBe(customs_value_rub);
      expect((steps.recycling as Json).coefficient, one.id).toBe(recycling?.coefficient);
      expect(Number((steps.recycling as Json).power_kw), one.id).toBe(Number(recycling?.power_kw));
      if (duty !== undefined) {
        const { value_row_up_to_eur: _row, duty_eur: _eur, ...rates } = duty;
        expect(steps.duty, one.id).toMatchObject(rates);
      }
    }
  });
});
