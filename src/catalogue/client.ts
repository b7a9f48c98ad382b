import { setTimeout as delay } from "node:timers/promises";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { parseRetryAfter } from "../upstream/retry-after.ts";
import type { components, operations } from "./api-types.ts";
import {
  CatalogueError,
  CatalogueParameterError,
  type CatalogueProblem,
  CatalogueUnauthorizedError,
  CatalogueUnavailableError,
} from "./errors.ts";

type Schemas = components["schemas"];
type ListQuery = NonNullable<operations["listOffers"]["parameters"]["query"]>;

/** A listing as lists have it. */
export type CatalogueCard = Schemas["OfferCard"];
/** A whole listing. */
export type CatalogueOffer = Schemas["Offer"];
/** One page of a list. */
export type CataloguePage = Schemas["OffersPage"];
/** Every value in use, with its count. */
export type CatalogueFilters = Schemas["Filters"];
/** Counts, and the last runs. */
export type CatalogueStats = Schemas["Stats"];
/** Language of labels. */
export type CatalogueLanguage = NonNullable<ListQuery["lang"]>;
/** Which listings, in which order. Several values of a filter are alternatives. */
export type CatalogueQuery = Omit<ListQuery, "page" | "cursor">;
/** The same, and which page. */
export type CataloguePageQuery = ListQuery;

export interface CatalogueClientOptions {
  /** Where the API is, with the path that it is mounted at: `https://example.com/catalogue`. */
  readonly baseUrl: string;
  readonly token: string;
  /** Longest wait for one answer, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /**
   * How often a request is tried again after 429, 503 and a failed connection, when the API does not ask for a longer wait
   * than `maxWaitMs`. @default 3
   */
  readonly retries?: number | undefined;
  /** Longest wait before another attempt, in milliseconds. @default 60000 */
  readonly maxWaitMs?: number | undefined;
  /** What sends requests: `handler.fetch` asks an API in this process. @default fetch */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
interface LabelOptions extends CallOptions {
  /** Adds `labels` in this language. */
  readonly lang?: CatalogueLanguage | undefined;
}

/**
 * The API of this package, for programs that read it. Every method throws `CatalogueParameterError`,
 * `CatalogueUnauthorizedError`, `CatalogueUnavailableError`, else `CatalogueError`; and `signal.reason` when aborted.
 */
export interface CatalogueClient {
  /** One page. */
  page(query?: CataloguePageQuery, options?: CallOptions): Promise<CataloguePage>;
  /**
   * Every listing that fulfils the query, page after page by cursor: `for await (const card of client.offers({ mark: ["BMW"] }))`.
   * `limit` is the size of the pages.
   */
  offers(query?: CatalogueQuery, options?: CallOptions): AsyncGenerator<CatalogueCard, void, void>;
  /** One listing, also an inactive one; null when there is none of this id. */
  offer(innerId: string, options?: LabelOptions): Promise<CatalogueOffer | null>;
  /** What can be filtered by. */
  filters(options?: LabelOptions): Promise<CatalogueFilters>;
  stats(options?: CallOptions): Promise<CatalogueStats>;
}

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The wait before another attempt when the API names none. */
const FIRST_WAIT_MS = 500;
const RETRIED = new Set([429, 503]);

function checkOptions({ baseUrl, token }: CatalogueClientOptions): void {
  const problems: ConfigProblem[] = [];
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    problems.push({ key: "baseUrl", message: "must be an http or https address" });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    problems.push({ key: "token", message: "must be an access token of the API" });
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
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

async function problemOf(response: Response): Promise<CatalogueProblem | undefined> {
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

async function errorOf(response: Response): Promise<CatalogueError> {
  const { status } = response;
  const problem = await problemOf(response);
  const message = problem?.detail ?? `The API answered ${status} ${response.statusText}`.trimEnd();
  const facts = { status, problem };
  if (status === 400) {
    return new CatalogueParameterError(message, facts);
  }
  if (status === 401) {
    return new CatalogueUnauthorizedError(message, facts);
  }
  if (RETRIED.has(status)) {
    const asked = parseRetryAfter(response.headers.get("retry-after"), response.headers.get("date"));
    return new CatalogueUnavailableError(message, { ...facts, retryAfterMs: asked });
  }
  return new CatalogueError(message, facts);
}

/**
 * A client for the API that `createApiHandler` and `che168-sync serve` give.
 *
 * @throws ConfigError when the address or the token cannot be right
 */
export function createCatalogueClient(options: CatalogueClientOptions): CatalogueClient {
  checkOptions(options);
  const { baseUrl, token, timeoutMs = 30_000, retries = 3, maxWaitMs = 60_000 } = options;
  const send = options.fetch ?? fetch;

  async function attempt(url: URL, signal: AbortSignal | undefined): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await send(
        new Request(url, {
          headers: { accept: "application/json", authorization: `Bearer ${token}` },
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        }),
      );
      if (!response.ok) {
        throw await errorOf(response);
      }
      return await response.json();
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof CatalogueError) {
        throw cause;
      }
      if (cause instanceof SyntaxError) {
        throw new CatalogueError(`The API at ${baseUrl} answered something that is not JSON`, { cause });
      }
      const reason = timeout.aborted ? `no answer within ${timeoutMs} ms` : "it cannot be reached";
      throw new CatalogueUnavailableError(`The API at ${baseUrl} did not answer: ${reason}`, { cause });
    }
  }

  async function ask<T>(path: string, query: Query, { signal }: CallOptions): Promise<T> {
    const url = addressOf(baseUrl, path, query);
    for (let failures = 0; ; failures += 1) {
      signal?.throwIfAborted();
      try {
        return (await attempt(url, signal)) as T;
      } catch (error) {
        if (!(error instanceof CatalogueUnavailableError) || failures >= retries) {
          throw error;
        }
        const wait = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** failures;
        if (wait > maxWaitMs) {
          throw error;
        }
        await delay(wait, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
      }
    }
  }

  const page: CatalogueClient["page"] = (query = {}, call = {}) => ask("/offers", query, call);

  return {
    page,
    offers: async function* offers(query = {}, call = {}) {
      let cursor: string | null = null;
      do {
        const { result, meta }: CataloguePage = await page(
          cursor === null ? query : { ...query, cursor },
          call,
        );
        yield* result;
        cursor = meta.next_cursor;
      } while (cursor !== null);
    },
    offer: async (innerId, { lang, ...call } = {}) => {
      try {
        return await ask<CatalogueOffer>(`/offers/${encodeURIComponent(innerId)}`, { lang }, call);
      } catch (error) {
        if (error instanceof CatalogueError && error.problem?.status === 404) {
          return null;
        }
        throw error;
      }
    },
    filters: ({ lang, ...call } = {}) => ask("/filters", { lang }, call),
    stats: (call = {}) => ask("/stats", {}, call),
  };
}
