import type { TestProject } from "vitest/node";
import { createDatabase, type DatabaseEngine } from "../../../src/database/index.ts";
import { startPostgres } from "../../../tools/postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** `postgres://…/` of the server shared by the whole run; append a database name. */
    postgresUrl: string;
    /** The engines that `onEachDatabase` covers in this project. */
    engines: readonly DatabaseEngine[];
  }
}

/** The migrated database that each test file copies. */
export const TEMPLATE = "che168_template";

/** Starts PostgreSQL, or uses the server at `TEST_POSTGRES_URL` (`postgres://user:password@host:port/`). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_POSTGRES_URL
    ? { url: (database: string) => `${process.env.TEST_POSTGRES_URL}${database}`, destroy: async () => {} }
    : await startPostgres();
  const template = await createDatabase({ url: server.url(TEMPLATE) });
  await template.close();
  project.provide("postgresUrl", server.url(""));
  return () => server.destroy();
}
