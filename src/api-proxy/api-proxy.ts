import { LRUCache } from "lru-cache";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { errorMessage } from "../util/error-message.ts";
import { canonicalAddress, forwardedAddress } from "../util/ip-address.ts";
import { createClientLimit, type ProxyRateLimit } from "./client-limit.ts";
import { type ApiProxyPath, createMatcher, PROXY_PATHS } from "./paths.ts";
import { type KeptResponse, keep, pictureToBrowser, problemOf, toBrowser } from "./responses.ts";

/** An API in this process. */
export interface ApiProxyHandler {
  /** Handles a request. */
  fetch(request: Request): Response | Promise<Response>;
}

/** Options of {@link createApiProxy}. Either `handler` or `baseUrl` is needed. */
export interface ApiProxyOptions {
  /** An API in this process: the result of `createApiHandler`. */
  readonly handler?: ApiProxyHandler | undefined;
  /** Address of an API elsewhere, including the path that it is mounted at. */
  readonly baseUrl?: string | undefined;
  /** Access token of the API. All clients of the site share its rate limit; cached responses do not count. */
  readonly token: string;
  /** Paths that are forwarded. @default all that a catalogue page needs */
  readonly allow?: readonly ApiProxyPath[] | undefined;
  /** Path that the site mounts the proxy at, if the framework leaves it in the request: `/api`. @default "" */
  readonly basePath?: string | undefined;
  /** How long a response is served without a request to the API, in milliseconds; then it is revalidated. @default 30000 */
  readonly cacheMs?: number | undefined;
  /** Size of the cache, in bytes. @default 33554432 */
  readonly cacheBytes?: number | undefined;
  /** Requests of one client address. @default 600 in 60 seconds */
  readonly rateLimit?: ProxyRateLimit | undefined;
  /** Number of your own proxies in front, whose `X-Forwarded-For` is trusted; `true` is one. @default false */
  readonly trustProxy?: boolean | number | undefined;
  /**
   * Address of the client, where the framework has it elsewhere. Clients without an address share one limit.
   * @default `X-Forwarded-For` with `trustProxy`, else `request.ip`
   */
  readonly clientAddress?: ((request: Request) => string | null | undefined) | undefined;
  /** Timeout of a request to the API, in milliseconds. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** Receives a warning when the API refuses the token, fails or does not respond. */
  readonly logger?: Logger | undefined;
}

/** A web handler; also an object with `fetch`, as frameworks mount them. */
export interface ApiProxy {
  (request: Request): Promise<Response>;
  /** The same function. */
  fetch(request: Request): Promise<Response>;
}

/** An entry of the cache. Kept after its time, for revalidation and for failures of the API. */
interface CacheEntry {
  readonly response: KeptResponse;
  readonly checkedAt: number;
}

const MAX_STALE_MS = 86_400_000;
const WARN_EVERY_MS = 10_000;
const ENTRY_OVERHEAD_BYTES = 1_000;
const METHODS = "GET, HEAD";
/** Only resolves paths: an API in this process does not look at the host. */
const IN_PROCESS = "http://localhost";

/** The proxy's own response while the API fails: its causes are for the operator. */
const unavailable = (retryAfter = "5"): KeptResponse =>
  problemOf(503, "unavailable", "The catalogue is not available; try again shortly.", {
    "retry-after": retryAfter,
  });

function checkOptions({ handler, baseUrl, token, allow = [], basePath = "" }: ApiProxyOptions): void {
  const problems: ConfigProblem[] = [];
  if ((handler === undefined) === (baseUrl === undefined)) {
    problems.push({ key: "handler", message: "or baseUrl is needed, and not both" });
  }
  if (baseUrl !== undefined && !/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? "")) {
    problems.push({ key: "baseUrl", message: "must be a URL that starts with http:// or https://" });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    problems.push({ key: "token", message: "must be an access token of the API" });
  }
  if (basePath !== "" && !/^\/.*[^/]$/.test(basePath)) {
    problems.push({ key: "basePath", message: "must start with / and not end with it" });
  }
  for (const path of allow) {
    if (!PROXY_PATHS.includes(path)) {
      problems.push({ key: "allow", message: `contains ${path}; possible are ${PROXY_PATHS.join(", ")}` });
    }
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}

/**
 * Makes the API usable from a browser: a web handler for a site to mount, which adds the token. It forwards GET and HEAD, a
 * fixed list of paths and their parameters, and no headers of the browser; cookies stay on the site. Responses are cached and
 * shared by all clients; while the API fails, the last ones are served for up to a day. Requests are limited by client address.
 *
 * @example app.mount("/api", createApiProxy({ handler, token }).fetch);
 * @throws ConfigError when an option is invalid
 */
