import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What serves every room. */
const SERVICES = ["database", "operations", "logging", "errors", "version"];

/** What each room may import besides itself. Whoever adds a room says here which way its listings flow. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  version: [],
  logging: ["errors"],
  database: ["errors", "logging", "version"],
  operations: ["errors", "logging", "database"],
  tokens: SERVICES,
  // The way of a listing, from left to right.
  upstream: SERVICES,
  loader: [...SERVICES, "upstream"],
  updater: [...SERVICES, "upstream"],
  normalizer: [...SERVICES, "upstream", "loader", "updater"],
  api: [...SERVICES, "tokens", "upstream", "loader", "updater", "normalizer"],
  // Beside the way.
  daily: [...SERVICES, "updater", "normalizer"],
  schedule: ["errors", "logging"],
  status: [...SERVICES, "upstream", "normalizer"],
  catalogue: ["errors", "upstream"],
  sandbox: ["errors", "logging"],
  config: ["errors", "normalizer"],
};
/** They wire everything. */
const WIRING = ["cli", "index"];
/** Known to the command line alone, besides the index and themselves. */
const EDGE = ["config", "sandbox", "cli"];
/** The database's packages, which no other room speaks to. */
const DRIVERS = /^(@mikro-orm\/|@electric-sql\/|pg$|pg-|kysely)/;

const roomOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");

/** The rule that an import breaks, or nothing. Paths are relative to the repository. */
function brokenRule(from: string, to: string): string | undefined {
  const room = roomOf(from);
  if (DRIVERS.test(to)) {
    return room === "database" ? undefined : "only `database` speaks to drivers and to the ORM";
  }
  if (!to.startsWith("src/")) {
    return undefined;
  }
  const target = roomOf(to);
  if (target === room || (WIRING.includes(room) && !(room === "index" && EDGE.slice(1).includes(target)))) {
    return undefined;
  }
  if (EDGE.includes(target)) {
    return "only `cli` imports `config` and `sandbox`, besides the index; nobody imports `cli`";
  }
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) {
    return `\`${room}\` is a new room: say in test/unit/layers.test.ts what it may import`;
  }
  if (allowed.includes(target)) {
    return undefined;
  }
  return SERVICES.includes(room)
    ? `\`${room}\` serves all rooms and imports none`
    : "a room imports from rooms to its left: upstream → loader, updater → normalizer → api";
}

/** Every import, export from, and import() of a file; packages by name, files by their path in the repository. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), "utf8"), true, true);
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith(".") ? normalize(join(dirname(file), fileName)) : fileName,
  );
}

const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .map((file) => `src/${file}`);

test("a listing flows one way: every import of the sources obeys the rules", () => {
  const broken = sources.flatMap((from) =>
    importsOf(from).flatMap((to) => {
      const rule = brokenRule(from, to);
      return rule === undefined ? [] : [`${from} imports ${to}: ${rule}`];
    }),
  );
  expect(broken).toEqual([]);
});

test("every import between rooms is found: static, dynamic, of types", () => {
  const found = importsOf("src/cli/commands/serve.ts");
  expect(found).toContain("src/api/index.ts");
  expect(found).toContain("src/cli/args.ts");
  expect(importsOf("src/daily/run-daily.ts")).toContain("src/updater/updater.ts");
});

describe("a rule that is broken is named", () => {
  test.each([
    ["src/loader/loader.ts", "src/listing/index.ts", /rooms to its left/],
    ["src/updater/updater.ts", "src/loader/loader.ts", /rooms to its left/],
    ["src/listing/normalize.ts", "src/api/handler.ts", /rooms to its left/],
    ["src/database/locks.ts", "src/loader/loader.ts", /`database` serves all rooms/],
    ["src/operations/run-log.ts", "src/updater/updater.ts", /`operations` serves all rooms/],
    ["src/api/handler.ts", "src/config/load.ts", /only `cli` imports `config` and `sandbox`/],
    ["src/index.ts", "src/cli/main.ts", /nobody imports `cli`/],
    ["src/index.ts", "src/sandbox/index.ts", /only `cli` imports/],
    ["src/api/handler.ts", "pg", /only `database` speaks to drivers/],
    ["src/billing/invoice.ts", "src/errors.ts", /`billing` is a new room/],
  ])("%s must not import %s", (from, to, rule) => {
    expect(brokenRule(from, to)).toMatch(rule);
  });
});
