import { expect, test } from "vitest";
import { masked, type ResolvedConfig, secretsOf } from "../../../src/config/index.ts";

test.each([
  ["upstream.apiKey", "k3y", "[hidden]"],
  ["database.password", "p://q", "[hidden]"],
  ["database.url", "postgres://u:p%40ss@h:5432/n", "postgres://u:[hidden]@h:5432/n"],
  ["upstream.baseUrl", "https://h/api?api_key=k3y&x=1", "https://h/api?api_key=[hidden]&x=1"],
  ["database.replicas", ["postgres://u:p@h/n"], ["postgres://u:[hidden]@h/n"]],
  ["hooks", [{ url: "https://h/x", secret: "s" }], [{ url: "https://h/x", secret: "[hidden]" }]],
  ["api.host", "127.0.0.1", "127.0.0.1"],
  ["api.port", 8000, 8000],
])("masked hides the secrets of %s", (key, value, expected) => {
  expect(masked(value, key)).toEqual(expected);
});

test("secretsOf finds secrets at any depth, by their name or inside a URL", () => {
  const config = {
    upstream: { apiKey: "k3y", baseUrl: "https://h/api", export: { user: "u", password: "exp" } },
    database: { url: "postgres://u:p%40ss@h/n", replicas: ["postgres://h/n"] },
    notify: [{ type: "telegram", token: "t0ken", chatId: "1" }],
  } as unknown as ResolvedConfig;
  expect(secretsOf(config)).toEqual(["k3y", "exp", "postgres://u:p%40ss@h/n", "p%40ss", "p@ss", "t0ken"]);
});
