/** Internals for storing responses and reading daily files, used by the jobs; unlike `index.ts`, not published. */
export { collectBody, describeBody } from "./body.ts";
export { DEFAULT_TIMEOUT_MS, resolveRetry } from "./client-options.ts";
export type { DocumentSpan } from "./json/document-parts.ts";
export { type JsonSpan, scanValue } from "./json/json-scan.ts";
export { parseExactly, repairJsonText } from "./json/json-text.ts";
export { type PageRecord, scanResponse } from "./json/page-records.ts";
export { describeNetworkFailure } from "./network-failure.ts";
export { isInvalidListing } from "./raw-listing.ts";
export { createRedactor, oneLine, type RequestInfo, requestFailure } from "./request-errors.ts";
export { describeWait, withRetries } from "./retry-request.ts";
export {
  createTransport,
  type ProxyEnv,
  requestsSent,
  type Transport,
  type TransportResponse,
} from "./transport.ts";
