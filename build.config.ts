import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineBuildConfig } from "unbuild";
import { DASHBOARD_FILES } from "./src/api/dashboard/files.ts";
import { DOCS_FILES } from "./src/api/docs/files.ts";
import type { PackagedFiles } from "./src/api/packaged-files.ts";

/** Copies the files of a page, so that users do not install the packages that they are from. */
function copyFiles<Name extends string>(
  { folder, names, source }: PackagedFiles<Name>,
  outDir: string,
): void {
  for (const name of names) {
    cpSync(source(name), join(outDir, folder, name));
  }
}

/** The types of h3 use members of Error that ES2022 and ES2023 projects lack without this reference. */
function referErrorLibrary(outDir: string): void {
  const file = join(outDir, "index.d.mts");
  writeFileSync(file, `/// <reference lib="esnext.error" />\n${readFileSync(file, "utf8")}`);
}

export default defineBuildConfig({
  entries: [
    { input: "src/index", name: "index" },
    { input: "src/database/entities/index", name: "entities" },
    { input: "src/listing/index", name: "normalizer" },
    { input: "src/customs/index", name: "customs" },
    { input: "src/sandbox/index", name: "sandbox" },
    { input: "src/upstream/index", name: "client" },
    { input: "src/api-client/index", name: "api-client" },
    { input: "src/api-proxy/index", name: "api-proxy" },
    { input: "src/labels/index", name: "labels" },
    { input: "src/cli/main", name: "cli" },
  ],
  declaration: "node16",
  clean: true,
  // Installed with the drivers, and imported for their types only.
  externals: ["pg", "@electric-sql/pglite"],
  sourcemap: false,
  failOnWarn: false,
  hooks: {
    "build:done": ({ options }) => {
      copyFiles(DOCS_FILES, options.outDir);
      copyFiles(DASHBOARD_FILES, options.outDir);
      referErrorLibrary(options.outDir);
    },
  },
  rollup: { esbuild: { target: "node22" }, emitCJS: false },
});
