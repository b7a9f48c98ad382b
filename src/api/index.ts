export type { ApiHandlerOptions, ApiOptions } from "./handler.ts";
export { createApiHandler } from "./handler.ts";
export { createLabels, type Labels, type PlaceNames } from "./labels.ts";
export type { RateLimitOptions } from "./rate-limit.ts";
export { type ApiServer, startServer } from "./serve.ts";
export { API_CONNECTIONS, API_SESSION } from "./session.ts";
