import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig, masked, type ResolvedConfig, secretsOf } from "../../../src/config/index.ts";

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

test("of the receivers of messages only the host is shown, and their addresses, tokens and secrets are redacted", async () => {
  const load = async (content: object) => {
    // A directory each: a configuration file is cached by its path.
    const cwd = await mkdtemp(join(tmpdir(), "che168-secrets-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    await writeFile(join(cwd, "che168.config.json"), JSON.stringify(content), { mode: 0o600 });
    return loadConfig({ cwd, env: {} });
  };
  const notify = [
    { type: "webhook", url: "https://hooks.example.com/T0/B0/PATHSECRET?x=1", secret: "whsec_abcdefgh" },
    { type: "telegram", token: "123456:ABCDEFGH", chatId: 4711 },
  ];
  const config = await load({ notify });
  expect(masked(config.notify, "notify")).toEqual([
    { type: "webhook", url: "https://hooks.example.com/[hidden]", secret: "[hidden]" },
    { type: "telegram", token: "[hidden]", chatId: 4711 },
  ]);
  expect(secretsOf(config)).toEqual(
    expect.arrayContaining([notify[0]?.url, "/T0/B0/PATHSECRET?x=1", "whsec_abcdefgh", "123456:ABCDEFGH"]),
  );
  await expect(load({ notify: [{ ...notify[0], type: "mail" }] })).rejects.toThrow(/^(?!.*PATHSECRET)/s);
});
