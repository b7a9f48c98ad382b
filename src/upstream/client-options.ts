import { ConfigError, type ConfigProblem } from "../errors.ts";
import type { RetryPolicy } from "./retry-request.ts";
import type { ProxyEnv } from "./transport.ts";

/** How often a request is attempted. The defaults cover an outage of just under four hours. */
export interface RequestRetryOptions {
  /**
   * Attempts in all, the first included; 1: no retry.
   * @default 20
   */
  readonly attempts?: number | undefined;
  /**
   * Wait between two attempts, in milliseconds; `Retry-After` of the service replaces it (an hour at most).
   * @default 720000
   */
  readonly intervalMs?: number | undefined;
}

/** The account, the service's address, and the limits of requests. */
export interface ServiceOptions {
  /** Replaces the whole base URL: a mirror, the sandbox, a test. */
  readonly baseUrl?: string | undefined;
  /**
   * The account's name, the first part of its host: `https://{accessName}.auto-parser.ru/api/v2/che168`. Without it,
   * `https://api1.auto-api.com/api/v2/che168`, for accounts that have only a key.
   */
  readonly accessName?: string | undefined;
  /** The account's key. It is only sent to the service's own host. */
  readonly apiKey: string;
  /**
   * Where requests carry the key: the header `x-api-key`, the query parameter `api_key`, or `auto`: the header, and
   * after a 401 on the first request, once the query; the one that works is kept for the client's lifetime.
   * @default "auto"
   */
  readonly keyIn?: "header" | "query" | "auto" | undefined;
  /**
   * Response timeout, body included, in milliseconds.
   * @default 30000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Minimum interval between two requests to the catalogue (`/offers`, `/filters`), in milliseconds.
   * @default 700
   */
  readonly offersIntervalMs?: number | undefined;
  /**
   * Minimum interval between two requests to the feed (`/changes`, `/change_id`), in milliseconds.
   * @default 2000
   */
  readonly changesIntervalMs?: number | undefined;
  /**
   * Minimum interval between two requests for one listing (`/offer`, `/offer/info`), in milliseconds.
   * @default 1500
   */
  readonly offerIntervalMs?: number | undefined;
  /** Retries after network failures, timeouts, 5xx, 429 and invalid responses. */
  readonly retry?: RequestRetryOptions | undefined;
  /**
   * Maximum size of a response, in bytes after decompression.
   * @default 67108864 (64 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * Proxy settings as the environment names them (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`); `process.env` fits. Needs
   * Node.js 22.21 or 24.5. Without it, connections use Node's global agents.
   */
  readonly proxyEnv?: ProxyEnv | undefined;
}

/** {@link ServiceOptions} with the defaults in place. */
export interface ClientSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly keyIn: "header" | "query" | "auto";
  readonly timeoutMs: number;
  readonly offersIntervalMs: number;
  readonly changesIntervalMs: number;
  readonly offerIntervalMs: number;
  readonly retry: RetryPolicy;
  readonly maxResponseBytes: number;
  readonly proxyEnv: ProxyEnv | undefined;
}

/** Base URL of accounts without an access name, as in the service's official clients. */
const DEFAULT_BASE_URL = "https://api1.auto-api.com/api/v2/che168";

/** Response timeout, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** {@link RequestRetryOptions} with the defaults in place. */
export const resolveRetry = (retry: RequestRetryOptions = {}): RetryPolicy => ({
  attempts: retry.attempts ?? 20,
  intervalMs: retry.intervalMs ?? 720_000,
});

const KEY_PLACES = ["header", "query", "auto"];

/**
 * Applies the defaults and validates the result.
 * @throws ConfigError with every problem; the key is in none of them
 */
export function resolveOptions(options: ServiceOptions): ClientSettings {
  const problems: ConfigProblem[] = [];
  const apiKey = options.apiKey?.trim() ?? "";
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    const what =
      apiKey === "" ? "is missing" : "has spaces, line breaks or letters beyond ASCII, which no key has";
    problems.push({ key: "apiKey", message: `${what}; set CHE168_API_KEY to the key of your account` });
  }
  const settings: ClientSettings = {
    baseUrl: findBaseUrl(options, problems),
    apiKey,
    keyIn: options.keyIn ?? "auto",
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    offersIntervalMs: options.offersIntervalMs ?? 700,
    changesIntervalMs: options.changesIntervalMs ?? 2_000,
    offerIntervalMs: options.offerIntervalMs ?? 1_500,
    retry: resolveRetry(options.retry),
    maxResponseBytes: options.maxResponseBytes ?? 64 * 1024 * 1024,
    proxyEnv: options.proxyEnv,
  };
  if (!KEY_PLACES.includes(settings.keyIn)) {
    problems.push({ key: "keyIn", message: `must be ${KEY_PLACES.join(", ")}, not ${settings.keyIn}` });
  }
  const checkMinimum = (key: string, value: number, minimum: number) => {
    if (!Number.isSafeInteger(value) || value < minimum) {
      problems.push({ key, message: `must be a whole number of at least ${minimum}, not ${String(value)}` });
    }
  };
  checkMinimum("timeoutMs", settings.timeoutMs, 1);
  checkMinimum("offersIntervalMs", settings.offersIntervalMs, 0);
  checkMinimum("changesIntervalMs", settings.changesIntervalMs, 0);
  checkMinimum("offerIntervalMs", settings.offerIntervalMs, 0);
  checkMinimum("retry.attempts", settings.retry.attempts, 1);
  checkMinimum("retry.intervalMs", settings.retry.intervalMs, 0);
  checkMinimum("maxResponseBytes", settings.maxResponseBytes, 1);
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return settings;
}

function findBaseUrl({ baseUrl, accessName }: ServiceOptions, problems: ConfigProblem[]): string {
  if (baseUrl !== undefined) {
    const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      problems.push({ key: "baseUrl", message: "must be an address that starts with http:// or https://" });
    } else if (url.username || url.password || url.search || url.hash) {
      // fetch rejects credentials in an address; a query would be lost.
      problems.push({ key: "baseUrl", message: "must not have a user, password, query or fragment" });
    }
    return baseUrl.replace(/\/+$/, "");
  }
  if (accessName === undefined) {
    return DEFAULT_BASE_URL;
  }
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(accessName)) {
    problems.push({
      key: "accessName",
      message: `must be one part of a host name (letters, digits, hyphens), not ${JSON.stringify(accessName)}`,
    });
  }
  return `https://${accessName}.auto-parser.ru/api/v2/che168`;
}
