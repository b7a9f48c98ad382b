/** `che168-sync/client`: the service's requests, without database and command line. */
export {
  Che168Error,
  ConfigError,
  type ConfigProblem,
  type ErrorCode,
  type ErrorDetails,
  isChe168Error,
  UpstreamError,
} from "../errors.ts";
export type { Logger } from "../logging/types.ts";
export type {
  CallOptions,
  ChangesPage,
  Client,
  ClientOptions,
  JsonSpan,
  OffersFilter,
  OffersPage,
  OffersPageOptions,
  PageOptions,
  PageRecord,
  RawListing,
  RecordsPage,
  RetryWait,
} from "./client.ts";
export { createClient } from "./lazy-client.ts";
