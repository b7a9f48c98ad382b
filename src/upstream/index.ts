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
export {
  type CallOptions,
  type ChangesPage,
  type Client,
  type ClientOptions,
  createClient,
  type JsonSpan,
  type OffersFilter,
  type OffersPage,
  type OffersPageOptions,
  type PageOptions,
  type PageRecord,
  type RawListing,
  type RecordsPage,
  type RetryWait,
} from "./client.ts";
