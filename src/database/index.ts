/**
 * PostgreSQL, as a server or embedded: opening, schema, transactions, locks. Importing it loads neither MikroORM nor a
 * driver. Entities have their own entry, `entities/index.ts`; the drivers' clients are in `native-clients.ts`.
 */

export { createCircuitBreaker } from "./circuit-breaker.ts";
export { createDatabase } from "./database.ts";
export type { DatabaseOptions, MikroOrmLike, ServerAddress } from "./database-options.ts";
export { API_SERVER_SETTINGS, STATEMENT_TIMEOUT_MS } from "./database-options.ts";
export { FILTER_COLUMNS, LISTED, PLAIN_SORT_COLUMNS, SORT_COLUMNS } from "./entities/filter-columns.ts";
export type { EventKind } from "./entities/listing-event.ts";
export type { OperationStatus, OperationType } from "./entities/operations-log.ts";
export type { ChangeType, RawSource } from "./entities/raw-data.ts";
export type { ReconcilePhase } from "./entities/reconcile-state.ts";
export { refuseNewer } from "./open-errors.ts";
export type { RetryTimes } from "./retry-transient.ts";
export { errorCode, isStatementTimeout, isTransient, isUnstorable } from "./retry-transient.ts";
export { isoTime, quoteIdentifier, SQLSTATE } from "./sql.ts";
export type {
  Database,
  DatabaseEngine,
  Lock,
  LockHolder,
  LockKind,
  Migrations,
  MigrationsStatus,
  Queryable,
  QueryResult,
  Replica,
} from "./types.ts";
export { isUnavailable } from "./unavailable.ts";
