import { ConfigError, type ConfigProblem } from "../errors.ts";
import { linkSignals, MAX_TIMER_MS, sleep } from "../util/abort.ts";
import { parseRetryAfter } from "../util/retry-after.ts";
import {
  ApiError,
  ApiGoneError,
  ApiParameterError,
  type ApiProblem,
  ApiUnauthorizedError,
  ApiUnavailableError,
} from "./api-errors.ts";
import type {
  ApiCallOptions,
  ApiChangesPage,
  ApiClient,
  ApiClientOptions,
  ApiCustoms,
  ApiOffer,
  ApiOffersPage,
  ApiWalkOptions,
} from "./types.ts";

type Query = Readonly<Record<string, string | number | readonly (string | number)[] | undefined>>;
type Settings = Required<Pick<ApiClientOptions, "timeoutMs" | "attempts" | "maxWaitMs">>;

/** Wait before the second attempt without `Retry-After`; doubles with each attempt. */
const FIRST_WAIT_MS = 500;
/** Interval between two requests of `changes` while there is nothing new. */
const POLL_MS = 5_000;
const RETRIED: ReadonlySet<number> = new Set([429, 503]);

/** Base of relative addresses: the page, or the worker's script; undefined outside of a browser. */
function pageAddress(): string | undefined {
  const page = globalThis as {
    readonly document?: { readonly baseURI: string };
    readonly location?: { readonly href: string };
  };
  return page.document?.baseURI ?? page.location?.href;
}

/** The base address as a URL; null for an invalid one, and for a relative one outside of a browser. */
const parseBase = (address: string): URL | null => URL.parse(address, pageAddress());

function addressProblem(address: string): string | undefined {
  const url = parseBase(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return "must be a URL that starts with http:// or https://; in a browser it may be relative, such as /api";
  }
  // fetch rejects credentials in a URL, and a query would be lost.
  return url.username || url.password || url.search || url.hash
    ? "must not contain a user, password, query or fragment"
    : undefined;
}

function checkOptions({ baseUrl, token }: ApiClientOptions, settings: Required<Settings>): void {
  const problems: ConfigProblem[] = [];
  const address = addressProblem(baseUrl);
  if (address !== undefined) {
    problems.push({ key: "baseUrl", message: address });
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    problems.push({ key: "token", message: "must be an access token of the API" });
  }
  for (const [key, value] of Object.entries(settings)) {
    const min = key === "maxWaitMs" ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < min || value > MAX_TIMER_MS) {
      problems.push({
        key,
        message: `must be a whole number from ${min} to ${MAX_TIMER_MS}, and is ${value}`,
      });
    }
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}

/** Rejects with the signal's reason: a custom `fetch` may ignore the signal. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function addressOf(base: string, path: string, query: Query): URL {
  const url = new URL(`${new URL(base, pageAddress()).href.replace(/\/+$/, "")}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      url.searchParams.set(name, Array.isArray(value) ? value.join(",") : String(value));
    }
  }
  return url;
}

async function problemOf(response: Response): Promise<ApiProblem | undefined> {
  const text = await response.text();
  if (!response.headers.get("content-type")?.startsWith("application/problem+json")) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const { status } = response;
  const problem = await problemOf(response);
  const message = problem?.detail ?? `The API responded with ${status} ${response.statusText}`.trimEnd();
  const facts = { status, problem };
  if (status === 400) {
    return new ApiParameterError(message, facts);
  }
  if (status === 401) {
    return new ApiUnauthorizedError(message, facts);
  }
  if (status === 410) {
    return new ApiGoneError(message, facts);
  }
  if (RETRIED.has(status)) {
    const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), response.headers.get("date"));
    return new ApiUnavailableError(message, { ...facts, retryAfterMs });
  }
  return new ApiError(message, facts);
}

/** A body, and the newest event that its data includes, if the response names one. */
interface Received {
  readonly body: unknown;
  readonly position: string | null;
}

async function receive(send: NonNullable<ApiClientOptions["fetch"]>, request: Request): Promise<Received> {
  const response = await send(request);
  if (!response.ok) {
    throw await errorOf(response);
  }
  return { body: await response.json(), position: response.headers.get("x-changes-after") };
}

