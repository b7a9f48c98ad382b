import { ConfigError, type ConfigProblem } from "../errors.ts";

/** What a client needs to know of the service and of our patience. */
export interface ServiceOptions {
  /** Replaces the whole base URL: a mirror, the sandbox, a test. */
  readonly baseUrl?: string | undefined;
  /** The account's name, the first part of its host: `https://{accessName}.auto-parser.ru/api/v2/che168`. */
  readonly accessName?: string | undefined;
  /** The account's key. It leaves this client only in requests to the service's own host. */
  readonly apiKey: string;
  /**
   * The time for one whole answer, its body included, in milliseconds.
   * @default 30000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The least time from one request of the catalogue to the next (`/offers`, `/offer`, `/filters`, `/offer/info`), in
   * milliseconds.
   * @default 700
   */
  readonly offersIntervalMs?: number | undefined;
  /**
   * The least time from one request of the feed to the next (`/changes`, `/change_id`), in milliseconds.
   * @default 2000
   */
  readonly changesIntervalMs?: number | undefined;
  /** What happens when the service is away or answers nonsense. */
  readonly retry?:
    | {
        /**
         * How often a request is tried again after the first attempt; 0: never. With the defaults a service that is
         * away for less than four hours is waited for.
         * @default 20
         */
        readonly attempts?: number | undefined;
        /**
         * The wait before each, unless the service names another by `Retry-After` (an hour at most), in milliseconds.
         * @default 720000
         */
        readonly intervalMs?: number | undefined;
      }
    | undefined;
  /**
   * Longer answers are refused; in bytes, counted after decompression.
   * @default 67108864 (64 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
}

/** The same with the defaults in place. */
export interface ServiceSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly offersIntervalMs: number;
  readonly changesIntervalMs: number;
  readonly retry: { readonly attempts: number; readonly intervalMs: number };
  readonly maxResponseBytes: number;
}

/**
 * Lays the defaults under the options.
 * @throws {ConfigError} with every problem at once; never with the key in it.
 */
export function resolveOptions(options: ServiceOptions): ServiceSettings {
  const problems: ConfigProblem[] = [];
  const apiKey = options.apiKey?.trim() ?? "";
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    const what =
      apiKey === ""
        ? "is missing"
        : "holds characters that no key has (spaces, line breaks, letters beyond ASCII)";
    problems.push({ key: "apiKey", message: `${what}; set CHE168_API_KEY to the key of your account` });
  }
  const settings = {
    baseUrl: findBaseUrl(options, problems),
    apiKey,
    timeoutMs: options.timeoutMs ?? 30_000,
    offersIntervalMs: options.offersIntervalMs ?? 700,
    changesIntervalMs: options.changesIntervalMs ?? 2000,
    retry: {
      attempts: options.retry?.attempts ?? 20,
      intervalMs: options.retry?.intervalMs ?? 720_000,
    },
    maxResponseBytes: options.maxResponseBytes ?? 64 * 1024 * 1024,
  };
  const least = (key: string, value: number, minimum: number) => {
    if (!Number.isSafeInteger(value) || value < minimum) {
      problems.push({ key, message: `must be a whole number from ${minimum} on, and is ${String(value)}` });
    }
  };
  least("timeoutMs", settings.timeoutMs, 1);
  least("offersIntervalMs", settings.offersIntervalMs, 0);
  least("changesIntervalMs", settings.changesIntervalMs, 0);
  least("retry.attempts", settings.retry.attempts, 0);
  least("retry.intervalMs", settings.retry.intervalMs, 0);
  least("maxResponseBytes", settings.maxResponseBytes, 1);
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return settings;
}

function findBaseUrl({ baseUrl, accessName }: ServiceOptions, problems: ConfigProblem[]): string {
  if (baseUrl !== undefined) {
    const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      problems.push({ key: "baseUrl", message: "must be an address that begins with http:// or https://" });
    } else if (url.username || url.password || url.search || url.hash) {
      // fetch refuses credentials in an address; a query would be lost.
      problems.push({ key: "baseUrl", message: "must hold neither user, password, query nor fragment" });
    }
    return baseUrl.replace(/\/+$/, "");
  }
  if (accessName === undefined) {
    const message = "is missing; set CHE168_ACCESS_NAME to the name of your account, or CHE168_BASE_URL";
    problems.push({ key: "accessName", message });
  } else if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(accessName)) {
    problems.push({
      key: "accessName",
      message: `must be one part of a host name (letters, digits, hyphens), and is ${JSON.stringify(accessName)}`,
    });
  }
  return `https://${accessName}.auto-parser.ru/api/v2/che168`;
}
