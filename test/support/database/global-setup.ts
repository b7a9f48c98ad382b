import type { TestProject } from "vitest/node";
import { createDatabase } from "../../../src/database/database.ts";
import type { DatabaseEngine } from "../../../src/database/types.ts";
import { startPostgres } from "../postgres/postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** `postgres://…/` of the server that the whole run shares; a database's name goes behind it. */
    postgresUrl: string;
    /** The engines that `onEachDatabase` covers in this project. */
    engines: readonly DatabaseEngine[];
  }
}

/** The migrated database that each test file copies. */
export const TEMPLATE = "che168_template";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  const template = await createDatabase({ url: server.url(TEMPLATE) });
  await template.close();
  project.provide("postgresUrl", server.url(""));
  return () => server.destroy();
}
