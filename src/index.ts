// Configuration

export type { ResolvedConfig, UserConfig } from "./config/load.ts";
export { defineConfig, loadConfig } from "./config/load.ts";
// Database
export type { DatabaseOptions } from "./database/database.ts";
export { createDatabase } from "./database/database.ts";
export type { Lock, LockHolder, LockKind } from "./database/lock.ts";
export type { Migrations, MigrationsStatus } from "./database/migrations.ts";
export type { Database, DatabaseEngine, Queryable, QueryResult } from "./database/types.ts";
// Errors
export type { ConfigProblem, ErrorCode, ErrorDetails } from "./errors.ts";
export { Che168Error, ConfigError, isChe168Error, LockedError, UpstreamError } from "./errors.ts";
// From the service into raw_data
export type { Loader, LoaderOptions, LoadProgress, LoadResult, LoadRunOptions } from "./loader/loader.ts";
export { createLoader } from "./loader/loader.ts";
// Logging
export type { Logger } from "./logging/types.ts";
// How it stands
export type { Attention, OperationReport, StatusReport } from "./operations/status.ts";
export { readStatus } from "./operations/status.ts";
export type {
  UpdateProgress,
  UpdateResult,
  UpdateRunOptions,
  Updater,
  UpdaterOptions,
} from "./updater/updater.ts";
export { createUpdater } from "./updater/updater.ts";
// The service
export type {
  CallOptions,
  ChangesPage,
  Client,
  ClientOptions,
  Listing,
  OffersFilter,
  OffersPage,
  RetryWait,
} from "./upstream/client.ts";
export { createClient } from "./upstream/client.ts";
// Normalised listings
export type { DailyOptions, DailyResult } from "./daily.ts";
export { runDaily } from "./daily.ts";
export type {
  Normalizer,
  NormalizeProgress,
  NormalizeResult,
  NormalizeRunOptions,
  NormalizerOptions,
} from "./normalizer/normalizer.ts";
export { createNormalizer } from "./normalizer/normalizer.ts";
export type { UnknownValue } from "./normalizer/unknown.ts";
export { findUnknownValues } from "./normalizer/unknown.ts";
// Access tokens
export type { CreatedToken, TokenInfo, Tokens, TokensOptions } from "./tokens/tokens.ts";
export { createTokens } from "./tokens/tokens.ts";