export function createApiProxy(options: ApiProxyOptions): ApiProxy {
  checkOptions(options);
  const { handler, baseUrl, token, basePath = "", logger = silentLogger } = options;
  const { cacheMs = 30_000, cacheBytes = 33_554_432, timeoutMs = 10_000 } = options;
  const origin = (baseUrl ?? IN_PROCESS).replace(/\/+$/, "");
  const send = handler === undefined ? fetch : (request: Request) => handler.fetch(request);
  const match = createMatcher(options.allow ?? PROXY_PATHS);
  const waitSecondsOf = createClientLimit(options.rateLimit ?? {});
  const trustedProxies = Number(options.trustProxy ?? 0);
  const cacheControl = `public, max-age=${Math.round(cacheMs / 1_000)}`;
  const entries = new LRUCache<string, CacheEntry>({
    maxSize: Math.max(1, cacheBytes),
    ttl: MAX_STALE_MS,
    sizeCalculation: ({ response: { body, gzipped } }, key) =>
      body.length + (gzipped?.length ?? 0) + key.length * 2 + ENTRY_OVERHEAD_BYTES,
  });
  const loading = new Map<string, Promise<KeptResponse>>();
  let warnedAt = Number.NEGATIVE_INFINITY;

  const log = {
    warn: (message: string) => {
      if (performance.now() - warnedAt > WARN_EVERY_MS) {
        warnedAt = performance.now();
        logger.warn(message);
      }
    },
  };

  const addressOf = (request: Request): string => {
    const address =
      options.clientAddress?.(request) ??
      forwardedAddress(request.headers.get("x-forwarded-for"), trustedProxies) ??
      // Set by srvx, and with it by h3 and Nitro.
      (request as { readonly ip?: string | null }).ip;
    return canonicalAddress(address ?? "") ?? "unknown";
  };

  const ask = (target: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
    Promise.resolve(
      send(
        new Request(`${origin}${target}`, {
          headers: { ...headers, authorization: `Bearer ${token}` },
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMs),
        }),
      ),
    );

  /** Why a response cannot be passed on; undefined for one that can. */
  const failureOf = ({ status }: Pick<Response, "status">): string | undefined => {
    if (status === 401 || status === 403) {
      return `the API refuses its token (${status})`;
    }
    if (status === 429) {
      return "its token has reached the rate limit";
    }
    return status >= 500 ? `the API responded with ${status}` : undefined;
  };

  const revalidated = async (target: string, entry: CacheEntry | undefined): Promise<KeptResponse> => {
    const etag = entry?.response.etag ?? undefined;
    const response = await ask(target, etag === undefined ? {} : { "if-none-match": etag });
    if (response.status === 304 && entry !== undefined) {
      entries.set(target, { response: entry.response, checkedAt: performance.now() });
      return entry.response;
    }
    const kept = await keep(response);
    if (kept.status === 200) {
      entries.set(target, { response: kept, checkedAt: performance.now() });
    }
    return kept;
  };

  /** The API's response, or the last usable one while the API fails. */
  const load = async (target: string, entry: CacheEntry | undefined): Promise<KeptResponse> => {
    try {
      const kept = await revalidated(target, entry);
      const failure = failureOf(kept);
      if (failure === undefined) {
        return kept;
      }
      log.warn(`The proxy could not forward ${target}: ${failure}`);
      return entry?.response ?? unavailable(kept.headers["retry-after"]);
    } catch (error) {
      log.warn(`The API behind the proxy does not respond: ${errorMessage(error)}`);
      return entry?.response ?? unavailable();
    }
  };

  const picture = async (request: Request, target: string): Promise<Response> => {
    const known = request.headers.get("if-none-match");
    try {
      const response = await ask(target, known === null ? {} : { "if-none-match": known });
      const failure = failureOf(response);
      if (failure !== undefined) {
        log.warn(`The proxy could not forward ${target}: ${failure}`);
        return toBrowser(request, unavailable(), cacheControl);
      }
      return pictureToBrowser(response);
    } catch (error) {
      log.warn(`The API behind the proxy does not respond: ${errorMessage(error)}`);
      return toBrowser(request, unavailable(), cacheControl);
    }
  };

  const respond = async (request: Request): Promise<Response> => {
    const answer = (kept: KeptResponse) => toBrowser(request, kept, cacheControl);
    const { pathname, searchParams } = new URL(request.url);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return answer(
        problemOf(405, "method_not_allowed", `Only ${METHODS} are supported.`, { allow: METHODS }),
      );
    }
    const isBelow = basePath === "" || pathname.startsWith(`${basePath}/`);
    const forwarded = isBelow ? match(pathname.slice(basePath.length), searchParams) : undefined;
    if (forwarded === undefined) {
      return answer(problemOf(404, "not_found", "This path is not forwarded."));
    }
    const waitSec = waitSecondsOf(addressOf(request));
    if (waitSec > 0) {
      const headers = { "retry-after": String(waitSec) };
      return answer(
        problemOf(429, "too_many_requests", "Too many requests from this address; try again later.", headers),
      );
    }
    const { target, isPicture } = forwarded;
    if (isPicture) {
      return picture(request, target);
    }
    const entry = entries.get(target);
    if (entry !== undefined && performance.now() - entry.checkedAt < cacheMs) {
      return answer(entry.response);
    }
    let pending = loading.get(target);
    if (pending === undefined) {
      pending = load(target, entry).finally(() => loading.delete(target));
      loading.set(target, pending);
    }
    return answer(await pending);
  };
  return Object.assign(respond, { fetch: respond });
}
