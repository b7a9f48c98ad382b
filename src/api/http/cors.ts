import type { HeaderReader } from "./client-address.ts";

/** Which web pages may read answers. */
export interface Cors {
  /** The headers for this origin; none when there is no origin or it may not. */
  headers(origin: string | null): [string, string][];
  /**
   * What the answer has beside {@link headers} when the request only asks what it might do, else undefined. A header that
   * is there twice is one that browsers refuse.
   */
  preflight(method: string, header: HeaderReader): [string, string][] | undefined;
}

const ALLOWED_HEADERS = "authorization, x-api-key, if-none-match, x-request-id";
const EXPOSED_HEADERS = "etag, ratelimit, ratelimit-policy, retry-after, x-request-id";
export const METHODS = "GET, HEAD";

/** @param origins such as `https://example.com`, or `*` for all; empty: none */
export function createCors(origins: readonly string[]): Cors {
  const everyone = origins.includes("*");
  const allowed = new Set(origins);
  const originHeader = (origin: string | null): string | undefined => {
    if (origin === null) {
      return undefined;
    }
    // Tokens are sent by the page itself, never by the browser, so `*` gives nothing away.
    return everyone ? "*" : allowed.has(origin) ? origin : undefined;
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
