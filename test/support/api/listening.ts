import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";
import { type ApiServer, startServer } from "../../../src/api/index.ts";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { type ApiUnderTest, openApi } from "./api.ts";

/** A new API over 200 listings for each test, at a real socket. */
export function useListeningApi() {
  let database: Database;
  let api: ApiUnderTest;
  let server: ApiServer;
  beforeAll(async () => {
    database = await createDatabase({ dataDir: "memory://" });
    await insertListings(database, listings(200));
  });
  afterAll(() => database.close());
  /** Another API, which replaces that of the test. */
  const open = async (options: Parameters<typeof openApi>[1] = {}) => {
    api = await openApi(database, options);
    server = await startServer({ handler: api.app, port: 0 });
    onTestFinished(() => server.close());
  };
  beforeEach(() => open());
  return {
    open,
    database: () => database,
    api: () => api,
    server: () => server,
    get: (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers }),
    withToken: (headers: Record<string, string> = {}) => ({
      authorization: `Bearer ${api.token}`,
      ...headers,
    }),
  };
}
