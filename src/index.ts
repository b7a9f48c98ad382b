/** Copies the listings of che168.com into PostgreSQL, normalises them, and serves them through an API. */

// ── Configuration ───────────────────────────────────────────────────────────────────────────────────────────────────

export type { ConfigFlag, LoadConfigOptions, ResolvedConfig, UserConfig } from "./config/index.ts";
export { defineConfig, loadConfig } from "./lazy.ts";

// ── Database ────────────────────────────────────────────────────────────────────────────────────────────────────────

export {
  createDatabase,
  type Database,
  type DatabaseEngine,
  type DatabaseOptions,
  type Lock,
  type LockHolder,
  type LockKind,
  type Migrations,
  type MigrationsStatus,
  type MikroOrmLike,
  type Queryable,
  type QueryResult,
  type Replica,
  type RetryTimes,
  type ServerAddress,
} from "./database/index.ts";
export type { OpenGap, Rejection } from "./operations/index.ts";

// Dumps

export {
  type DumpOptions,
  type DumpProgress,
  type DumpResult,
  dumpDatabase,
  type RestoreOptions,
  type RestoreResult,
  restoreDatabase,
} from "./dump/index.ts";

// ── Upstream service ────────────────────────────────────────────────────────────────────────────────────────────────

export type {
  CallOptions,
  ChangesPage,
  Client,
  ClientOptions,
  OffersFilter,
  OffersPage,
  OffersPageOptions,
  PageOptions,
  ProxyEnv,
  RawListing,
  RecordsPage,
  RequestRetryOptions,
  RetryWait,
} from "./upstream/index.ts";
export { createClient } from "./upstream/index.ts";

// ── Initial load and change feed ────────────────────────────────────────────────────────────────────────────────────

export type {
  ExportAccount,
  ExportBatch,
  ExportChoice,
  ExportColumn,
  ExportColumns,
  ExportEnd,
  ExportFile,
  ExportRow,
  OpenExportOptions,
  RemoteOptions,
  RowDocuments,
} from "./export-file/index.ts";
export { ExportReplaced } from "./export-file/index.ts";
export { createReconciler, createUpdater, openExport } from "./lazy.ts";
export type {
  LoadedExport,
  LoadedPage,
  Loader,
  LoaderOptions,
  LoadProgress,
  LoadResult,
  LoadRunOptions,
  LoadTotals,
} from "./loader/index.ts";
export { createLoader } from "./loader/index.ts";
export type {
  ExportOpener,
  ReconcileProgress,
  ReconcileResult,
  ReconcileRunOptions,
  Reconciler,
  ReconcilerOptions,
  ReconcileTotals,
  RepairOptions,
  SnapshotBatch,
  SnapshotCheckpoint,
  SnapshotEnd,
  SnapshotPosition,
  SnapshotRecord,
  SnapshotSource,
} from "./reconciler/index.ts";
export type {
  BackfillResult,
  GapRepairContext,
  StoredChanges,
  UpdatedPage,
  UpdateProgress,
  UpdateResult,
  UpdateRunOptions,
  Updater,
  UpdaterOptions,
  UpdateTotals,
} from "./updater/index.ts";

// ── Normalisation ───────────────────────────────────────────────────────────────────────────────────────────────────

export { createNormalizer } from "./lazy.ts";
export type {
  Issue,
  IssueCode,
  Listing,
  SearchPart,
  SearchTerm,
  SearchWord,
  UserTerm,
  UserVocabulary,
  Vocabulary,
} from "./listing/index.ts";
export { compileVocabulary } from "./listing/index.ts";
export type {
  NormalizedRow,
  NormalizeProgress,
  NormalizeResult,
  NormalizeRunOptions,
  Normalizer,
  NormalizerOptions,
  UnknownValue,
} from "./normalizer/index.ts";
export { findUnknownValues } from "./normalizer/unknown-values.ts";

// ── Daily job ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type { DailyOptions, DailyResult, Schedule, ScheduleOptions } from "./daily/index.ts";
export { runDaily, scheduleDaily } from "./daily/index.ts";

// ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export type { EventKind } from "./database/index.ts";
export type { PruneOptions } from "./events/index.ts";
export { pruneEvents } from "./events/index.ts";
export type { WebhookEndpoint, WebhookStatus, Webhooks, WebhooksOptions } from "./webhooks/index.ts";
export { createWebhooks } from "./webhooks/index.ts";

// ── API ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export { toNodeHandler } from "h3/node";
export type {
  ApiHandlerOptions,
  ApiOptions,
  ApiServer,
  CustomsApiOptions,
  FetchPicture,
  Labels,
  PictureResponse,
  PlaceNames,
  RateLimitOptions,
  ServeOptions,
} from "./api/index.ts";
export { createLabels } from "./api/schema/labels.ts";
export { createApiHandler, startServer } from "./lazy.ts";
export type {
  CreatedToken,
  ListedToken,
  NewTokens,
  Scope,
  TokenInfo,
  TokenStorage,
  TokenStorageState,
  Tokens,
  TokensOptions,
} from "./tokens/index.ts";
export { createTokens } from "./tokens/index.ts";

// Import costs; the function is in che168-sync/customs

export type {
  Amount,
  ByVolume,
  Country,
  RegistrationRow,
  TableFacts,
  TableKind,
  TableOf,
  TablesByKind,
  Tariff,
} from "./customs/index.ts";
export type { RatesSource, RateTable } from "./rates/index.ts";

// Client of the API

export * from "./api-client/index.ts";

// Proxy for browsers

export * from "./api-proxy/index.ts";

// ── Status ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export { createNotifier } from "./lazy.ts";
export type {
  Notifier,
  NotifierOptions,
  NotifyResult,
  NotifyTarget,
  TelegramTarget,
  TestResult,
  WebhookTarget,
} from "./notifier/index.ts";
export type {
  CheckOptions,
  CheckReason,
  DayStats,
  HealthCheck,
  OperationReport,
  StatusIssue,
  StatusOptions,
  StatusReport,
  TariffEnd,
} from "./operations/index.ts";
export { getLastDailyRun, getStatus, readCheck } from "./operations/index.ts";

// ── Errors and logging ──────────────────────────────────────────────────────────────────────────────────────────────

export type { ConfigProblem, ErrorCode, ErrorDetails } from "./errors.ts";
export { Che168Error, ConfigError, isChe168Error, LockedError, UpstreamError } from "./errors.ts";
export type { ClosableLogger, LoggerOptions, LogLevel } from "./logging/index.ts";
export { createLogger } from "./logging/index.ts";
export type { Logger } from "./logging/types.ts";
