import { expect, test } from "vitest";
import { closest } from "../../../src/util/closest.ts";

const CANDIDATES = [
  ...["price_from", "price_to", "color", "page", "q", "sort", "mark", "year_from", "engine_type"],
  ...["transmission_type", "gasoline", "diesel", "DATABASE_URL"],
];

test.each([
  ["colour", "color"],
  ["PRICE_FORM", "price_from"],
  ["database_ulr", "DATABASE_URL"],
  ["pge", "page"],
  ["price_t", "price_to"],
  ["page", "page"],
  ["osrt", "sort"],
  ["tranmision_tpye", "transmission_type"],
  ["deisel", "diesel"],
])("%s: did you mean %s?", (given, meant) => {
  expect(closest(given, CANDIDATES)).toBe(meant);
});

test("the first words of one candidate mean it", () => {
  expect(closest("engine", CANDIDATES)).toBe("engine_type");
  expect(closest("Database", CANDIDATES)).toBe("DATABASE_URL");
  expect(closest("price", CANDIDATES)).toBeUndefined();
});

test.each([
  ...["xyz", "", "name", "sold", "order", "search", "petrol", "engines_and_types", "transport", "x"],
  "x".repeat(4_000),
])("nothing is near %j", (given) => {
  expect(closest(given, CANDIDATES)).toBeUndefined();
});
