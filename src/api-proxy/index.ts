/** `che168-sync/api-proxy`: makes the API usable from a browser, without giving it the token. */
export { type ApiProxy, type ApiProxyHandler, type ApiProxyOptions, createApiProxy } from "./api-proxy.ts";
export type { ProxyRateLimit } from "./client-limit.ts";
export type { ApiProxyPath } from "./paths.ts";
