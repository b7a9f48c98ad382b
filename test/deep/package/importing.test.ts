import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InstalledProject, installPackage } from "../../support/package/installed.ts";
import { packagesOf, watch } from "../../support/package/watched.ts";

const ENTRIES = ["", "/entities", "/normalizer", "/sandbox", "/client", "/api-client"].map(
  (entry) => `che168-sync${entry}`,
);

let project: InstalledProject;
beforeAll(async () => {
  project = await installPackage();
});
afterAll(() => project?.remove());

describe("importing", () => {
  test.each(ENTRIES)("%s reads and writes nothing, asks nobody, starts nothing", async (entry) => {
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
  ])("would be seen to do so: %s", async (lines, seen) => {
    expect((await watch(project, lines)).asked).toContainEqual(expect.stringMatching(seen));
  });

  test.each<[lines: string, why: RegExp]>([
    [`import fs from "node:fs"; fs.writeFileSync("x", "");`, /ERR_ACCESS_DENIED/],
    [`import net from "node:net"; net.connect(1);`, /the network was used/],
    [`await fetch("http://127.0.0.1:1/");`, /fetch failed/],
  ])("would fail at what it must not do: %s", async (lines, why) => {
    await expect(watch(project, lines)).rejects.toThrow(why);
  });

  test("would be seen to keep the process busy", async () => {
    expect((await watch(project, "setTimeout(() => {}, 1);")).busy).toEqual(["Timeout"]);
  });
});

describe("what is loaded", () => {
  const packagesAfter = async (lines: string) => packagesOf((await watch(project, lines)).loaded);

  test("the normaliser loads this package and its pinyin: no driver, nothing of Node.js", async () => {
    const { loaded } = await watch(project, `await import("che168-sync/normalizer");`);
    expect(packagesOf(loaded).sort()).toEqual(["che168-sync", "pinyin-pro"]);
    expect(loaded.filter((url) => url.startsWith("node:"))).toEqual([]);
  });

  test("the client loads no driver and no ORM", async () => {
    const packages = await packagesAfter(`await import("che168-sync/client");`);
    expect(packages).toContain("che168-sync");
    expect(packages.filter((name) => /^(pg|kysely|h3|@mikro-orm|@electric-sql)/.test(name))).toEqual([]);
  });

  test("the client of the API loads nothing but itself", async () => {
    const { loaded } = await watch(project, `await import("che168-sync/api-client");`);
    expect(packagesOf(loaded)).toEqual(["che168-sync"]);
    expect(loaded.filter((url) => !url.startsWith("node:")).length).toBeLessThan(10);
  });

  test("the index loads no PGlite, and a database on a server does not either", async () => {
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

test("the normaliser fits into a bundle for browsers, alone with its pinyin, and works where Node.js is not", async () => {
  const input = join(project.dir, "node_modules/che168-sync/dist/normalizer.mjs");
  const warnings: string[] = [];
  const bundle = await rollup({
    input,
    plugins: [nodeResolve({ browser: true })],
    onLog: (_level, { message }) => warnings.push(message),
  });
  const { output } = await bundle.generate({
    format: "iife",
    name: "normalizer",
    inlineDynamicImports: true,
  });
  const [{ code, imports, moduleIds }] = output;
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(imports).toEqual([]);
  expect(warnings).toEqual([]);
  expect(packagesOf(moduleIds).sort()).toEqual(["che168-sync", "pinyin-pro"]);
  // What the language itself does not have and every browser does.
  const page = createContext({ URL });
  const listing = runInContext(
    `${code}\n;JSON.stringify(normalizer.normalizeListing({ mark: "奔驰", price: "18.98万元", color: "白色" }).listing)`,
    page,
  );
  expect(JSON.parse(listing)).toMatchObject({ mark: "Mercedes-Benz", price: 189_800, color: "white" });
});
