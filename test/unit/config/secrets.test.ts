import { expect, test } from "vitest";
import { masked } from "../../../src/config/index.ts";

test.each([
  ["upstream.apiKey", "k3y", "[hidden]"],
  ["database.password", "p", "[hidden]"],
  ["database.url", "postgres://u:p%40ss@h:5432/n", "postgres://u:[hidden]@h:5432/n"],
  ["upstream.baseUrl", "https://h/api?api_key=k3y&x=1", "https://h/api?api_key=[hidden]&x=1"],
  ["database.replicas", ["postgres://u:p@h/n"], ["postgres://u:[hidden]@h/n"]],
  ["hooks", [{ url: "https://h/x", secret: "s" }], [{ url: "https://h/x", secret: "[hidden]" }]],
  ["api.host", "127.0.0.1", "127.0.0.1"],
  ["api.port", 8000, 8000],
])("masked hides the secrets of %s", (key, value, expected) => {
  expect(masked(value, key)).toEqual(expected);
});
