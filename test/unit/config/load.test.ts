import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, requireUpstream, secretsOf } from "../../../src/config/index.ts";
import { ConfigError, type ConfigProblem } from "../../../src/errors.ts";
import { directoryWith } from "../../support/files/files.ts";

interface Sources {
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly flags?: Record<string, unknown>;
}

const load = async ({ files = {}, env = {}, flags = {} }: Sources) =>
  loadConfig({ cwd: await directoryWith(files), env, flags });

async function problemsOf(sources: Sources): Promise<readonly ConfigProblem[]> {
  const error = await load(sources).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems;
}

describe("defaults", () => {
  test("are the documented ones", async () => {
    const cwd = await directoryWith();
    expect(await loadConfig({ cwd, env: {} })).toEqual({
      upstream: {
        export: {},
        timeoutMs: 30000,
        keyIn: "auto",
        offerIntervalMs: 1500,
        offersIntervalMs: 700,
        changesIntervalMs: 2000,
        maxResponseBytes: 67108864,
        retry: { attempts: 20, intervalMs: 720000 },
      },
      loader: { maxFailedPages: 3 },
      updater: { repairGaps: true, gapTolerance: 20 },
      reconcile: { maxEndedShare: 0.2 },
      normalizer: { batchSize: 200, serveVin: true },
      api: {
        host: "127.0.0.1",
        port: 8000,
        pageSize: 20,
        maxPageSize: 100,
        maxOffset: 10_000,
        rateLimit: { points: 600, durationSec: 60, store: "memory" },
        cors: { origins: [] },
        docs: true,
        dashboard: true,
        images: false,
        imageBaseUrl: "",
        imageSizes: true,
        mirror: false,
        trustProxy: false,
      },
      notify: [],
      logging: {
        dir: join(cwd, "logs"),
        level: "info",
        retentionDays: 7,
        maxBytes: 1_073_741_824,
        format: "text",
      },
      database: { dataDir: join(cwd, ".che168/pgdata"), autoMigrate: true, replicas: [] },
      tokens: { storage: "plain", graceMs: 3_600_000 },
      customs: { tariffs: [], transitDays: 0 },
      events: { retentionDays: 180 },
      webhooks: [],
      vocabulary: {},
      timezone: "Europe/Moscow",
    });
  });

  test("are fresh in each result", async () => {
    const first = await load({});
    first.api.cors.origins.push("https://example.com");
    expect((await load({})).api.cors.origins).toEqual([]);
  });
});

