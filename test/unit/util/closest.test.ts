import { expect, test } from "vitest";
import { closest } from "../../../src/util/closest.ts";

const CANDIDATES = ["price_from", "price_to", "color", "page", "q", "DATABASE_URL"];

test.each([
  ["colour", "color"],
  ["PRICE_FORM", "price_from"],
  ["database_ulr", "DATABASE_URL"],
  ["pge", "page"],
  ["price_t", "price_to"],
  ["page", "page"],
])("%s: did you mean %s?", (given, meant) => {
  expect(closest(given, CANDIDATES)).toBe(meant);
});

test.each(["engine", "xyz", "", "x".repeat(4_000)])("nothing is near %j", (given) => {
  expect(closest(given, ["price_from", "color"])).toBeUndefined();
});
