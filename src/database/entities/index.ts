import { ApiRateLimit } from "./api-rate-limit.ts";
import { ApiToken } from "./api-token.ts";
import { DataVersion } from "./data-version.ts";
import { FailedPage } from "./failed-page.ts";
import { LoadState } from "./load-state.ts";
import { OperationsLog } from "./operations-log.ts";
import { ProcessedData } from "./processed-data.ts";
import { RawData } from "./raw-data.ts";
import { RejectedRecord } from "./rejected-record.ts";
import { SyncState } from "./sync-state.ts";

export type { OperationStatus, OperationType } from "./operations-log.ts";
export type { ChangeType, Completeness, RawSource } from "./raw-data.ts";
export {
  ApiRateLimit,
  ApiToken,
  DataVersion,
  FailedPage,
  LoadState,
  OperationsLog,
  ProcessedData,
  RawData,
  RejectedRecord,
  SyncState,
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
  FailedPage,
  RejectedRecord,
  DataVersion,
];
