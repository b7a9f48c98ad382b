import { expect, test } from "vitest";
import { type PriceEvent, priceHistory } from "../../../src/api/schema/price-history.ts";

const LISTING = { price: 90, firstSeenAt: "first", updatedAt: "updated" };

test.each<[string, PriceEvent[], Partial<typeof LISTING>, [string | null, number][]]>([
  ["starts with the added event", [["t1", null, 90]], {}, [["t1", 90]]],
  [
    "has each price",
    [
      ["t1", null, 95],
      ["t2", 95, 90],
    ],
    {},
    [
      ["t1", 95],
      ["t2", 90],
    ],
  ],
  ["is the present price without events", [], {}, [["first", 90]]],
  [
    "knows the price before the first event",
    [["t2", 95, 90]],
    {},
    [
      ["first", 95],
      ["t2", 90],
    ],
  ],
  [
    "ignores removal and return at the same price",
    [
      ["t1", null, 90],
      ["t2", 90, null],
      ["t3", null, 90],
    ],
    {},
    [["t1", 90]],
  ],
  [
    "omits an unknown price",
    [
      ["t1", null, null],
      ["t2", null, 90],
    ],
    {},
    [["t2", 90]],
  ],
  [
    "ends with the present price when other rules read another one",
    [["t1", null, 95]],
    {},
    [
      ["t1", 95],
      ["updated", 90],
    ],
  ],
])("the price history %s", (_title, events, more, expected) => {
  expect(priceHistory(events, { ...LISTING, ...more })).toEqual(
    expected.map(([at, price]) => ({ at, price })),
  );
});

test("the price history is empty when no price is known", () => {
  expect(priceHistory([], { ...LISTING, price: null })).toEqual([]);
});
