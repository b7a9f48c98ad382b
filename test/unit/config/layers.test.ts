// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the syntax under test
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, RANK, resolveConfig } from "../../../src/config/index.ts";
import { directoryWith } from "../../support/files/files.ts";

type Env = Record<string, string>;

const load = async (files: Env, env: Env = {}) => loadConfig({ cwd: await directoryWith(files), env });
const file = (content: object) => ({ "che168.config.json": JSON.stringify(content) });

async function warningsOf(files: Env, env: Env = {}, modes: Readonly<Record<string, number>> = {}) {
  const cwd = await directoryWith(files);
  for (const name of Object.keys(files)) {
    await chmod(join(cwd, name), modes[name] ?? 0o600);
  }
  const warnings: string[] = [];
  await resolveConfig({ cwd, env, onWarning: (message) => warnings.push(message) });
  return warnings.map((warning) => warning.replaceAll(cwd, "."));
}

describe("${NAME} in a configuration file", () => {
  test("is replaced in strings at any depth, by the environment before .env", async () => {
    const config = await load(
      {
        ...file({
          upstream: { apiKey: "${KEY}", baseUrl: "http://${HOST}:9/api" },
          api: { cors: { origins: ["https://${HOST}"] } },
        }),
        ".env": "HOST=from-dotenv\nKEY=k-from-dotenv\n",
      },
      { HOST: "from-environment" },
    );
    expect(config.upstream).toMatchObject({
      apiKey: "k-from-dotenv",
      baseUrl: "http://from-environment:9/api",
    });
    expect(config.api.cors.origins).toEqual(["https://from-environment"]);
  });

  test("becomes a number or a boolean only where the key requires one", async () => {
    const settings = { api: { port: "${N}", docs: "${FLAG}" }, database: { host: "h", password: "${N}" } };
    const config = await load(file(settings), { N: "9001", FLAG: "false" });
    expect(config.api).toMatchObject({ port: 9001, docs: false });
    expect(config.database.password).toBe("9001");
  });

  test("is kept after $, and never replaced in a variable's own value", async () => {
    const config = await load(file({ database: { host: "h", user: "$${A}" } }), {
      A: "wrong",
      DB_PASSWORD: "p${A}",
    });
    expect(config.database).toMatchObject({ user: "${A}", password: "p${A}" });
  });

  test("that is not set is a problem of its key, unless the value is overridden", async () => {
    const files = file({ api: { port: "${A}", host: "${B}" } });
    await expect(load(files)).rejects.toMatchObject({
      problems: [
        { key: "api.port", message: "needs the environment variable A, which is not set" },
        { key: "api.host", message: "needs the environment variable B, which is not set" },
      ],
    });
    expect((await load(files, { API_PORT: "1", API_HOST: "h" })).api).toMatchObject({ port: 1, host: "h" });
  });
});

describe("text", () => {
  test("of a variable is trimmed, except passwords", async () => {
    const config = await load({ ".env": 'DB_HOST=" base "\nDB_PASSWORD=" p "\n' }, { DB_NAME: " cars" });
    expect(config.database).toMatchObject({ host: "base", name: "cars", password: " p " });
  });

  test("in a file must not start or end with a space", async () => {
    await expect(load(file({ database: { url: " postgres://u:p@base:5432/cars" } }))).rejects.toMatchObject({
      problems: [{ key: "database.url", message: expect.stringContaining("without a space at either end") }],
    });
  });

  test("of .env may start with a byte order mark", async () => {
    expect((await load({ ".env": "\ufeffAPI_PORT=9002\nAPI_HOST=10.0.0.2\n" })).api).toMatchObject({
      port: 9002,
      host: "10.0.0.2",
    });
  });
});

describe("warnings", () => {
  test("name unknown CHE168_ variables and misspelt others, with a guess", async () => {
    const dotenv = "CHE168_API_KYE=k\nCHE168_COLOUR=red\nDB_HSOT=h\nCHE168_VERSION=1\nHOME_PAGE=x\n";
    expect(
      await warningsOf({ ".env": dotenv }, { LOG_LEVLE: "debug", LOGNAME: "me", API_TOKEN: "t" }),
    ).toEqual([
      ".env: unknown variable CHE168_API_KYE; did you mean CHE168_API_KEY?",
      ".env: unknown variable CHE168_COLOUR",
      ".env: unknown variable DB_HSOT; did you mean DB_HOST?",
      "Environment: unknown variable LOG_LEVLE; did you mean LOG_LEVEL?",
    ]);
  });

  test("leave out variables that the configuration file refers to", async () => {
    const files = { ...file({ upstream: { apiKey: "${CHE168_KEY_2}" } }), ".env": "CHE168_KEY_2=k\n" };
    expect(await warningsOf(files)).toEqual([]);
  });

  test("name files with secrets that every user can read, and no others", async () => {
    const secret = { ".env": "SECRET_KEY=s\n", ...file({ database: { url: "postgres://u:p@h/n" } }) };
    const readable = { ".env": 0o644, "che168.config.json": 0o644 };
    expect(await warningsOf(secret, {}, readable)).toEqual([
      ".env contains secrets and is readable by every user of this machine: chmod 600 ./.env",
      "che168.config.json contains secrets and is readable by every user of this machine: chmod 600 ./che168.config.json",
    ]);
    expect(await warningsOf(secret)).toEqual([]);
    const harmless = { ".env": "API_PORT=1\n", ...file({ upstream: { apiKey: "${K}" } }) };
    expect(await warningsOf(harmless, { K: "k" }, readable)).toEqual([]);
  });

  test("name the configuration files that another one overrides", async () => {
    const files = { ...file({ api: { port: 1 } }), "che168.config.yaml": "api: { port: 2 }\n" };
    expect(await warningsOf(files)).toEqual([
      "che168.config.yaml is ignored; che168.config.json takes precedence",
    ]);
  });
});

test("resolveConfig reports the origin of each value", async () => {
  const cwd = await directoryWith({ ...file({ api: { pageSize: 7 } }), ".env": "API_PORT=9002\n" });
  const { origins, path } = await resolveConfig({ cwd, env: { LOG_LEVEL: "warn" }, flags: { host: "::1" } });
  expect(path).toBe(join(cwd, "che168.config.json"));
  expect(Object.fromEntries(origins)).toEqual({
    "api.pageSize": { rank: RANK.file, label: "api.pageSize", file: path },
    "api.port": { rank: RANK.dotenv, label: "API_PORT", file: ".env" },
    "logging.level": { rank: RANK.environment, label: "LOG_LEVEL" },
    "api.host": { rank: RANK.flag, label: "--host" },
  });
});
