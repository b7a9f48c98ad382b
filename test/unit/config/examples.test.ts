import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { configKeys } from "../../../src/config/config-keys.ts";
import { fromEnvironment, RANK } from "../../../src/config/layers.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { directoryWith } from "../../support/files/files.ts";

const EXAMPLE = fileURLToPath(new URL("../../../che168.config.ts", import.meta.url));
const ENV_EXAMPLE = fileURLToPath(new URL("../../../.env.example", import.meta.url));

test("che168.config.ts has the default of every key", async () => {
  const cwd = dirname(EXAMPLE);
  const example = await loadConfig({ cwd, env: {}, configFile: EXAMPLE });
  const defaults = await loadConfig({ cwd: await directoryWith(), env: {} });
  expect({ ...example, database: {}, logging: {} }).toEqual({ ...defaults, database: {}, logging: {} });
  expect(example.database).toEqual({ ...defaults.database, dataDir: `${cwd}/.che168/pgdata` });
  expect(example.logging).toEqual({ ...defaults.logging, dir: `${cwd}/logs` });
});

test("che168.config.ts contains every key", async () => {
  const text = await readFile(EXAMPLE, "utf8");
  for (const key of configKeys().keys) {
    expect(text).toMatch(new RegExp(`\\b${key.split(".").at(-1)}: `));
  }
});

test.each(["docs/configuration.md", "docs/ru/configuration.md"])("%s lists every key", async (page) => {
  const text = await readFile(new URL(`../../../${page}`, import.meta.url), "utf8");
  const names = new Set(
    [...text.matchAll(/`([a-z]\w+(?:\.\w+)*)`/gi)].flatMap(([, key = ""]) => key.split(".").at(-1)),
  );
  expect([...configKeys().keys].filter((key) => !names.has(key.split(".").at(-1)))).toEqual([]);
});

test(".env.example names exactly the variables that are read", async () => {
  const text = await readFile(ENV_EXAMPLE, "utf8");
  const named = Object.keys(parseEnv(text.replace(/^# (?=[A-Z\d_]+=)/gm, "")));
  const everything = Object.fromEntries(named.map((name) => [name, "1"]));
  expect(fromEnvironment(everything, { rank: RANK.environment })).toHaveLength(named.length);
  expect(named).toHaveLength(17);
  // Unchanged, it sets nothing.
  expect(fromEnvironment(parseEnv(text), { rank: RANK.environment })).toEqual([]);
});
