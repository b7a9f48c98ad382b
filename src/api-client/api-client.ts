import { ConfigError, type ConfigProblem } from "../errors.ts";
import { MAX_TIMER_MS, sleep } from "../util/abort.ts";
import { parseRetryAfter } from "../util/retry-after.ts";
import {
  ApiError,
  ApiParameterError,
  type ApiProblem,
  ApiUnauthorizedError,
  ApiUnavailableError,
} from "./api-errors.ts";
import type { ApiCallOptions, ApiClient, ApiClientOptions, ApiOffer, ApiOffersPage } from "./types.ts";

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;
type Settings = Required<Pick<ApiClientOptions, "timeoutMs" | "retries" | "maxWaitMs">>;

/** The wait before another attempt when the API names none; doubled each time. */
const FIRST_WAIT_MS = 500;
const RETRIED: ReadonlySet<number> = new Set([429, 503]);

function addressProblem(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return "must be an address that begins with http:// or https://";
  }
  // fetch refuses credentials in an address; a query would be lost.
  return url.username || url.password || url.search || url.hash
    ? "must hold neither user, password, query nor fragment"
    : undefined;
}

function checkOptions({ baseUrl, token }: ApiClientOptions, settings: Required<Settings>): void {
  const problems: ConfigProblem[] = [];
  const address = addressProblem(baseUrl);
  if (address !== undefined) {
    problems.push({ key: "baseUrl", message: address });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    problems.push({ key: "token", message: "must be an access token of the API" });
  }
  for (const [key, value] of Object.entries(settings)) {
    const least = key === "timeoutMs" ? 1 : 0;
    if (!Number.isSafeInteger(value) || value < least || value > MAX_TIMER_MS) {
      problems.push({ key, message: `must be a whole number from ${least} on, and is ${value}` });
    }
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}

/** Rejects with the reason: what sends requests need not look at a signal. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function addressOf(base: string, path: string, query: Query): URL {
  const url = new URL(`${base.replace(/\/+$/, "")}${path}`);
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
  const message = problem?.detail ?? `The API answered ${status} ${response.statusText}`.trimEnd();
  const facts = { status, problem };
  if (status === 400) {
    return new ApiParameterError(message, facts);
  }
  if (status === 401) {
    return new ApiUnauthorizedError(message, facts);
  }
  if (RETRIED.has(status)) {
    const asked = parseRetryAfter(response.headers.get("retry-after"), response.headers.get("date"));
    return new ApiUnavailableError(message, { ...facts, retryAfterMs: asked });
  }
  return new ApiError(message, facts);
}

/**
 * A client for the API that `createApiHandler` and `che168-sync serve` give.
 *
 * @throws ConfigError when the address, the token or another option cannot be right
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { baseUrl, token, timeoutMs = 30_000, retries = 3, maxWaitMs = 60_000 } = options;
  checkOptions(options, { timeoutMs, retries, maxWaitMs });
  const send = options.fetch ?? fetch;

  async function attempt(url: URL, signal: AbortSignal | undefined): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const headers = { accept: "application/json", authorization: `Bearer ${token}` };
    try {
      const request = new Request(url, { headers, signal: either });
      const response = await Promise.race([send(request), whenAborted(either)]);
      if (!response.ok) {
        throw await errorOf(response);
      }
      return await response.json();
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof ApiError) {
        throw cause;
      }
      if (cause instanceof SyntaxError) {
        throw new ApiError(`The API at ${baseUrl} answered something that is not JSON`, { cause });
      }
      const reason = timeout.aborted ? `no answer within ${timeoutMs} ms` : "it cannot be reached";
      throw new ApiUnavailableError(`The API at ${baseUrl} did not answer: ${reason}`, { cause });
    }
  }

  async function ask<T>(path: string, query: Query, { signal }: ApiCallOptions): Promise<T> {
    const url = addressOf(baseUrl, path, query);
    for (let failures = 0; ; failures += 1) {
      signal?.throwIfAborted();
      try {
        return (await attempt(url, signal)) as T;
      } catch (error) {
        if (!(error instanceof ApiUnavailableError) || failures >= retries) {
          throw error;
        }
        const wait = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** failures;
        if (wait > maxWaitMs) {
          throw error;
        }
        await sleep(wait, signal);
      }
    }
  }

  const offersPage: ApiClient["offersPage"] = (query = {}, call = {}) => ask("/offers", query, call);

  return {
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
    offer: async (innerId, { lang, ...call } = {}) => {
      // As parts of an address these three lead elsewhere; no listing is called so.
      if (["", ".", ".."].includes(innerId)) {
        return null;
      }
      try {
        return await ask<ApiOffer>(`/offers/${encodeURIComponent(innerId)}`, { lang }, call);
      } catch (error) {
        if (error instanceof ApiError && error.problem?.status === 404) {
          return null;
        }
        throw error;
      }
    },
    filters: ({ lang, ...call } = {}) => ask("/filters", { lang }, call),
    stats: (call = {}) => ask("/stats", {}, call),
  };
}
