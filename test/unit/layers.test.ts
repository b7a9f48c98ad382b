import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Position of a module, and its interface. */
interface Module {
  readonly layer: number;
  /** Modules besides `errors`, `version` and `util`. */
  readonly mayImport: readonly string[];
  /** Public files; `every` where each file is one. @default ["index.ts"] */
  readonly public?: readonly string[] | "every";
}

/** Imports point downwards only: upstream → loader, updater → normalizer → api. */
const MODULES: Readonly<Record<string, Module>> = {
  errors: { layer: 0, mayImport: [] },
  version: { layer: 1, mayImport: [] },
  util: { layer: 1, mayImport: [], public: "every" },
  // The interface and the redaction load without consola.
  logging: { layer: 2, mayImport: [], public: ["index.ts", "types.ts", "redact.ts"] },
  // Pure and browser-safe: the index is the entry `che168-sync/normalizer`. The fields and the facts about imports load
  // without vocabulary; `internal.ts` is not published.
  listing: {
    layer: 2,
    mayImport: [],
    public: ["index.ts", "fields.ts", "internal.ts", "customs-facts.ts"],
  },
  // Pure and browser-safe: the index is the entry `che168-sync/customs`.
  customs: { layer: 3, mayImport: ["listing"] },
  // The entities are an entry of the package; COPY and the rate limiter need the drivers' own clients.
  database: {
    layer: 3,
    mayImport: ["logging", "listing"],
    public: ["index.ts", "entities/index.ts", "native-clients.ts"],
  },
  // The index is the entry `che168-sync/client`; what the jobs need besides is not published. The parts of a document load
  // without the client.
  upstream: {
    layer: 3,
    mayImport: ["logging"],
    public: ["index.ts", "internal.ts", "json/document-parts.ts"],
  },
  operations: { layer: 4, mayImport: ["logging", "listing", "database", "upstream"] },
  events: { layer: 4, mayImport: ["database"] },
  dump: { layer: 4, mayImport: ["logging", "database"] },
  rates: { layer: 4, mayImport: ["logging", "database"] },
  tokens: { layer: 4, mayImport: ["logging", "database"] },
  "export-file": { layer: 5, mayImport: ["logging", "database", "upstream", "operations"] },
  loader: { layer: 6, mayImport: ["logging", "database", "upstream", "operations", "export-file"] },
  updater: { layer: 5, mayImport: ["logging", "database", "upstream", "operations"] },
  // The package's index imports the search for unknown values statically, and the job on the first run.
  normalizer: {
    layer: 6,
    mayImport: ["logging", "listing", "database", "upstream", "operations", "events"],
    public: ["index.ts", "unknown-values.ts"],
  },
  reconciler: {
    layer: 6,
    mayImport: ["logging", "database", "upstream", "operations", "updater", "export-file"],
  },
  notifier: { layer: 5, mayImport: ["logging", "database", "upstream", "operations"] },
  // The form of endpoints is also checked by the configuration.
  webhooks: {
    layer: 5,
    mayImport: ["logging", "database", "events"],
    public: ["index.ts", "endpoints.ts"],
  },
  daily: {
    layer: 7,
    mayImport: [
      "logging",
      "database",
      "operations",
      "events",
      "updater",
      "reconciler",
      "normalizer",
      "webhooks",
    ],
  },
  // The package's index imports the labels and the check of the options statically, the handler and the server on first use.
  api: {
    layer: 6,
    mayImport: [
      "logging",
      "listing",
      "database",
      "operations",
      "events",
      "tokens",
      "webhooks",
      "customs",
      "rates",
    ],
    public: ["index.ts", "check-options.ts", "handler.ts", "schema/labels.ts", "start-server.ts"],
  },
  // Generated from the vocabulary; loads nothing else.
  labels: { layer: 6, mayImport: [] },
  "api-client": { layer: 6, mayImport: [] },
  // Needs no database: a site may run it in front of an API elsewhere.
  "api-proxy": { layer: 6, mayImport: ["logging"] },
  sandbox: { layer: 6, mayImport: ["logging"] },
  config: { layer: 8, mayImport: ["listing", "customs", "events", "webhooks"] },
};
/** Wire everything together; `lazy` holds the index's factories. */
const WIRING = ["cli", "index", "lazy"];
/** Imported by the command line only; `config` by the index as well. */
const EDGE = ["config", "sandbox", "cli"];
/** Database packages; `dump` streams COPY through the driver. */
const DRIVERS = /^(@mikro-orm\/|@electric-sql\/|pg$|pg-)/;

const moduleOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");

/** The rule about files that an import between modules breaks, or undefined. */
function brokenFace(from: string, to: string): string | undefined {
  const target = moduleOf(to);
  const file = to.split("/").slice(2).join("/");
  const files = MODULES[target]?.public ?? ["index.ts"];
  if (!to.startsWith("src/") || target === moduleOf(from) || file === "" || files === "every") {
    return undefined;
  }
  return files.includes(file) ? undefined : `other modules import \`${target}\` by ${files.join(", ")}`;
}

/** The rule about modules that an import breaks, or undefined. */
function brokenLayer(from: string, to: string): string | undefined {
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
  if (imported.layer <= 1 && module.layer > imported.layer) {
    return undefined;
  }
  if (module.mayImport.includes(target)) {
    return undefined;
  }
  return imported.layer >= module.layer
    ? `imports point to lower layers: \`${target}\` (${imported.layer}) is not below \`${source}\` (${module.layer})`
    : `\`${source}\` does not need \`${target}\`: see MODULES in test/unit/layers.test.ts`;
}

/** The rule that an import breaks, or undefined. Paths are relative to the repository. */
const brokenRule = (from: string, to: string): string | undefined =>
  brokenLayer(from, to) ?? brokenFace(from, to);

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

test("every import points to a lower layer and to a public file of a module that it may use", () => {
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
    ["src/loader/loader.ts", "src/database/locks.ts", /import `database` by index.ts/],
    ["src/updater/feed.ts", "src/operations/run.ts", /import `operations` by index.ts/],
    ["src/cli/commands/demo.ts", "src/daily/run-daily.ts", /import `daily` by index.ts/],
    ["src/index.ts", "src/listing/vocabulary/index.ts", /import `listing` by index.ts, fields.ts/],
    ["src/billing/invoice.ts", "src/errors.ts", /`billing` is a new module/],
  ])("%s must not import %s", (from, to, rule) => {
    expect(brokenRule(from, to)).toMatch(rule);
  });
});
