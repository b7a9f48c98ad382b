import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantiles } from "../../../src/api/facets/market.ts";

/** By sorting all of them. */
function expected(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

const SHARES = [0, 0.25, 0.5, 0.75, 1];

describe("quantiles", () => {
  test("of nothing are null", () => {
    expect(quantiles(new Int32Array(), [0, 0.5])).toEqual([null, null]);
  });

  test.each([3, 999, 1_001, 3_000])("of %i numbers are those of the sorted list", (length) => {
    const numbers = fc.oneof(
      fc.integer({ min: -20_000, max: 20_000 }),
      fc.integer({ min: 0, max: 2_147_483_647 }),
      fc.constantFrom(7, 8),
    );
    const list = fc
      .record({
        few: fc.array(numbers, { minLength: 1, maxLength: 40 }),
        offset: fc.integer({ min: 0, max: 9 }),
      })
      .map(({ few, offset }) =>
        Array.from({ length }, (_, index) => (few[(index * 7 + offset) % few.length] ?? 0) - (index % 5)),
      );
    fc.assert(
      fc.property(list, (values) => {
        expect(quantiles(Int32Array.from(values), SHARES)).toEqual(
          SHARES.map((share) => expected(values, share)),
        );
      }),
      { numRuns: 50 },
    );
  });
});
