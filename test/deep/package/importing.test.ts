import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InstalledProject, installPackage } from "../../support/package/installed.ts";
import { packagesOf, watch } from "../../support/package/watched.ts";

const ENTRIES = ["", "/entities", "/normalizer", "/customs", "/sandbox", "/client", "/api-client"].map(
  (entry) => `che168-sync${entry}`,
);

let project: InstalledProject;
beforeAll(async () => {
  project = await installPackage();
});
afterAll(() => project?.remove());

/** An import that loads more is a regression; see `src/lazy.ts`. */
const LIMITS: readonly (readonly [entry: string, modules: number, megabytes: number])[] = [
  ["che168-sync", 120, 90],
  ["che168-sync/client", 20, 60],
  ["che168-sync/api-client", 10, 60],
  ["che168-sync/normalizer", 60, 90],
  ["che168-sync/customs", 10, 60],
];

describe("importing", () => {
  test.each(LIMITS)("%s loads at most %i modules in %i MB", async (entry, modules, megabytes) => {
    const { loaded, rssBytes } = await watch(project, `await import("${entry}");`);
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.length).toBeLessThanOrEqual(modules);
    expect(rssBytes / 1e6).toBeLessThanOrEqual(megabytes);
  });

  test.each(ENTRIES)("%s reads and writes nothing, uses no network, keeps nothing open", async (entry) => {
    const { asked, busy, loaded } = await watch(project, `await import("${entry}");`);
    expect(asked).toEqual([]);
    expect(busy).toEqual([]);
    expect(loaded.length).toBeGreaterThan(1);
  });

  test.each<[lines: string, seen: RegExp]>([
    [`import fs from "node:fs"; fs.existsSync("package.json");`, /^fs\.existsSync\(package\.json\)$/],
    [
      `import { readFile } from "node:fs/promises"; await readFile("package.json");`,
      /^fs\.promises\.readFile/,
    ],
    [
      `import { execFile } from "node:child_process"; try { execFile("ls"); } catch {}`,
      /^child_process\.execFile/,
    ],
  ])("detects: %s", async (lines, seen) => {
    expect((await watch(project, lines)).asked).toContainEqual(expect.stringMatching(seen));
  });

  test.each<[lines: string, why: RegExp]>([
    [`import fs from "node:fs"; fs.writeFileSync("x", "");`, /ERR_ACCESS_DENIED/],
    [`import net from "node:net"; net.connect(1);`, /the network was used/],
    [`await fetch("http://127.0.0.1:1/");`, /fetch failed/],
  ])("fails on a forbidden action: %s", async (lines, why) => {
    await expect(watch(project, lines)).rejects.toThrow(why);
  });

  test("detects open resources", async () => {
    expect((await watch(project, "setTimeout(() => {}, 1);")).busy).toEqual(["Timeout"]);
  });
});

