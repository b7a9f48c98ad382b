import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineBuildConfig } from "unbuild";
import { DASHBOARD_ASSETS, DASHBOARD_FOLDER, UPLOT_FILES, uPlotFile } from "./src/api/dashboard/files.ts";
import { VENDORED, VENDORED_FILES } from "./src/api/docs/files.ts";

/** Copies the files of Swagger UI that /docs needs; users do not install the whole package. */
function vendorSwaggerUi(outDir: string): void {
  const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  mkdirSync(join(outDir, VENDORED), { recursive: true });
  for (const file of VENDORED_FILES) {
    cpSync(join(from, file), join(outDir, VENDORED, file));
  }
}

/** Copies the files of /dashboard, and those of uPlot. */
function copyDashboard(outDir: string): void {
  const to = join(outDir, DASHBOARD_FOLDER);
  mkdirSync(to, { recursive: true });
  for (const file of DASHBOARD_ASSETS) {
    cpSync(join("src/api/dashboard/assets", file), join(to, file));
  }
  for (const file of UPLOT_FILES) {
    cpSync(uPlotFile(file), join(to, file));
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
      vendorSwaggerUi(options.outDir);
      copyDashboard(options.outDir);
      referErrorLibrary(options.outDir);
    },
  },
  rollup: { esbuild: { target: "node22" }, emitCJS: false },
});
