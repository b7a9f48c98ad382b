import type { Database } from "../../database/index.ts";
import { pgliteOf, poolOf, sessionSetupOf } from "../../database/native-clients.ts";
import { type CopySession, openingOf } from "./copy-format.ts";
import { copyOnPglite } from "./copy-pglite.ts";
import { copyOnServer } from "./copy-postgres.ts";

/**
 * Runs `work` in one transaction. `read` sees a single snapshot of the database, however long it takes; `write` is
 * atomic. The text form of values does not depend on settings of the server.
 *
 * @throws the signal's reason when it was aborted; the transaction is rolled back
 */
export async function withCopySession<T>(
  database: Database,
  mode: "read" | "write",
  work: (session: CopySession) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const { orm } = database;
  const opening = openingOf(mode, sessionSetupOf(orm));
  return database.engine === "postgresql"
    ? copyOnServer(await poolOf(orm), opening, work, signal)
    : copyOnPglite(await pgliteOf(orm), opening, work, signal);
}
