import { describe, expect, test } from "vitest";
import type { ConfigError } from "../../../src/errors.ts";
import { load, problemsOf, type Sources } from "../../support/config/load.ts";

describe("problems", () => {
  test("are reported together, each under the key as the user wrote it", async () => {
    const problems = await problemsOf({
      files: {
        ".env": "DB_PORT=abc\nDB_HOST=db\n",
        "che168.config.yaml": [
          "api:",
          "  prot: 8000",
          "  pageSize: 1.5",
          "  cors: { origins: ['https://a.example', 'https://b.example/path'] }",
          "timezone: Mars/Olympus",
          "tokens: { storage: hashed }",
          "loader: 3",
          "upstream: { retry: { attempts: null } }",
          "logging: { format: xml }",
          "database: { autoMigrate: perhaps }",
        ].join("\n"),
      },
      env: { API_PORT: "70000", LOG_LEVEL: "loud" },
      flags: { "batch-size": "many" },
    });
    expect(Object.fromEntries(problems.map(({ key, message }) => [key, message]))).toEqual({
      SECRET_KEY: expect.stringContaining("openssl rand -hex 32"),
      DB_PORT: 'must be a whole number from 1 to 65535, not "abc" (in .env)',
      "api.prot": "is not a setting; did you mean api.port?",
      "api.pageSize": "must be a whole number from 1 to 1000, not 1.5",
      "api.cors.origins[1]":
        'must be an origin such as https://example.com, without path, or *, not "https://b.example/path"',
      timezone: 'must be an IANA time zone such as Europe/Moscow, not "Mars/Olympus"',
      loader: "must be an object",
      "logging.format": 'must be "json" or "text", not "xml"',
      "database.autoMigrate": 'must be true or false, not "perhaps"',
      "upstream.retry.attempts": "must be a whole number from 1 to 1000, not null",
      API_PORT: "must be a whole number from 0 to 65535, not 70000",
      LOG_LEVEL: 'must be "debug", "error", "info" or "warn", not "loud"',
      "--batch-size": 'must be a whole number from 1 to 10000, not "many"',
    });
  });

  test.each<[string, Sources, string[]]>([
    ["a URL beside its parts", { env: { DATABASE_URL: "postgres://h/n", DB_HOST: "h" } }, ["DATABASE_URL"]],
    ["parts without a host", { env: { DB_NAME: "n" } }, ["DB_HOST"]],
    ["a URL of another database", { env: { DATABASE_URL: "mysql://h/n" } }, ["DATABASE_URL"]],
    ["a bare % in a password", { env: { DATABASE_URL: "postgres://u:100%@h/n" } }, ["DATABASE_URL"]],
    [
      "replicas of the embedded database",
      { files: { "che168.config.json": `{"database":{"replicas":["postgres://h/n"]}}` } },
      ["database.replicas"],
    ],
    ["a host with a port", { env: { API_HOST: "localhost:80" } }, ["API_HOST"]],
    ["a base URL with a query", { env: { CHE168_BASE_URL: "https://h/api?x=1" } }, ["CHE168_BASE_URL"]],
    [
      "the address of one daily file",
      { env: { CHE168_EXPORT_URL: "https://h/export/2026-11-27/all_active.xlsx" } },
      ["CHE168_EXPORT_URL"],
    ],
    [
      "an access name that is a URL",
      { env: { CHE168_ACCESS_NAME: "https://acc.auto-parser.ru" } },
      ["CHE168_ACCESS_NAME"],
    ],
    [
      "a page larger than the largest",
      { files: { "che168.config.json": `{"api":{"pageSize":200}}` } },
      ["api.pageSize"],
    ],
    [
      "a short secret for hashes",
      { files: { "che168.config.json": `{"tokens":{"storage":"hashed"}}` }, env: { SECRET_KEY: "short" } },
      ["SECRET_KEY"],
    ],
    [
      "__proto__ as a key",
      { files: { "che168.config.json": `{"api":{"__proto__":{"port":1}}}` } },
      ["api.__proto__"],
    ],
    ["a text for a switch", { files: { "che168.config.json": `{"api":{"docs":"no"}}` } }, ["api.docs"]],
  ])("%s", async (_what, sources, keys) => {
    expect((await problemsOf(sources)).map(({ key }) => key)).toEqual(keys);
  });

  test("a short SECRET_KEY is accepted while tokens are plain", async () => {
    expect((await load({ env: { SECRET_KEY: "short" } })).tokens.storage).toBe("plain");
  });

  test("show no secret, valid or not", async () => {
    const secret = "Pa55word with spaces";
    const error: ConfigError = await load({
      files: {
        "che168.config.json": JSON.stringify({
          database: {
            url: `mysql://u:${secret}@h/n`,
            replicas: [`mysql://u:${secret}@h/n`, 5],
            password: [secret],
          },
          upstream: { apiKey: secret, baseUrl: `ftp://h/${secret}` },
          tokens: { storage: "hashed", secretKey: secret },
        }),
      },
    }).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error.problems.length).toBeGreaterThanOrEqual(6);
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toMatch(/Pa55word/);
  });

  test("show foreign text on one line, without control characters, truncated", async () => {
    const [problem] = await problemsOf({ env: { API_PORT: `1\n[ERROR] \u001b[31mred${"x".repeat(500)}` } });
    expect(problem?.message).toMatch(/^[ -~]{1,160}$/);
  });
});
