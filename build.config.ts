import { defineBuildConfig } from "unbuild";

export default defineBuildConfig({
  entries: [
    { input: "src/index", name: "index" },
    { input: "src/database/entities/index", name: "entities" },
    { input: "src/normalizer/index", name: "normalizer" },
    { input: "src/sandbox/index", name: "sandbox" },
    { input: "src/upstream/index", name: "client" },
    { input: "src/cli/main", name: "cli" },
  ],
  declaration: "node16",
  clean: true,
  // Types of what the drivers bring along; no code of ours imports them.
  externals: ["pg", "@electric-sql/pglite"],
  sourcemap: false,
  failOnWarn: false,
  rollup: { esbuild: { target: "node22" }, emitCJS: false },
});
