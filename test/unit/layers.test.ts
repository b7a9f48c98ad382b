import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Each module's layer, and what it may import besides `errors`, `version` and `util`. Imports point downwards only:
 * upstream → loader, updater → normalizer → api.
 */
const MODULES: Readonly<Record<string, { readonly layer: number; readonly mayImport: readonly string[] }>> = {
  errors: { layer: 1, mayImport: [] },
  version: { layer: 1, mayImport: [] },
  util: { layer: 1, mayImport: [] },
  logging: { layer: 2, mayImport: [] },
  // Pure and browser-safe: the entry `che168-sync/normalizer`.
  listing: { layer: 2, mayImport: [] },
  database: { layer: 3, mayImport: ["logging", "listing"] },
  upstream: { layer: 3, mayImport: ["logging"] },
  operations: { layer: 4, mayImport: ["logging", "listing", "database", "upstream"] },
  dump: { layer: 4, mayImport: ["logging", "database"] },
  tokens: { layer: 4, mayImport: ["logging", "database"] },
  loader: { layer: 5, mayImport: ["logging", "database", "upstream", "operations"] },
  updater: { layer: 5, mayImport: ["logging", "database", "upstream", "operations"] },
  normalizer: { layer: 5, mayImport: ["logging", "listing", "database", "operations"] },
  daily: { layer: 6, mayImport: ["logging", "database", "operations", "updater", "normalizer"] },
  api: { layer: 6, mayImport: ["logging", "listing", "database", "operations", "tokens"] },
  "api-client": { layer: 6, mayImport: [] },
  sandbox: { layer: 6, mayImport: ["logging"] },
  config: { layer: 7, mayImport: ["listing"] },
};
/** The public files of a module; of an unlisted module, every file is public. */
const FACES: Readonly<Record<string, readonly string[]>> = {
  // The drivers' clients serve COPY and packages with their own SQL; the entities are an entry of the package.
  dump: ["index.ts"],
  database: ["index.ts", "native-clients.ts", "entities/index.ts"],
  config: ["index.ts"],
  // The interface and the redaction alone, without consola.
  logging: ["index.ts", "types.ts", "redact.ts"],
};
/** Wire everything together; `lazy` holds the index's factories. */
const WIRING = ["cli", "index", "lazy"];
/** Imported by the command line only; `config` by the index as well. */
const EDGE = ["config", "sandbox", "cli"];
/** Database packages; `dump` streams COPY through the driver. */
const DRIVERS = /^(@mikro-orm\/|@electric-sql\/|pg$|pg-)/;

const moduleOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");

/** The rule that an import breaks, or undefined. Paths are relative to the repository. */
function brokenRule(from: string, to: string): string | undefined {
  const source = moduleOf(from);
  if (DRIVERS.test(to)) {
    return ["database", "dump"].includes(source)
      ? undefined
      : "only `database` and `dump` import drivers and the ORM";
  }
  if (!to.startsWith("src/")) {
    return undefined;
  }
  const target = moduleOf(to);
  if (target === source) {
    return undefined;
  }
  const face = FACES[target];
  if (face !== undefined && !face.includes(to.split("/").slice(2).join("/"))) {
    return `other modules import \`${target}\` by ${face.join(", ")}`;
  }
  if (WIRING.includes(source) && !(source !== "cli" && EDGE.slice(1).includes(target))) {
    return undefined;
  }
  if (EDGE.includes(target)) {
    return "only `cli` and the index import `config`; only `cli` imports `sandbox`; nothing imports `cli`";
  }
  const module = MODULES[source];
  const imported = MODULES[target];
  if (module === undefined || imported === undefined) {
    return `\`${module ? target : source}\` is a new module: add its layer to test/unit/layers.test.ts`;
  }
  if (imported.layer === 1 && module.layer > 1) {
    return undefined;
  }
  if (module.mayImport.includes(target)) {
    return undefined;
  }
  return imported.layer >= module.layer
    ? `imports point to lower layers: \`${target}\` (${imported.layer}) is not below \`${source}\` (${module.layer})`
    : `\`${source}\` does not need \`${target}\`: see MODULES in test/unit/layers.test.ts`;
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

test("every import points to a lower layer and to a module that it may use", () => {
  const broken = sources.flatMap((from) =>
    importsOf(from).flatMap((to) => {
      const rule = brokenRule(from, to);
      return rule === undefined ? [] : [`${from} imports ${to}: ${rule}`];
    }),
  );
  expect(broken).toEqual([]);
});

test("no import cycle", () => {
  const graph = new Map(sources.map((file) => [file, importsOf(file).filter((to) => to.startsWith("src/"))]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    if (!done.has(file)) {
      for (const to of graph.get(file) ?? []) {
        visit(to, [...path, file]);
      }
      done.add(file);
    }
  };
  for (const file of sources) {
    visit(file, []);
  }
  expect(circles).toEqual([]);
});

test("every import between modules is found: static, dynamic and type imports", () => {
  const found = importsOf("src/cli/commands/serve.ts");
  expect(found).toContain("src/api/index.ts");
  expect(found).toContain("src/cli/args.ts");
  expect(importsOf("src/daily/run-daily.ts")).toContain("src/updater/index.ts");
});

describe("a broken rule is named", () => {
  test.each([
    ["src/loader/index.ts", "src/normalizer/normalizer.ts", /imports point to lower layers/],
    ["src/updater/index.ts", "src/loader/index.ts", /imports point to lower layers/],
    ["src/listing/normalize.ts", "src/api/handler.ts", /imports point to lower layers/],
    ["src/database/locks.ts", "src/loader/index.ts", /imports point to lower layers/],
    ["src/operations/run-log.ts", "src/updater/index.ts", /imports point to lower layers/],
    ["src/tokens/tokens.ts", "src/upstream/index.ts", /does not need `upstream`/],
    ["src/api/handler.ts", "src/config/index.ts", /only `cli` and the index import `config`/],
    ["src/index.ts", "src/cli/main.ts", /nothing imports `cli`/],
    ["src/index.ts", "src/sandbox/index.ts", /only `cli` imports `sandbox`/],
    ["src/api/handler.ts", "pg", /only `database` and `dump` import drivers/],
    ["src/loader/index.ts", "src/database/locks.ts", /import `database` by index.ts/],
    ["src/billing/invoice.ts", "src/errors.ts", /`billing` is a new module/],
  ])("%s must not import %s", (from, to, rule) => {
    expect(brokenRule(from, to)).toMatch(rule);
  });
});