/**
 * A client of the API of `createApiHandler` and `che168-sync serve`.
 *
 * @throws ConfigError when an option is invalid
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { baseUrl, token, timeoutMs = 30_000, attempts = 4, maxWaitMs = 60_000 } = options;
  checkOptions(options, { timeoutMs, attempts, maxWaitMs });
  const send = options.fetch ?? fetch;

  async function attempt(url: URL, signal: AbortSignal | undefined): Promise<Received> {
    // AbortSignal.any would keep a composite per request alive until its timeout (nodejs/node#64476).
    const linked = linkSignals(signal);
    let isTimeout = false;
    const timer = setTimeout(() => {
      isTimeout = true;
      linked.abort(new DOMException("The operation timed out", "TimeoutError"));
    }, timeoutMs);
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== undefined) {
      headers.authorization = `Bearer ${token}`;
    }
    try {
      const response = receive(send, new Request(url, { headers, signal: linked.signal }));
      return await Promise.race([response, whenAborted(linked.signal)]);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof ApiError) {
        throw cause;
      }
      if (cause instanceof SyntaxError) {
        throw new ApiError(`The response of the API at ${baseUrl} is not JSON`, { cause });
      }
      const reason = isTimeout ? `no response within ${timeoutMs} ms` : "it cannot be reached";
      throw new ApiUnavailableError(`The API at ${baseUrl} is unavailable: ${reason}`, { cause });
    } finally {
      clearTimeout(timer);
      linked.unlink();
    }
  }

  async function request<T>(path: string, query: Query, call: ApiWalkOptions): Promise<T> {
    const { body, position } = await requestWithRetries(path, query, call);
    if (position !== null) {
      call.onPosition?.(Number(position));
    }
    return body as T;
  }

  async function requestWithRetries(
    path: string,
    query: Query,
    { signal }: ApiCallOptions,
  ): Promise<Received> {
    const url = addressOf(baseUrl, path, query);
    for (let count = 1; ; count += 1) {
      signal?.throwIfAborted();
      try {
        return await attempt(url, signal);
      } catch (error) {
        if (!(error instanceof ApiUnavailableError) || count >= attempts) {
          throw error;
        }
        const wait = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (count - 1);
        if (wait > maxWaitMs) {
          throw error;
        }
        await sleep(wait, signal);
      }
    }
  }

  const offersPage: ApiClient["offersPage"] = (query = {}, call = {}) => request("/offers", query, call);

  const changesPage: ApiClient["changesPage"] = (query = {}, call = {}) => request("/changes", query, call);

  /** Null when the listing does not exist. */
  async function ofListing<T>(
    innerId: string,
    part: string,
    query: Query,
    call: ApiCallOptions,
  ): Promise<T | null> {
    // As path segments, these address another path; no listing has such an id.
    if (["", ".", ".."].includes(innerId)) {
      return null;
    }
    try {
      return await request<T>(`/offers/${encodeURIComponent(innerId)}${part}`, query, call);
    } catch (error) {
      if (error instanceof ApiError && error.problem?.status === 404) {
        return null;
      }
      throw error;
    }
  }

  return {
    changes: async function* changes(query = {}, { follow = false, pollMs = POLL_MS, ...call } = {}) {
      let { after } = query;
      for (;;) {
        const { result, meta }: ApiChangesPage = await changesPage({ ...query, after }, call);
        yield* result;
        after = meta.next_after;
        if (after >= meta.latest) {
          if (!follow) {
            return;
          }
          await sleep(pollMs, call.signal);
        }
      }
    },
    changesPage,
    offersPage,
    offers: async function* offers(query = {}, call = {}) {
      let cursor: string | null = null;
      do {
        const { result, meta }: ApiOffersPage = await offersPage(
          cursor === null ? query : { ...query, cursor },
          call,
        );
        yield* result;
        cursor = meta.next_cursor;
      } while (cursor !== null);
    },
    offer: (innerId, { lang, estimate, ...call } = {}) =>
      ofListing<ApiOffer>(innerId, "", { lang, estimate }, call),
    customs: (innerId, query = {}, call = {}) => ofListing<ApiCustoms>(innerId, "/customs", query, call),
    filters: (query = {}, call = {}) => request("/filters", query, call),
    suggest: (q, { lang, ...call } = {}) => request("/suggest", { q, lang }, call),
    fields: ({ lang, ...call } = {}) => request("/fields", { lang }, call),
    market: (query = {}, call = {}) => request("/market", query, call),
    stats: (call = {}) => request("/stats", {}, call),
    dailyStats: (query = {}, call = {}) => request("/stats/daily", query, call),
  };
}
