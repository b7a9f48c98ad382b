import { ApiRateLimit } from "./api-rate-limit.ts";
import { ApiToken } from "./api-token.ts";
import { DailyStats } from "./daily-stats.ts";
import { DataVersion } from "./data-version.ts";
import { EventState } from "./event-state.ts";
import { ExchangeRates } from "./exchange-rates.ts";
import { ExportState } from "./export-state.ts";
import { FailedPage } from "./failed-page.ts";
import { FeedGap } from "./feed-gap.ts";
import { ListingEvent } from "./listing-event.ts";
import { LoadState } from "./load-state.ts";
import { MirrorChange } from "./mirror-change.ts";
import { MirrorState } from "./mirror-state.ts";
import { NormalizeState } from "./normalize-state.ts";
import { Notification } from "./notification.ts";
import { OperationsLog } from "./operations-log.ts";
import { ProcessedData } from "./processed-data.ts";
import { RawData } from "./raw-data.ts";
import { ReconcileSeen } from "./reconcile-seen.ts";
import { ReconcileState } from "./reconcile-state.ts";
import { RejectedRecord } from "./rejected-record.ts";
import { SourceHash } from "./source-hash.ts";
import { SyncState } from "./sync-state.ts";
import { WebhookDelivery } from "./webhook-endpoint.ts";

export type { EventKind } from "./listing-event.ts";
export type { OperationStatus, OperationType } from "./operations-log.ts";
export type { ChangeType, Completeness, RawSource } from "./raw-data.ts";
export type { ReconcilePhase } from "./reconcile-state.ts";
export {
  ApiRateLimit,
  ApiToken,
  DailyStats,
  DataVersion,
  EventState,
  ExchangeRates,
  ExportState,
  FailedPage,
  FeedGap,
  ListingEvent,
  LoadState,
  MirrorChange,
  MirrorState,
  NormalizeState,
  Notification,
  OperationsLog,
  ProcessedData,
  RawData,
  ReconcileSeen,
  ReconcileState,
  RejectedRecord,
  SourceHash,
  SyncState,
  WebhookDelivery,
};

/** Every entity of the package, for the `entities` option of MikroORM. */
export const entities = [
  RawData,
  ProcessedData,
  ApiToken,
  ApiRateLimit,
  OperationsLog,
  SyncState,
  LoadState,
  ExportState,
  FailedPage,
  FeedGap,
  RejectedRecord,
  ReconcileState,
  ReconcileSeen,
  SourceHash,
  NormalizeState,
  DataVersion,
  ListingEvent,
  EventState,
  WebhookDelivery,
  MirrorChange,
  MirrorState,
  DailyStats,
  Notification,
  ExchangeRates,
];
