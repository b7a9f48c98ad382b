/** `che168-sync/client`: the upstream service's requests, without database or command line. */
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
  OffersFilter,
  OffersPage,
  OffersPageOptions,
  PageOptions,
  RawListing,
  RecordsPage,
  RetryWait,
} from "./client.ts";
export type { RequestRetryOptions } from "./client-options.ts";
export { createClient } from "./lazy-client.ts";
export type { ProxyEnv } from "./transport.ts";