describe("loaded packages", () => {
  const packagesAfter = async (lines: string) => packagesOf((await watch(project, lines)).loaded);

  test("of the normaliser: this package, lru-cache and pinyin-pro", async () => {
    const { loaded } = await watch(project, `await import("che168-sync/normalizer");`);
    expect(packagesOf(loaded).sort()).toEqual(["che168-sync", "lru-cache", "pinyin-pro"]);
    // lru-cache reports to it where it exists; the bundle for browsers has no module of Node.js.
    expect(loaded.filter((url) => url.startsWith("node:"))).toEqual(["node:diagnostics_channel"]);
  });

  test("of the client: none, no validation library either, before the first request", async () => {
    const lines = `const { createClient } = await import("che168-sync/client");
      const client = createClient({ apiKey: "key", baseUrl: "http://127.0.0.1:1" });
      await client.close();`;
    expect(await packagesAfter(lines)).toEqual(["che168-sync"]);
  });

  test("of the client after a request: no driver and no ORM", async () => {
    const packages = await packagesAfter(`
      const { createClient } = await import("che168-sync/client");
      const client = createClient({ apiKey: "key", baseUrl: "http://127.0.0.1:1", retry: { attempts: 1, intervalMs: 0 } });
      await client.filters().catch(() => {});
      await client.close();`);
    expect(packages).toContain("ofetch");
    expect(packages.filter((name) => /^(pg|kysely|h3|@mikro-orm|@electric-sql)/.test(name))).toEqual([]);
  });

  test("of the API client: this package alone", async () => {
    expect(await packagesAfter(`await import("che168-sync/api-client");`)).toEqual(["che168-sync"]);
  });

  test("of the root: no ORM, driver, validation, metrics or pinyin, though every factory was called", async () => {
    const packages = await packagesAfter(`
      const che168 = await import("che168-sync");
      const database = { engine: "pglite", query: async () => ({ rows: [] }) };
      const client = che168.createClient({ apiKey: "key", baseUrl: "http://127.0.0.1:1" });
      che168.createLoader({ database, client });
      che168.createUpdater({ database, client });
      che168.createNormalizer({ database });
      che168.createApiHandler({ database, tokens: che168.createTokens({ database }) });
      che168.createLabels().labelOf("color", "white", "en");`);
    expect(packages).toContain("h3");
    expect(
      packages.filter((name) =>
        /^(pg|kysely|@mikro-orm|@electric-sql|arktype|ofetch|listhen|prom-client|rate-limiter|pinyin)/.test(
          name,
        ),
      ),
    ).toEqual([]);
  });

  test("of a database on a server: no PGlite", async () => {
    const packages = await packagesAfter(`
      const { createDatabase } = await import("che168-sync");
      await createDatabase({ url: "postgres://nobody@127.0.0.1:1/none", queryTimeoutMs: 500 }).catch(() => {});`);
    expect(packages).toContain("@mikro-orm/postgresql");
    expect(packages.filter((name) => /pglite/.test(name))).toEqual([]);
  });

  test("the command's help loads no database, no server and no configuration", async () => {
    const packages = await packagesAfter(`
      process.on("exit", report);
      process.argv.push("--help");
      const { main } = await import("./node_modules/che168-sync/dist/cli.mjs");
      await main();`);
    expect(packages.sort()).toEqual(["che168-sync", "citty"]);
  });
});

/** One script for browsers with everything that the entry can load, also later. */
async function bundleFor(entry: string) {
  const warnings: string[] = [];
  const bundle = await rollup({
    input: join(project.dir, `node_modules/che168-sync/dist/${entry}.mjs`),
    plugins: [nodeResolve({ browser: true })],
    onLog: (_level, { message }) => warnings.push(message),
  });
  const { output } = await bundle.generate({ format: "iife", name: "entry", inlineDynamicImports: true });
  await bundle.close();
  const [{ code, imports, moduleIds }] = output;
  return { code, imports, warnings, files: output.length, packages: packagesOf(moduleIds).sort() };
}

describe("bundles for browsers", () => {
  test("of the normaliser: with lru-cache and pinyin-pro, without any module of Node.js, and it runs there", async () => {
    const { code, ...bundle } = await bundleFor("normalizer");
    expect(bundle).toEqual({
      imports: [],
      warnings: [],
      files: 1,
      packages: ["che168-sync", "lru-cache", "pinyin-pro"],
    });
    expect(code.length).toBeLessThan(2_000_000);
    // Browsers have URL, the language alone does not.
    const page = createContext({ URL });
    const listing = runInContext(
      `${code}\n;JSON.stringify(entry.normalizeListing({ mark: "奔驰", price: "18.98万元", color: "白色" }).listing)`,
      page,
    );
    expect(JSON.parse(listing)).toMatchObject({ mark: "Mercedes-Benz", price: 189_800, color: "white" });
  });

  test("of the customs estimate: with its tables, no other package, and it runs there", async () => {
    const { code, ...bundle } = await bundleFor("customs");
    expect(bundle).toEqual({ imports: [], warnings: [], files: 1, packages: ["che168-sync"] });
    expect(code.length).toBeLessThan(100_000);
    const car = { engine_type: "gasoline", displacement_cc: 1498, power: 150, power_kw: 110, price: 100_000 };
    const options = {
      production_date: "2022-10",
      date: "2026-11-27",
      rates: { CNY: 12.8849, EUR: 100.5693 },
    };
    const total = runInContext(
      `${code}\n;entry.estimateCustoms(${JSON.stringify(car)}, ${JSON.stringify(options)}).total`,
      createContext({}),
    );
    expect(total).toBe("274850.78");
  });

  test("of the API client: 100 kB and no other package", async () => {
    const { code, ...bundle } = await bundleFor("api-client");
    expect(bundle).toEqual({ imports: [], warnings: [], files: 1, packages: ["che168-sync"] });
    expect(code.length).toBeLessThan(100_000);
  });
});
