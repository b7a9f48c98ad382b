import { Che168Error, UpstreamError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { linkSignals } from "../util/abort.ts";
import { isDay } from "../util/days.ts";
import { A_DAY, mustBe } from "../util/must-be.ts";
import { resolveOptions, type ServiceOptions } from "./client-options.ts";
import { isInvalidListing, parseListing, type RawListing } from "./raw-listing.ts";
import { createRequestSender } from "./request.ts";
import { describeFailure, oneLine, type RequestInfo } from "./request-errors.ts";
import {
  invalidResponse,
  namesAsNext,
  parseChangeId,
  parseChangesPage,
  parseFilters,
  parseOffersPage,
  type ReceivedResponse,
  type RecordsPage,
  responseContext,
  withRecords,
} from "./responses.ts";
import { describeWait, type RetryPolicy, type RetryWait, withRetries } from "./retry-request.ts";
import { createThrottle, type Throttle } from "./throttle.ts";

export type { RawListing } from "./raw-listing.ts";
export type { RecordsPage } from "./responses.ts";
export type { RetryWait } from "./retry-request.ts";

/** The account, the service's address, limits, and where to report retries. */
export interface ClientOptions extends ServiceOptions {
  /** Receives a warning for each failed attempt that is retried. */
  readonly logger?: Logger | undefined;
  /** Called before each wait for another attempt. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Aborts a wait or a running request; the call then throws `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each wait of this call, after the client's `onRetry`. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** Options of a call for a page. */
export interface PageOptions<Page> extends CallOptions {
  /**
   * Checks each received page. A returned text is the reason to reject it: the page is then an invalid response, which
   * is retried like any other and in the end an `UpstreamError` `UPSTREAM_INVALID_RESPONSE` with this text.
   */
  readonly validate?: ((page: Page) => string | undefined | Promise<string | undefined>) | undefined;
}

/** Options of a call for a page of the catalogue. */
export interface OffersPageOptions extends PageOptions<OffersPage> {
  readonly filters?: OffersFilter | undefined;
  /**
   * Called with the next page number as soon as the body has arrived, before it is parsed, so that the next request can
   * start early; parsing waits for it. A hint only: the authoritative value is `nextPage` of the result.
   */
  readonly onNextPage?: ((page: number) => Promise<void>) | undefined;
}

/** The filters of `/offers`, as the service names them. */
export interface OffersFilter {
  readonly mark?: string | undefined;
  readonly model?: string | undefined;
  readonly color?: string | undefined;
  readonly body_type?: string | undefined;
  readonly engine_type?: string | undefined;
  readonly transmission_type?: string | undefined;
  readonly drive_type?: string | undefined;
  readonly year_from?: number | string | undefined;
  readonly year_to?: number | string | undefined;
  readonly km_age_from?: number | string | undefined;
  readonly km_age_to?: number | string | undefined;
  readonly price_from?: number | string | undefined;
  readonly price_to?: number | string | undefined;
}

/** A page of the catalogue. */
export interface OffersPage extends RecordsPage {
  readonly page: number;
  /** Always greater than `page`; null at the end of the catalogue. */
  readonly nextPage: number | null;
}

/** A page of the change feed. */
export interface ChangesPage extends RecordsPage {
  /** The requested position. */
  readonly changeId: number;
  /** Always greater than `changeId` and at most 2^53 - 1; null at the end of the feed, however the service spells it. */
  readonly nextChangeId: number | null;
}

/**
 * The service's requests. Every method keeps the minimum intervals, retries temporary failures, and throws
 * - `UpstreamError` without a usable response in all attempts, or for a permanent failure;
 * - `UpstreamError` `FEED_OUT_OF_ORDER` when the change feed goes backwards in all attempts;
 * - `Che168Error` `USAGE` for an invalid argument;
 * - `signal.reason` when aborted.
 */
export interface Client {
  /** The values that the filters of `/offers` accept. */
  filters(options?: CallOptions): Promise<Record<string, unknown>>;
  /** One page of the catalogue, counted from 1. */
  offersPage(page: number, options?: OffersPageOptions): Promise<OffersPage>;
  /**
   * The id of the first change of a day, given as `YYYY-MM-DD` in the service's time zone; null while the service has
   * no change of that day or a later one.
   */
  changeId(date: string, options?: CallOptions): Promise<number | null>;
  /** One page of changes with ids from `changeId` on, oldest first. */
  changesPage(changeId: number, options?: PageOptions<ChangesPage>): Promise<ChangesPage>;
  /**
   * One listing by its id; null when the service no longer has it. A response without a listing is retried twice, not
   * as often as an outage.
   */
  offer(innerId: string, options?: CallOptions): Promise<RawListing | null>;
  /** One listing by its address on che168.com; null when the service does not know it. */
  offerInfo(url: string, options?: CallOptions): Promise<RawListing | null>;
  /** Aborts running calls, rejects later ones, and resolves when all have ended. Idempotent. */
  close(): Promise<void>;
}

/** A single listing does not justify the hours of retries that an outage does. */
const INVALID_LISTING_POLICY: RetryPolicy = { attempts: 3, intervalMs: 5_000 };

/**
 * Creates a client for one account. Catalogue, feed and single listings have a throttle each; concurrent calls of one
 * kind take turns.
 * @throws ConfigError with every problem of the options
 */
export function createClient(options: ClientOptions): Client {
  const settings = resolveOptions(options);
  const { logger = silentLogger, onRetry } = options;
  const requester = createRequestSender({ ...settings, logger });
  const catalogue = createThrottle(settings.offersIntervalMs);
  const feed = createThrottle(settings.changesIntervalMs);
  const single = createThrottle(settings.offerIntervalMs);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  const invalidListingPolicy: RetryPolicy = {
    attempts: Math.min(settings.retry.attempts, INVALID_LISTING_POLICY.attempts),
    intervalMs: Math.min(settings.retry.intervalMs, INVALID_LISTING_POLICY.intervalMs),
  };
  const policyFor = (error: UpstreamError) =>
    isInvalidListing(error) ? invalidListingPolicy : settings.retry;

  /** Sends a request until it succeeds. `read` is part of each attempt: an invalid response is retried. */
  async function call<T>(
    request: RequestInfo,
    throttle: Throttle,
    callOptions: CallOptions,
    read: (context: ReceivedResponse) => T | Promise<T>,
    onBody?: (body: Buffer) => Promise<void>,
  ): Promise<T> {
    const { signal, unlink } = linkSignals(closing.signal, callOptions.signal);
    const attempt = async () => {
      await throttle.turn(signal);
      const body = await requester.send(request, signal);
      await onBody?.(body);
      return await read(responseContext(body, request, requester.redact));
    };
    const onWait = (wait: RetryWait) => {
      logger.warn(describeWait(wait));
      onRetry?.(wait);
      callOptions.onRetry?.(wait);
    };
    const result = withRetries(attempt, { what: request.what, policyFor, signal, onWait });
    running.add(result);
    try {
      return await result;
    } finally {
      running.delete(result);
      unlink();
    }
  }

  async function callListing(
    request: RequestInfo,
    callOptions: CallOptions,
    innerId?: string,
  ): Promise<RawListing | null> {
    const read = (context: ReceivedResponse) => parseListing(context, innerId);
    const result = await nullWhenGone(call(request, single, callOptions, read));
    if (result === null || "listing" in result) {
      return result?.listing ?? null;
    }
    if (result.none === "another") {
      logger.warn(describeFailure(request, "the service returned another listing; treated as unknown"));
    }
    return null;
  }

  return {
    filters(callOptions = {}) {
      const request: RequestInfo = { what: "the filters", method: "GET", path: "/filters" };
      return call(request, catalogue, callOptions, parseFilters);
    },

    async offersPage(page, callOptions = {}) {
      requireArgument(Number.isSafeInteger(page) && page >= 1, `page must be at least 1, not ${page}`);
      const query = { ...toQuery(callOptions.filters ?? {}), page: String(page) };
      const what = `page ${page} of the catalogue`;
      const request: RequestInfo = { what, method: "GET", path: "/offers", query };
      const read = (context: ReceivedResponse) =>
        validated(withRecords(context, { page, ...parseOffersPage(page, context) }), context, callOptions);
      return call(request, catalogue, callOptions, read, async (body) => {
        if (namesAsNext(body, page + 1)) {
          await callOptions.onNextPage?.(page + 1);
        }
      });
    },

    async changeId(date, callOptions = {}) {
      requireArgument(isDay(date), `date ${mustBe(A_DAY, date)}`);
      const what = `the first change of ${date}`;
      const request: RequestInfo = { what, method: "GET", path: "/change_id", query: { date } };
      return nullWhenGone(call(request, feed, callOptions, parseChangeId));
    },

    async changesPage(changeId, callOptions = {}) {
      requireArgument(
        Number.isSafeInteger(changeId) && changeId >= 0,
        `changeId must be a whole number of at least 0, not ${changeId}`,
      );
      const request: RequestInfo = {
        what: `changes from ${changeId}`,
        method: "GET",
        path: "/changes",
        query: { change_id: String(changeId) },
      };
      const read = (context: ReceivedResponse) =>
        validated(
          withRecords(context, { changeId, ...parseChangesPage(changeId, context) }),
          context,
          callOptions,
        );
      return call(request, feed, callOptions, read);
    },

    async offer(innerId, callOptions = {}) {
      requireArgument(innerId !== "", "innerId must not be empty");
      const what = `listing ${oneLine(innerId, 40)}`;
      const query = { inner_id: innerId };
      return callListing({ what, method: "GET", path: "/offer", query }, callOptions, innerId);
    },

    async offerInfo(url, callOptions = {}) {
      requireArgument(url !== "", "url must not be empty");
      const what = `the listing at ${oneLine(url)}`;
      const path = "/api/v1/offer/info";
      return callListing({ what, method: "POST", path, atRoot: true, body: { url } }, callOptions);
    },

    async close() {
      closing.abort(new DOMException("The client was closed", "AbortError"));
      await Promise.allSettled(running);
      requester.close();
    },
  };
}

async function validated<Page>(
  page: Page,
  context: ReceivedResponse,
  { validate }: PageOptions<Page>,
): Promise<Page> {
  const problem = await validate?.(page);
  if (problem !== undefined) {
    throw invalidResponse(context, problem);
  }
  return page;
}

/** For a single resource, 404 and 410 mean that the service does not have it. */
async function nullWhenGone<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof UpstreamError && (error.status === 404 || error.status === 410)) {
      return null;
    }
    throw error;
  }
}

function toQuery(filters: OffersFilter): Record<string, string> {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function requireArgument(isValid: boolean, message: string): void {
  if (!isValid) {
    throw new Che168Error("USAGE", message);
  }
}
