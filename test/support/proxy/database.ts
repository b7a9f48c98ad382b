import { onTestFinished } from "vitest";
import { createDatabase, type Database, type DatabaseOptions } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../database/databases.ts";
import { type CuttingProxy, startProxy } from "./proxy.ts";

/** A new database of the server by two routes. */
export interface TwoRoutes {
  /** The address without the proxy. */
  readonly url: string;
  readonly direct: Database;
  /** Through the proxy. */
  readonly database: Database;
  /** Can cut the connections of `database`. */
  readonly proxy: CuttingProxy;
  /** Also drops the database. */
  close(): Promise<void>;
}

/** Opens a new database directly, and through a proxy. @param retry of the latter */
export async function openTwoRoutes(retry?: DatabaseOptions["retry"]): Promise<TwoRoutes> {
  const { url, drop } = await freshServerDatabase();
  const address = new URL(url);
  const proxy = await startProxy(Number(address.port));
  const direct = await createDatabase({ url });
  const database = await createDatabase({ url: proxy.url(address.pathname.slice(1)), retry });
  const close = async () => {
    await database.close();
    await direct.close();
    await proxy.close();
    await drop();
  };
  return { url, direct, database, proxy, close };
}

/** A database reached through a proxy that can cut its connections, for one test. */
export async function databaseBehindProxy(): Promise<TwoRoutes> {
  const opened = await openTwoRoutes();
  onTestFinished(() => opened.close());
  return opened;
}
