import type { HeaderReader } from "./client-address.ts";

/** CORS: which web pages may read responses. */
export interface Cors {
  /** Headers for this origin; none when it is missing or not allowed. */
  headers(origin: string | null): [string, string][];
  /**
   * Headers of a preflight response besides {@link headers}; undefined for any other request. Browsers reject a header that
   * occurs twice.
   */
  preflight(method: string, header: HeaderReader): [string, string][] | undefined;
}

const ALLOWED_HEADERS = "authorization, x-api-key, if-none-match, x-request-id";
const EXPOSED_HEADERS =
  "etag, ratelimit, ratelimit-policy, retry-after, x-changes-after, x-corrected-query, x-request-id";
export const METHODS = "GET, HEAD";

/** @param origins such as `https://example.com`, or `*` for all; empty: none */
export function createCors(origins: readonly string[]): Cors {
  const isAny = origins.includes("*");
  const allowed = new Set(origins);
  const originHeader = (origin: string | null): string | undefined => {
    if (origin === null) {
      return undefined;
    }
    // The page sends the token, not the browser, so `*` exposes nothing.
    return isAny ? "*" : allowed.has(origin) ? origin : undefined;
  };
  return {
    headers: (origin) => {
      const value = originHeader(origin);
      return value === undefined
        ? []
        : [
            ["access-control-allow-origin", value],
            ["access-control-expose-headers", EXPOSED_HEADERS],
          ];
    },
    preflight: (method, header) => {
      if (method !== "OPTIONS" || header("access-control-request-method") === null) {
        return undefined;
      }
      const value = originHeader(header("origin"));
      return value === undefined
        ? []
        : [
            ["access-control-allow-methods", METHODS],
            ["access-control-allow-headers", ALLOWED_HEADERS],
            ["access-control-max-age", "600"],
          ];
    },
  };
}
