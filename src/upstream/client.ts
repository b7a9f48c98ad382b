import { Che168Error, UpstreamError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { linkSignals } from "../util/abort.ts";
import { resolveOptions, type ServiceOptions } from "./client-options.ts";
import { isNoListing, type RawListing, readListing } from "./raw-listing.ts";
import { createRequester } from "./request.ts";
import { oneLine, type Question, tell } from "./request-errors.ts";
import {
  type AnswerContext,
  contextOf,
  invalid,
  namesAsNext,
  type RecordsPage,
  readChangeId,
  readChangesPage,
  readFilters,
  readOffersPage,
  withRecords,
} from "./responses.ts";
import { type RetryPolicy, type RetryWait, retrying, tellWait } from "./retry-request.ts";
import { createPace, type Pace } from "./throttle.ts";

export type { JsonSpan } from "./json/json-scan.ts";
export type { PageRecord } from "./json/page-records.ts";
export type { RawListing } from "./raw-listing.ts";
export type { RecordsPage } from "./responses.ts";
export type { RetryWait } from "./retry-request.ts";

/** The account, the service's address and our patience with it. */
export interface ClientOptions extends ServiceOptions {
  /** Is told each failed attempt that another one follows, once, as a warning. */
  readonly logger?: Logger | undefined;
  /** Is told the same, as facts, before the wait begins. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends waiting, and a running request, at once; the call then throws `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Is told this call's waits, after the client's own `onRetry`. */
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** Options of a call that returns a page. */
export interface PageOptions<Page> extends CallOptions {
  /**
   * Checks a page that has the expected shape. Returns what makes the response invalid; it is then retried like any
   * other invalid response, and the last attempt throws `UPSTREAM_INVALID_RESPONSE` with this reason.
   */
  readonly validate?: ((page: Page) => string | undefined | Promise<string | undefined>) | undefined;
}

/** Options of a call that returns a page of the catalogue. */
export interface OffersPageOptions extends PageOptions<OffersPage> {
  readonly filters?: OffersFilter | undefined;
  /**
   * Is told, of an answer that has come and is not read yet, which page it names as the next; reading waits for it. A
   * request for that page can so leave some milliseconds earlier. What the answer says in truth, the call tells.
   */
  readonly onNextPage?: ((page: number) => Promise<void>) | undefined;
}

/** The filters of `/offers`, in the service's words. */
export interface OffersFilter {
  readonly mark?: string | undefined;
  readonly model?: string | undefined;
  readonly color?: string | undefined;
  readonly body_type?: string | undefined;
  readonly engine_type?: string | undefined;
  readonly transmission_type?: string | undefined;
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
  /** Always above `page`; null at the end of the catalogue. */
  readonly nextPage: number | null;
}

/** A page of the change feed. */
export interface ChangesPage extends RecordsPage {
  /** The position that was asked for. */
  readonly changeId: number;
  /** Always above `changeId`; null at each of the feed's three ends. */
  readonly nextChangeId: number | null;
}

/**
 * The service's requests (contract §1). Every method paces itself, tries again what is worth it, and throws
 * - `UpstreamError` when the service gave no usable answer in all attempts, or one that no attempt can mend;
 * - `Che168Error` `FEED_OUT_OF_ORDER` when the change feed leads backwards;
 * - `Che168Error` `USAGE` for an argument that no request can be made of;
 * - `signal.reason` when aborted.
 */
export interface Client {
  /** The values that the service's own filters take. */
  filters(options?: CallOptions): Promise<Record<string, unknown>>;
  /** One page of the catalogue, counted from 1. */
  offersPage(page: number, options?: OffersPageOptions): Promise<OffersPage>;
  /**
   * The first change of a day, given as `YYYY-MM-DD` in the service's time zone; null when the service has none of that
   * day or a later one yet.
   */
  changeId(date: string, options?: CallOptions): Promise<number | null>;
  /** One page of changes with ids from `changeId` on, oldest first. */
  changesPage(changeId: number, options?: PageOptions<ChangesPage>): Promise<ChangesPage>;
  /**
   * One listing by its id; null when the service has it no more. JSON that is no listing is asked for twice again, not
   * as often as a service that is away.
   */
  offer(innerId: string, options?: CallOptions): Promise<RawListing | null>;
  /** One listing by its address on che168.com; null when the service does not know it. */
  offerInfo(url: string, options?: CallOptions): Promise<RawListing | null>;
  /** Aborts what is running and refuses what comes after; resolves when all has ended. May be called again. */
  close(): Promise<void>;
}

/** One listing that the service cannot tell is not worth the hours that one waits for a service. */
const NO_LISTING: RetryPolicy = { attempts: 2, intervalMs: 5_000 };

/**
 * Makes a client for one account. It keeps two paces, one for the catalogue and one for the feed; within each, calls
 * made at the same time take turns.
 * @throws {ConfigError} with everything that is wrong with the options.
 */
export function createClient(options: ClientOptions): Client {
  const settings = resolveOptions(options);
  const { logger = silentLogger, onRetry } = options;
  const requester = createRequester({ ...settings, logger });
  const catalogue = createPace(settings.offersIntervalMs);
  const feed = createPace(settings.changesIntervalMs);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  const briefly: RetryPolicy = {
    attempts: Math.min(settings.retry.attempts, NO_LISTING.attempts),
    intervalMs: Math.min(settings.retry.intervalMs, NO_LISTING.intervalMs),
  };
  const policyFor = (error: UpstreamError) => (isNoListing(error) ? briefly : settings.retry);

  /** One question until it is answered. `read` is part of each attempt: a wrong shape is worth another one. */
  async function ask<T>(
    question: Question,
    pace: Pace,
    call: CallOptions,
    read: (context: AnswerContext) => T | Promise<T>,
    onBody?: (body: Buffer) => Promise<void>,
  ): Promise<T> {
    const { signal, unlink } = linkSignals(closing.signal, call.signal);
    const attempt = async () => {
      await pace.turn(signal);
      const body = await requester.send(question, signal);
      await onBody?.(body);
      return await read(contextOf(body, question, requester.redact));
    };
    const report = (wait: RetryWait) => {
      logger.warn(tellWait(wait));
      onRetry?.(wait);
      call.onRetry?.(wait);
    };
    const answer = retrying(attempt, { what: question.what, policyFor, signal, report });
    running.add(answer);
    try {
      return await answer;
    } finally {
      running.delete(answer);
      unlink();
    }
  }

  async function askListing(
    question: Question,
    call: CallOptions,
    innerId?: string,
  ): Promise<RawListing | null> {
    const read = (context: AnswerContext) => readListing(context, innerId);
    const answer = await nullWhenGone(ask(question, catalogue, call, read));
    if (answer === null || "listing" in answer) {
      return answer?.listing ?? null;
    }
    if (answer.none === "another") {
      logger.warn(tell(question, "the service answered with another listing; taken for unknown"));
    }
    return null;
  }

  return {
    filters(call = {}) {
      const question: Question = { what: "the filters", method: "GET", path: "/filters" };
      return ask(question, catalogue, call, readFilters);
    },

    async offersPage(page, call = {}) {
      requireUsable(
        Number.isSafeInteger(page) && page >= 1,
        `a page is a whole number from 1 on, not ${page}`,
      );
      const query = { ...toQuery(call.filters ?? {}), page: String(page) };
      const what = `page ${page} of the catalogue`;
      const question: Question = { what, method: "GET", path: "/offers", query };
      const read = (context: AnswerContext) =>
        validated(context, withRecords(context, { page, ...readOffersPage(page, context) }), call);
      return ask(question, catalogue, call, read, async (body) => {
        if (namesAsNext(body, page + 1)) {
          await call.onNextPage?.(page + 1);
        }
      });
    },

    async changeId(date, call = {}) {
      requireUsable(/^\d{4}-\d{2}-\d{2}$/.test(date), `a day is YYYY-MM-DD, not ${oneLine(date, 40)}`);
      const what = `the first change of ${date}`;
      const question: Question = { what, method: "GET", path: "/change_id", query: { date } };
      return nullWhenGone(ask(question, feed, call, readChangeId));
    },

    async changesPage(changeId, call = {}) {
      const usable = Number.isSafeInteger(changeId) && changeId >= 0;
      requireUsable(usable, `a position is a whole number from 0 on, not ${changeId}`);
      const question: Question = {
        what: `changes from ${changeId}`,
        method: "GET",
        path: "/changes",
        query: { change_id: String(changeId) },
      };
      return ask(question, feed, call, (context) =>
        validated(context, withRecords(context, { changeId, ...readChangesPage(changeId, context) }), call),
      );
    },

    async offer(innerId, call = {}) {
      requireUsable(innerId !== "", "a listing's inner_id is not empty");
      const what = `listing ${oneLine(innerId, 40)}`;
      const query = { inner_id: innerId };
      return askListing({ what, method: "GET", path: "/offer", query }, call, innerId);
    },

    async offerInfo(url, call = {}) {
      requireUsable(url !== "", "a listing's address is not empty");
      const what = `the listing at ${oneLine(url)}`;
      const path = "/api/v1/offer/info";
      return askListing({ what, method: "POST", path, atRoot: true, body: { url } }, call);
    },

    async close() {
      closing.abort(new DOMException("The client was closed", "AbortError"));
      await Promise.allSettled(running);
    },
  };
}

/** The page, when the caller accepts it. @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` with the caller's reason */
async function validated<Page>(
  context: AnswerContext,
  page: Page,
  { validate }: PageOptions<Page>,
): Promise<Page> {
  const reason = await validate?.(page);
  if (reason !== undefined) {
    throw invalid(context, reason);
  }
  return page;
}

/** "The service does not have it" is an answer, where the question was for one thing. */
async function nullWhenGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
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

function requireUsable(usable: boolean, message: string): void {
  if (!usable) {
    throw new Che168Error("USAGE", message);
  }
}
