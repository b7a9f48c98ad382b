import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineBuildConfig } from "unbuild";
import { VENDORED, VENDORED_FILES } from "./src/api/docs/files.ts";

/** The page at /docs needs Swagger UI; its package has much more, which no user is to install. */
function vendorSwaggerUi(outDir: string): void {
  const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  mkdirSync(join(outDir, VENDORED), { recursive: true });
  for (const file of VENDORED_FILES) {
    cpSync(join(from, file), join(outDir, VENDORED, file));
  }
}

/** h3 declares more of Error than the library of an ES2022 or ES2023 project has; with this its types check there too. */
function referErrorLibrary(outDir: string): void {
  const file = join(outDir, "index.d.mts");
  writeFileSync(file, `/// <reference lib="esnext.error" />\n${readFileSync(file, "utf8")}`);
}

export default defineBuildConfig({
  entries: [
    { input: "src/index", name: "index" },
    { input: "src/database/entities/index", name: "entities" },
    { input: "src/listing/index", name: "normalizer" },
    { input: "src/sandbox/index", name: "sandbox" },
    { input: "src/upstream/index", name: "client" },
    { input: "src/api-client/index", name: "api-client" },
    { input: "src/cli/main", name: "cli" },
  ],
  declaration: "node16",
  clean: true,
  // Types of what the drivers bring along; no code of ours imports them.
  externals: ["pg", "@electric-sql/pglite"],
  sourcemap: false,
  failOnWarn: false,
  hooks: {
    "build:done": ({ options }) => {
      vendorSwaggerUi(options.outDir);
      referErrorLibrary(options.outDir);
    },
  },
  rollup: { esbuild: { target: "node22" }, emitCJS: false },
});