describe("configuration files", () => {
  const formats: Record<string, string> = {
    "che168.config.ts": `import { defineConfig } from "che168-sync";
      const port: number = 9001;
      export default defineConfig({ api: { port, cors: { origins: ["https://a.example"] } } });`,
    "che168.config.js": `export default { api: { port: 9001, cors: { origins: ["https://a.example"] } } };`,
    "che168.config.mjs": `import { defineConfig } from "che168-sync";
      export default defineConfig({ api: { port: 9001, cors: { origins: ["https://a.example"] } } });`,
    "che168.config.json": `{ "api": { "port": 9001, "cors": { "origins": ["https://a.example"] } } }`,
    "che168.config.yaml": `api:\n  port: 9001\n  cors:\n    origins: [https://a.example]\nlogging:\n  # level: debug\n`,
  };
  test.each(Object.entries(formats))(
    "%s is read, from a directory without node_modules too",
    async (name, text) => {
      const config = await load({ files: { [name]: text } });
      expect(config.api).toMatchObject({
        port: 9001,
        pageSize: 20,
        cors: { origins: ["https://a.example"] },
      });
    },
  );

  test("a YAML file with only comments is valid", async () => {
    expect((await load({ files: { "che168.config.yaml": "# api:\n#   port: 1\n" } })).api.port).toBe(8000);
  });

  test("another file can be named, relative to the working directory", async () => {
    const cwd = await directoryWith({
      "deploy/live.json": `{"api":{"port":9100}}`,
      "che168.config.json": `{"api":1}`,
    });
    const config = await loadConfig({ cwd, env: {}, configFile: "deploy/live.json" });
    expect(config.api.port).toBe(9100);
  });

  test("rc files, package.json, $production and extends are ignored or rejected", async () => {
    const home = await directoryWith();
    const config = await load({
      files: {
        ".che168rc": "api.port=1",
        ".che168": "api.port=1",
        "package.json": `{"che168":{"api":{"port":2}}}`,
        "che168.config.json": `{"api":{"pageSize":30}}`,
      },
      env: { NODE_ENV: "production", HOME: home },
    });
    expect(config.api).toMatchObject({ port: 8000, pageSize: 30 });
    expect(
      await problemsOf({ files: { "che168.config.json": `{"$production":{},"extends":"./other"}` } }),
    ).toMatchObject([{ key: "$production" }, { key: "extends" }]);
  });

  test.each([
    ["broken JSON", { "che168.config.json": `{"api":` }, "che168.config.json"],
    ["an exception", { "che168.config.mjs": `throw new Error("boom");` }, "che168.config.mjs"],
    ["a list", { "che168.config.yaml": "- 1\n- 2\n" }, "che168.config.yaml"],
  ])("%s is a problem of that file", async (_what, files, key) => {
    expect(await problemsOf({ files })).toMatchObject([{ key }]);
  });

  test("a missing named file is a problem", async () => {
    const cwd = await directoryWith();
    await expect(loadConfig({ cwd, env: {}, configFile: "gone.yaml" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      problems: [{ key: "gone.yaml" }],
    });
  });
});

describe("precedence", () => {
  const files = {
    ".env": "API_PORT=9002\nAPI_HOST=10.0.0.2\n",
    "che168.config.json": `{"api":{"port":9001,"host":"10.0.0.1","pageSize":7}}`,
  };

  test("flag, then environment, then .env, then file, then default", async () => {
    const port = async (sources: Sources) => (await load(sources)).api.port;
    expect(await port({ files, env: { API_PORT: "9003" }, flags: { port: "9004" } })).toBe(9004);
    expect(await port({ files, env: { API_PORT: "9003" } })).toBe(9003);
    expect(await port({ files })).toBe(9002);
    expect(await port({ files: { "che168.config.json": files["che168.config.json"] } })).toBe(9001);
    expect(await port({})).toBe(8000);
  });

  test("a list in the file replaces the default", async () => {
    const config = await load({ files: { "che168.config.json": `{"api":{"cors":{"origins":["*"]}}}` } });
    expect(config.api.cors.origins).toEqual(["*"]);
  });

  test("an empty variable counts as unset", async () => {
    const config = await load({ files, env: { API_PORT: "", API_HOST: "  " } });
    expect(config.api).toMatchObject({ port: 9002, host: "10.0.0.2", pageSize: 7 });
  });

  test("an invalid value is accepted if it is overridden", async () => {
    const config = await load({
      files: { "che168.config.json": `{"api":{"port":"many"}}` },
      env: { API_PORT: "80" },
    });
    expect(config.api.port).toBe(80);
  });

  test("every documented variable sets its key", async () => {
    const config = await load({
      env: {
        DB_HOST: "db",
        DB_PORT: "5433",
        DB_USER: "u",
        DB_PASSWORD: " p ",
        DB_NAME: "n",
        CHE168_API_KEY: "k",
        CHE168_ACCESS_NAME: "acc",
        CHE168_BASE_URL: "http://localhost:9/api/v2/che168",
        SECRET_KEY: "s",
        API_HOST: "::1",
        API_PORT: "0",
        LOG_LEVEL: "WARN",
        LOG_DIR: "/var/log/che168",
      },
    });
    expect(config.database).toMatchObject({ host: "db", port: 5433, user: "u", password: " p ", name: "n" });
    expect(config.upstream).toMatchObject({
      apiKey: "k",
      accessName: "acc",
      baseUrl: "http://localhost:9/api/v2/che168",
    });
    expect(config.tokens.secretKey).toBe("s");
    expect(config.api).toMatchObject({ host: "::1", port: 0 });
    expect(config.logging).toMatchObject({ level: "warn", dir: "/var/log/che168" });
    expect((await load({ env: { DATABASE_URL: "postgres://u:p@h/n" } })).database.url).toBe(
      "postgres://u:p@h/n",
    );
  });

  test("LOG_DIR=false disables log files", async () => {
    expect((await load({ env: { LOG_DIR: "false" } })).logging.dir).toBe(false);
  });

  test("DATABASE_URL of the environment replaces the parts in the file, and DB_HOST replaces its URL", async () => {
    const parts = { "che168.config.json": `{"database":{"host":"old","user":"old","name":"old"}}` };
    const replaced = await load({ files: parts, env: { DATABASE_URL: "postgres://new/db" } });
    expect(replaced.database).toMatchObject({ url: "postgres://new/db" });
    expect(replaced.database.host).toBeUndefined();
    const url = { ".env": "DATABASE_URL=postgres://old/db" };
    const other = await load({ files: url, env: { DB_HOST: "new" } });
    expect(other.database).toMatchObject({ host: "new" });
    expect(other.database.url).toBeUndefined();
  });
});

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

describe("the account of the service", () => {
  test("is required only by what reads the service, and needs a key", async () => {
    const config = await load({});
    expect(() => requireUpstream(config)).toThrow(ConfigError);
    expect(() => requireUpstream(config)).toThrow(/CHE168_API_KEY: is missing/);
  });

  test("is complete with a key, an access name or a base URL beside it", async () => {
    const bare = await load({ env: { CHE168_API_KEY: "k" } });
    expect(requireUpstream(bare)).toMatchObject({ apiKey: "k" });
    const named = await load({ env: { CHE168_API_KEY: "k", CHE168_ACCESS_NAME: "acc" } });
    expect(requireUpstream(named)).toMatchObject({ apiKey: "k", accessName: "acc", timeoutMs: 30000 });
    const based = await load({ env: { CHE168_API_KEY: "k", CHE168_BASE_URL: "http://127.0.0.1:1/x" } });
    expect(requireUpstream(based)).toMatchObject({ apiKey: "k", baseUrl: "http://127.0.0.1:1/x" });
  });
});

test("secretsOf includes the password inside a URL, as written and decoded", async () => {
  const config = await load({
    files: { "che168.config.json": `{"database":{"replicas":["postgres://r:second@h/n"]}}` },
    env: { DATABASE_URL: "postgres://u:p%40ss@h/n", CHE168_API_KEY: "key", SECRET_KEY: "sec" },
  });
  expect(secretsOf(config)).toEqual(expect.arrayContaining(["p%40ss", "p@ss", "second", "key", "sec"]));
});
