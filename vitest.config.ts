import { defineConfig } from "vitest/config";

/** By default, vitest leaves a core idle: half of a machine with two. */
const WORKERS = {
  pool: "forks",
  maxWorkers: 2,
  // Vitest's second is too short for a loaded machine.
  expect: { poll: { timeout: 60_000 } },
} as const;
/** A database inside the test process, on a loaded machine, needs this much. */
const SLOW = { ...WORKERS, testTimeout: 240_000, hookTimeout: 240_000 } as const;
/** Starts one PostgreSQL for the project; each test file copies its template database. */
const WITH_POSTGRES = { ...SLOW, globalSetup: ["test/support/database/global-setup.ts"] };

export default defineConfig({
  test: {
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/api-client/api-types.ts"],
      reporter: ["text-summary", "html"],
    },
    projects: [
      // Pure: no database, network or child process, so it runs on any operating system, and files can share a process.
      {
        test: {
          ...WORKERS,
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 30_000,
          isolate: false,
        },
      },
      {
        test: {
          ...WITH_POSTGRES,
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          // A file then loads only what the files before it in its process have not.
          isolate: false,
          provide: { engines: ["postgresql"] },
        },
      },
      // The integration suites again, on the embedded database: run with `-t pglite`.
      {
        test: {
          ...WITH_POSTGRES,
          name: "pglite",
          include: ["test/integration/**/*.test.ts"],
          provide: { engines: ["pglite"] },
        },
      },
      // Random input, crashes, kills, the packed package, the container image.
      {
        test: {
          ...WITH_POSTGRES,
          name: "deep",
          include: ["test/deep/**/*.test.ts"],
          // Hundreds of interrupted runs, or processes in a row.
          testTimeout: 1_200_000,
          hookTimeout: 600_000,
          provide: { engines: ["postgresql", "pglite"] },
        },
      },
      { test: { ...SLOW, name: "browser", include: ["test/browser/**/*.browser.ts"] } },
    ],
  },
});
