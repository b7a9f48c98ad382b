import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { emptyTables } from "../database/databases.ts";
import { type Pair, startPair } from "../postgres/standby.ts";
import { openApi } from "./api.ts";

/** A primary and its standby for the tests of a file; the tables are empty at the start of each. */
export function usePair() {
  let pair: Pair;
  let writer: Database;
  beforeAll(async () => {
    pair = await startPair();
    writer = await createDatabase({ url: pair.primary.url("che168") });
  });
  afterAll(async () => {
    await writer.close();
    await pair.destroy();
  });
  beforeEach(() => emptyTables(writer));
  return {
    pair: () => pair,
    /** The primary, as the daily job opens it. */
    writer: () => writer,
    /** The API over a primary and these standbys. */
    apiOver: async (replicas: readonly string[], primary = pair.primary.url("che168")) => {
      const database = await createDatabase({ url: primary, replicas, use: "api" });
      onTestFinished(() => database.close());
      return openApi(database);
    },
  };
}
