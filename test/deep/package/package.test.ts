import { readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InstalledProject, installPackage, runNode } from "../../support/package/installed.ts";

const ENTRIES = [
  ".",
  "./entities",
  "./normalizer",
  "./sandbox",
  "./client",
  "./api-client",
  "./customs",
  "./api-proxy",
  "./labels",
] as const;
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const specifier = (entry: string) => `che168-sync${entry.slice(1)}`;
/** As in package.json, where it is a development dependency. */
const TYPES_OF_NODE = `@types/node@${JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).devDependencies["@types/node"]}`;
const TSC = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

let project: InstalledProject;
beforeAll(async () => {
  // The types of the package refer to Node.js: an optional peer, which TypeScript users have.
  project = await installPackage([TYPES_OF_NODE]);
});
afterAll(() => project?.remove());

const packageDir = () => join(project.dir, "node_modules/che168-sync");

describe("the packed file", () => {
  test("has what users need, and nothing else", async () => {
    const files = await readdir(packageDir(), { recursive: true, withFileTypes: true });
    const names = files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(packageDir().length + 1));
    const packed = new Set(names);
    for (const page of await readdir(new URL("../../../docs", import.meta.url), { recursive: true })) {
      expect(page.endsWith(".md") && !packed.delete(`docs/${page}`) ? page : undefined).toBeUndefined();
    }
    const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
    for (const entry of await readdir(examples, { recursive: true, withFileTypes: true })) {
      const file = relative(examples, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
      expect(entry.isDirectory() || packed.delete(`examples/${file}`) ? undefined : file).toBeUndefined();
    }
    const beside = [...packed].filter(
      (name) => !/^dist\/((shared|chunks)\/)?[\w.-]+\.(mjs|d\.mts)$/.test(name),
    );
    expect(beside.sort()).toEqual([
      ".env.example",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE",
      "README.md",
      "README.ru.md",
      "SECURITY.md",
      "bin/che168-sync.mjs",
      "che168.config.ts",
      ...[
        ...["LICENSE", "app.js", "page.html", "plots.js", "style.css", "texts.js"],
        ...["uPlot.iife.min.js", "uPlot.min.css"],
      ].map((name) => `dist/dashboard/${name}`),
      ...[
        "LICENSE",
        "NOTICE",
        "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css",
      ].map((name) => `dist/swagger-ui/${name}`),
      ...["README.md", "alerts.yml", "grafana-dashboard.json"].map((name) => `monitoring/${name}`),
      "package.json",
    ]);
  });

  test("passes publint", async () => {
    const { messages } = await publint({ pkgDir: packageDir(), pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  test("has correct types for every module resolution", async () => {
    const data = new Uint8Array(await readFile(project.tarball));
    const analysis = await checkPackage(createPackageFromTarballData(data));
    // ES modules only. `require` of them works in every supported Node.js, but is not declared.
    const problems = "problems" in analysis ? analysis.problems : [{ kind: "no types" }];
    const unexpected = problems.filter(
      (problem) =>
        !("resolutionKind" in problem && /^node10$|^node16-cjs$/.test(String(problem.resolutionKind))),
    );
    expect(unexpected).toEqual([]);
  });

  test("has exactly these entries", async () => {
    const manifest = JSON.parse(await readFile(join(packageDir(), "package.json"), "utf8"));
    expect(Object.keys(manifest.exports)).toEqual([...ENTRIES, "./package.json"]);
  });
});

describe("dependencies", () => {
  test("have no install scripts, and neither has the package", async () => {
    const tree = JSON.parse(await readFile(join(project.dir, "node_modules/.package-lock.json"), "utf8"));
    const packages = Object.entries<{ hasInstallScript?: boolean }>(tree.packages);
    expect(packages.length).toBeGreaterThan(20);
    expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  });

  test("include the embedded database through its driver", async () => {
    const lines = `import { createDatabase } from "che168-sync";
      const database = await createDatabase({ dataDir: "memory://" });
      console.log(database.engine, (await database.migrations.status()).pending.length);
      await database.close();`;
    const { stdout } = await runNode(project, ["--input-type=module", "--eval", lines]);
    expect(stdout).toBe("pglite 0\n");
  });

  test("include every imported package", async () => {
    const manifest = JSON.parse(await readFile(join(packageDir(), "package.json"), "utf8"));
    const named = new Set(Object.keys(manifest.dependencies));
    const files = await readdir(join(packageDir(), "dist"), { recursive: true });
    const imported = new Set<string>();
    for (const file of files.filter((name) => /\.m[jt]s$/.test(name) && !name.includes("swagger-ui"))) {
      const { importedFiles } = ts.preProcessFile(await readFile(join(packageDir(), "dist", file), "utf8"));
      for (const { fileName } of importedFiles.filter(({ fileName }) => !/^(\.|node:)/.test(fileName))) {
        imported.add(/^(?:@[^/]+\/)?[^/]+/.exec(fileName)?.[0] ?? "");
      }
    }
    expect([...imported]).toContain("@mikro-orm/pglite");
    expect([...imported].filter((name) => !named.has(name))).toEqual([]);
  });
});

describe("types in an empty project, strict and with the libraries checked", () => {
  const PROGRAM = `
    ${ENTRIES.map((entry, index) => `import * as entry${index} from "${specifier(entry)}";`).join("\n")}
    import { createClient, createDatabase, createLoader, loadConfig, type LoadResult } from "che168-sync";
    import { normalizeListing } from "che168-sync/normalizer";
    export const all = [${ENTRIES.map((_, index) => `entry${index}`).join(", ")}];
    export async function load(): Promise<LoadResult> {
      const database = await createDatabase();
      const loader = createLoader({ database, client: createClient({ accessName: "a", apiKey: "b" }), logger: console });
      return loader.run({ signal: AbortSignal.timeout(1), onProgress: ({ done }) => done.toFixed() });
    }
    // Values from the environment may be undefined.
    const { URL, SECRET, PORT } = process.env;
    export const client = createClient({ accessName: URL, apiKey: "b", baseUrl: URL, timeoutMs: undefined, retry: { attempts: undefined } });
    export const config = loadConfig({ cwd: URL, env: undefined, configFile: URL, flags: { port: PORT } });
    export const sandbox = entry3.startSandbox({ apiKey: SECRET, offers: undefined, logger: undefined });
    // @ts-expect-error: a price is a number
    export const price: string = normalizeListing({}).listing.price;
  `;
  /** Output of the type checker. */
  async function typesOf(name: string, flags: Readonly<Record<string, string>>): Promise<string> {
    await writeFile(join(project.dir, name), PROGRAM);
    const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
    const checked = await runNode(project, [TSC, "--noEmit", "--strict", ...given, name]).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    );
    return checked.stdout;
  }

  test.each([
    ["node16", "node16", "es2022"],
    ["nodenext", "nodenext", "es2023"],
    ["esnext", "bundler", "esnext"],
  ])("resolve with module %s, moduleResolution %s, target %s", async (module, moduleResolution, target) => {
    const flags = { module, moduleResolution, target, skipLibCheck: "false" };
    expect(await typesOf(`program-${moduleResolution}.ts`, flags)).toBe("");
  });

  test("accept undefined for optional properties under exactOptionalPropertyTypes", async () => {
    // The types of h3 and MikroORM fail this check.
    const flags = {
      module: "nodenext",
      target: "esnext",
      exactOptionalPropertyTypes: "true",
      skipLibCheck: "true",
    };
    expect(await typesOf("program-exact.ts", flags)).toBe("");
  });
});
