import { expect, test } from "vitest";
import { tokenOf } from "../../../src/api/http/auth.ts";

const TOKEN = "aB3dE6gH9jK2mN5p";

const headers = (given: Record<string, string>) => tokenOf((name) => given[name] ?? null);

test("a token is taken from Authorization or X-API-Key", () => {
  expect(headers({ authorization: `Bearer ${TOKEN}` })).toBe(TOKEN);
  expect(headers({ authorization: `bearer  ${TOKEN} ` })).toBe(TOKEN);
  expect(headers({ "x-api-key": TOKEN })).toBe(TOKEN);
  expect(headers({ authorization: `Basic ${TOKEN}` })).toBeUndefined();
  expect(headers({ authorization: TOKEN })).toBeUndefined();
  expect(headers({ authorization: `Bearer ${TOKEN}, Bearer ${TOKEN}` })).toBeUndefined();
  expect(headers({})).toBeUndefined();
});
