import type { DatabaseOptions } from "../database/index.ts";

type Access = Pick<DatabaseOptions, "createIfMissing" | "autoMigrate" | "waitForServerMs">;

/** Short, because a user may be waiting, and a mistyped address is likelier than a starting server. */
const INTERACTIVE_WAIT_MS = 5_000;

/** Creates a missing database, embedded directory and schema. */
const CREATE: Access = { createIfMissing: true };

/** Creates or upgrades the schema of an existing database, if `database.autoMigrate` allows it. */
const UPGRADE: Access = { createIfMissing: false };

/** Changes nothing: a mistyped name must not create a database. */
const READ: Access = { createIfMissing: false, autoMigrate: false, waitForServerMs: INTERACTIVE_WAIT_MS };

const ACCESS: Readonly<Record<string, Access>> = {
  init: { ...CREATE, waitForServerMs: INTERACTIVE_WAIT_MS },
  "migrate up": { ...CREATE, waitForServerMs: INTERACTIVE_WAIT_MS },
  initial: CREATE,
  restore: { ...CREATE, waitForServerMs: INTERACTIVE_WAIT_MS },
  daily: UPGRADE,
  normalize: UPGRADE,
  reconcile: UPGRADE,
  serve: UPGRADE,
  "tokens create": UPGRADE,
  "rejected retry": UPGRADE,
};

/** Access of each command to the database it opens. Other commands only read. */
export const databaseAccess = (command: string): Access => ACCESS[command] ?? READ;
