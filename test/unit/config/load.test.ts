import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, requireUpstream, secretsOf } from "../../../src/config/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { load, problemsOf, type Sources } from "../../support/config/load.ts";
import { directoryWith } from "../../support/files/files.ts";

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
        statementTimeoutMs: 5_000,
        maxWaiting: 200,
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

describe("the account of the service", () => {
  test("is required only by commands that read the service, and needs a key", async () => {
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
