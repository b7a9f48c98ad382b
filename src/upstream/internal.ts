/** Internals for storing responses, used by the jobs; unlike `index.ts`, not published. */
export { type JsonSpan, scanValue } from "./json/json-scan.ts";
export { parseExactly, repairJsonText } from "./json/json-text.ts";
export { type PageRecord, scanResponse } from "./json/page-records.ts";
export { isInvalidListing } from "./raw-listing.ts";
export { requestsSent } from "./transport.ts";
