import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { DatabaseOptions } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../database/databases.ts";
import { directoryWith } from "../files/files.ts";

/** Engines by the names that tests show. */
export const ENGINES = ["PostgreSQL", "the embedded database"] as const;

/** A separate database that processes can open in turn, for one test. */
export async function separateDatabase(engine: (typeof ENGINES)[number]): Promise<DatabaseOptions> {
  if (engine === "PostgreSQL") {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    return { url };
  }
  return { dataDir: join(await directoryWith(), "pgdata") };
}
