import { onTestFinished } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../database/databases.ts";
import { startProxy } from "./proxy.ts";

/** A database reached through a proxy that can cut its connections, for one test. */
export async function databaseBehindProxy() {
  const server = await freshServerDatabase();
  onTestFinished(() => server.drop());
  const proxy = await startProxy(Number(new URL(server.url).port));
  onTestFinished(() => proxy.close());
  const database = await createDatabase({ url: proxy.url(new URL(server.url).pathname.slice(1)) });
  onTestFinished(() => database.close());
  return { database, proxy };
}
