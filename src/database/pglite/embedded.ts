import type { PGlite, Transaction } from "@electric-sql/pglite";
import type { MikroORM } from "@mikro-orm/core";
import type { Queryable } from "../types.ts";

/** Options of MikroORM for the embedded database; loads PGlite, so that a server's user never pays for it. */
export async function embeddedOrmOptions(directory: string) {
  const { PgliteDriver } = await import("@mikro-orm/pglite");
  return { driver: PgliteDriver, dbName: directory };
}

/** PGlite behind the interface that both engines share. */
export function queryableOf(client: PGlite | Transaction): Queryable {
  return {
    query: async <Row>(text: string, values?: readonly unknown[]) => {
      const result = await client.query<Row>(text, values as unknown[]);
      return { rows: result.rows, rowCount: result.affectedRows || result.rows.length };
    },
  };
}

/** The instance that MikroORM owns. */
export async function pgliteOf(orm: MikroORM): Promise<PGlite> {
  const connection = orm.em.getDriver().getConnection() as unknown as { getNativeClient(): Promise<PGlite> };
  return connection.getNativeClient();
}
