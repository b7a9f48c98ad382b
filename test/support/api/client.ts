import { afterAll, beforeAll, expect } from "vitest";
import { createApiClient } from "../../../src/api-client/api-client.ts";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { insertListings, type ListingRow } from "../../../tools/processed.ts";
import { freshServerDatabase } from "../database/databases.ts";
import { type ApiUnderTest, openApi } from "./api.ts";

/** The API over these listings, for the tests of a file, and clients of it in this process. */
export function useApiClient(rows: readonly ListingRow[]) {
  let database: Database;
  let drop = async () => {};
  let api: ApiUnderTest;
  beforeAll(async () => {
    const fresh = await freshServerDatabase();
    drop = fresh.drop;
    database = await createDatabase({ url: fresh.url });
    await insertListings(database, rows);
    api = await openApi(database);
  });
  afterAll(async () => {
    await database?.close();
    await drop();
  });
  return {
    database: () => database,
    api: () => api,
    client: (more: Partial<Parameters<typeof createApiClient>[0]> = {}) =>
      createApiClient({
        baseUrl: "http://catalogue.test/",
        token: api.token,
        fetch: api.app.fetch,
        ...more,
      }),
  };
}

/** The reason of a rejection; fails for a fulfilled promise. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("expected a failure"),
    (error: unknown) => error,
  );
