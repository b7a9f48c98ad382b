import type { PGlite, Transaction } from "@electric-sql/pglite";
import type { MikroORM } from "@mikro-orm/core";
import type { Pool, PoolClient } from "pg";
import { explainStatementError } from "./open-errors.ts";
import { queryWithGenericPlan } from "./postgres/generic-plan.ts";
import type { Queryable, QueryResult } from "./types.ts";

/*
 * The drivers' own clients, for features beyond `Queryable`: COPY, and the rate limiter, which needs a driver's client.
 * Imports types only, so that importers do not load MikroORM.
 */

/**
 * Runs a statement. By a callback: with the promises of node-postgres, results stay reachable until the next major GC, so that under load
 * all are promoted.
 *
 * @param done called once, with an error or a result
 */
export function runStatement<Row>(
  client: Pool | PoolClient,
  [text, values, options]: Parameters<Queryable["query"]>,
  done: (error: unknown, result?: QueryResult<Row>) => void,
): void {
  const name = options?.name;
  const ended = (
    error: Error | null | undefined,
    result: { readonly rows: unknown[]; readonly rowCount: number | null },
  ) => {
    if (error) {
      done(name === undefined ? error : explainStatementError(error));
    } else {
      done(undefined, { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 });
    }
  };
  if (name === undefined) {
    client.query({ text, values: values as unknown[] }, ended);
    return;
  }
  const statement = { name, text, values: values as unknown[] };
  const isSent =
    options?.keepsPlan === true && "release" in client && queryWithGenericPlan(client, statement, ended);
  if (!isSent) {
    client.query(statement, ended);
  }
}

/** node-postgres as a {@link Queryable}. */
export function postgresQueryable(client: Pool | PoolClient): Queryable {
  return {
    query: <Row>(...statement: Parameters<Queryable["query"]>) =>
      new Promise<QueryResult<Row>>((resolve, reject) => {
        runStatement<Row>(client, statement, (error, result) => {
          if (result === undefined) {
            reject(error);
          } else {
            resolve(result);
          }
        });
      }),
  };
}

/** PGlite as a {@link Queryable}. */
export function pgliteQueryable(client: PGlite | Transaction): Queryable {
  return {
    query: async <Row>(text: string, values?: readonly unknown[]) => {
      const result = await client.query<Row>(text, values as unknown[]);
      return { rows: result.rows, rowCount: result.affectedRows || result.rows.length };
    },
  };
}

const nativeClient = <T>(orm: MikroORM): Promise<T> =>
  (orm.em.getDriver().getConnection() as unknown as { getNativeClient(): Promise<T> }).getNativeClient();

/** Pools passed in by the caller: an ORM over a dialect does not know its pool. */
const sharedPools = new WeakMap<MikroORM, Pool>();

/** Records the pool that an ORM uses but does not own. */
export function sharePool(orm: MikroORM, pool: Pool): void {
  sharedPools.set(orm, pool);
}

/** The connection pool of an ORM. Its queries bind values; the ORM's `execute` writes them into the SQL text. */
export const poolOf = async (orm: MikroORM): Promise<Pool> => sharedPools.get(orm) ?? nativeClient<Pool>(orm);

const sessionSetups = new WeakMap<MikroORM, readonly string[]>();

/** Records the statements that transactions on external sessions start with. */
export function setSessionSetup(orm: MikroORM, statements: readonly string[]): void {
  sessionSetups.set(orm, statements);
}

/** The statements that a transaction on a connection of {@link poolOf} or {@link pgliteOf} must start with. */
export const sessionSetupOf = (orm: MikroORM): readonly string[] => sessionSetups.get(orm) ?? [];

/** The PGlite instance of an ORM. */
export const pgliteOf = (orm: MikroORM): Promise<PGlite> => nativeClient<PGlite>(orm);
