import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InstalledProject, installPackage, runNode } from "../helpers/installed.ts";

const ENTRIES = [".", "./entities", "./normalizer", "./sandbox", "./client"] as const;
const specifier = (entry: string) => `che168-sync${entry.slice(1)}`;
const TSC = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

let project: InstalledProject;
beforeAll(async () => {
  project = await installPackage();
});
afterAll(() => project?.remove());

const packageDir = () => join(project.dir, "node_modules/che168-sync");

describe("the packed file", () => {
  test("holds what its users need, and nothing else", async () => {
    const files = await readdir(packageDir(), { recursive: true, withFileTypes: true });
    const names = files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(packageDir().length + 1));
    const beside = names.filter((name) => !/^dist\/((shared|chunks)\/)?[\w.-]+\.(mjs|d\.mts)$/.test(name));
    expect(beside.sort()).toEqual([
      ".env.example",
      "CHANGELOG.md",
      "DEPLOYMENT.md",
      "DEPLOYMENT.ru.md",
      "LICENSE",
      "README.md",
      "README.ru.md",
      "bin/che168-sync.mjs",
      "che168.config.ts",
      ...[
        "LICENSE",
        "NOTICE",
        "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css",
      ].map((name) => `dist/swagger-ui/${name}`),
      "package.json",
    ]);
  });

  test("has nothing that publint would change", async () => {
    const { messages } = await publint({ pkgDir: packageDir(), pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  test("has types that are right for every way of resolving them", async () => {
    const data = new Uint8Array(await readFile(project.tarball));
    const analysis = await checkPackage(createPackageFromTarballData(data));
    // The package has ES modules only; `require` of them works in every Node.js that it supports, and is not advertised.
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

describe("types in an empty project, strict and with the libraries checked", () => {
  const PROGRAM = `
    ${ENTRIES.map((entry, index) => `import * as entry${index} from "${specifier(entry)}";`).join("\n")}
    import { createClient, createDatabase, createLoader, type LoadResult } from "che168-sync";
    import { normalizeListing } from "che168-sync/normalizer";
    export const all = [${ENTRIES.map((_, index) => `entry${index}`).join(", ")}];
    export async function load(): Promise<LoadResult> {
      const database = await createDatabase();
      const loader = createLoader({ database, client: createClient({ accessName: "a", apiKey: "b" }), logger: console });
      return loader.run({ signal: AbortSignal.timeout(1), onProgress: ({ done }) => done.toFixed() });
    }
    // @ts-expect-error: a number is no listing's price in text
    export const price: string = normalizeListing({}).listing.price;
  `;
  test.each([
    ["node16", "node16", "es2022"],
    ["nodenext", "nodenext", "es2023"],
    ["esnext", "bundler", "esnext"],
  ])("resolve with module %s, moduleResolution %s, target %s", async (module, moduleResolution, target) => {
    const name = `program-${moduleResolution}.ts`;
    await writeFile(join(project.dir, name), PROGRAM);
    const flags = { module, moduleResolution, target, skipLibCheck: "false" };
    const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
    const checked = await runNode(project, [TSC, "--noEmit", "--strict", ...given, name]).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    );
    expect(checked.stdout).toBe("");
  });
});

/** Refuses the network, and tells at the end which modules were loaded and what still keeps the process busy. */
const WATCH = `
  import { registerHooks } from "node:module";
  import { Socket } from "node:net";
  import dns from "node:dns";
  const refuse = () => { throw new Error("the network was used"); };
  Socket.prototype.connect = refuse;
  dns.lookup = refuse;
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  globalThis.report = () => {
    const busy = process.getActiveResourcesInfo().filter((name) => !/^(PipeWrap|TTYWrap|FSReqPromise|CloseReq)$/.test(name));
    console.log(JSON.stringify({ busy, loaded }));
  };
`;

interface Watched {
  readonly busy: readonly string[];
  readonly loaded: readonly string[];
}

/** Runs lines of a module that may read the project's files and do nothing else outside of itself. */
async function watch(lines: string): Promise<Watched> {
  const encoded = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const flags = ["--permission", `--allow-fs-read=${project.dir}/*`, "--allow-addons", "--no-warnings"];
  await writeFile(join(project.dir, "watched.mjs"), `${lines}\nreport();\n`);
  const { stdout } = await runNode(project, [...flags, "--import", encoded(WATCH), "watched.mjs"]);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** The packages of which modules were loaded. */
const packagesOf = ({ loaded }: Watched): string[] => [
  ...new Set(loaded.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? [])),
];

describe("importing", () => {
  test.each(ENTRIES)("%s writes nothing, asks nobody, starts nothing", async (entry) => {
    const { busy, loaded } = await watch(`await import("${specifier(entry)}");`);
    expect(busy).toEqual([]);
    expect(loaded.length).toBeGreaterThan(1);
  });

  test("the normaliser loads this package alone: no driver, nothing of Node.js", async () => {
    const watched = await watch(`await import("che168-sync/normalizer");`);
    expect(packagesOf(watched).filter((name) => name !== "pinyin-pro")).toEqual(["che168-sync"]);
    expect(watched.loaded.filter((url) => url.startsWith("node:"))).toEqual([]);
  });

  test("the client loads no driver and no ORM", async () => {
    const packages = packagesOf(await watch(`await import("che168-sync/client");`));
    expect(packages).toContain("che168-sync");
    expect(packages.filter((name) => /^(pg|kysely|h3|@mikro-orm|@electric-sql)/.test(name))).toEqual([]);
  });

  test("the index loads no PGlite, and a database on a server does not either", async () => {
    const watched = await watch(`
      const { createDatabase } = await import("che168-sync");
      await createDatabase({ url: "postgres://nobody@127.0.0.1:1/none", queryTimeoutMs: 500 }).catch(() => {});`);
    expect(packagesOf(watched)).toContain("@mikro-orm/postgresql");
    expect(packagesOf(watched).filter((name) => /pglite/.test(name))).toEqual([]);
  });

  test("the command's help loads no database, no server and no configuration", async () => {
    const watched = await watch(`
      process.on("exit", report);
      process.argv.push("--help");
      const { main } = await import("./node_modules/che168-sync/dist/cli.mjs");
      await main();`);
    expect(packagesOf(watched).sort()).toEqual(["che168-sync", "citty", "leven"]);
  });
});
