import type { EventHandler, H3Event } from "h3";
import { isUnavailable } from "../../database/index.ts";
import type { Logger } from "../../logging/types.ts";
import type { Scope, TokenInfo } from "../../tokens/index.ts";
import { addressKey } from "../../util/ip-address.ts";
import type { CachedQuery, QueryCache } from "../cache/query-cache.ts";
import { type MaybePromise, maybeThen } from "../maybe-promise.ts";
import type { Parameters } from "../query/parameters.ts";
import { Claim } from "../replicas/claim.ts";
import type { Snapshot } from "../replicas/replica.ts";
import type { ReadRouter } from "../replicas/router.ts";
import type { JsonSchema } from "../schema/schemas.ts";
import { accessLine } from "./access-log.ts";
import { type ApiRequest, readBody, requestId } from "./api-request.ts";
import { type Auth, queryTokenOf, tokenOf } from "./auth.ts";
import { clientAddress, type HeaderReader, headerReader, isClientGone, isLocal } from "./client-address.ts";
import { type Cors, METHODS } from "./cors.ts";
import type { Metrics } from "./metrics.ts";
import { Problem } from "./problem.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Refusals } from "./refusals.ts";
import {
  encodedBody,
  type ResponseContext,
  type RouteResponse,
  type SentResponse,
  send,
  sendEmpty,
} from "./response.ts";

/** A route's part of the OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly tag: "Listings" | "Service";
  readonly summary: string;
  readonly details?: string;
  /** The declaration that the route parses its query with. */
  readonly parameters: Parameters;
  readonly response: {
    readonly description: string;
    /** One or several. @default "application/json" */
    readonly type?: string | readonly string[];
    readonly schema: JsonSchema;
  };
  /** Whether the response has an ETag. */
  readonly tagged: boolean;
  /** Description of the 404, where there is one. */
  readonly missing?: string;
  /** Description of the 502, where there is one. */
  readonly failing?: string;
  /** Description of the 410, where there is one. */
  readonly gone?: string;
  /** Whether the response names the newest event that it includes. */
  readonly positioned?: boolean;
  /** Whether a header of the response names the corrected search. */
  readonly corrected?: boolean;
  /** Whether browsers save the response as a file. */
  readonly file?: boolean;
}

/** One path of the API. */
export interface Route {
  /** In h3's syntax: `/offers/:inner_id`. */
  readonly path: string;
  /**
   * `token`: a valid token; `machine`: none from this machine, otherwise one; `conditional`: none when `isOpen`, otherwise
   * one; `open`: none.
   */
  readonly access: "token" | "machine" | "conditional" | "open";
  /** Scope that the token must have. @default any */
  readonly scope?: Scope;
  /** `any` is for paths that do not exist: they are 404 in every method. @default "GET", and HEAD */
  readonly method?: "POST" | "any";
  /** The token may also be in the query parameter `api_key`. */
  readonly acceptsQueryToken?: true;
  /** Response to a problem. @default a problem document */
  problemResponse?(problem: Problem): RouteResponse;
  /** Undefined for a path outside of the described API. */
  readonly operation?: Operation;
  /** Whether a request without a token is served: its address has a valid signature, a browser asks for a page. */
  isOpen?(request: Pick<ApiRequest, "event" | "search" | "header">): MaybePromise<boolean>;
  /** The path as the access log shows it. */
  logged(event: H3Event): string;
  /** @param snapshot the state of the server that this attempt reads from */
  handle(request: ApiRequest, snapshot: () => MaybePromise<Snapshot>): MaybePromise<RouteResponse>;
}

export interface PipelineContext {
  readonly auth: Auth;
  readonly refusals: Pick<Refusals, "isLogged">;
  readonly rateLimit: RateLimit;
  readonly cors: Cors;
  readonly router: Pick<ReadRouter, "withFailover">;
  readonly queries: QueryCache;
  readonly metrics: Pick<Metrics, "count">;
  readonly logger: Logger;
  readonly trustedProxies: number;
}

const MAX_SEARCH_LENGTH = 4_096;
const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

/** Whether the request announces a body (RFC 9112 §6). */
function hasBody(header: HeaderReader): boolean {
  const length = header("content-length");
  return (length !== null && length !== "0") || header("transfer-encoding") !== null;
}

const isAllowed = (method: string, expected: "GET" | "POST" | "any"): boolean =>
  expected === "any" || method === expected || (expected === "GET" && method === "HEAD");

/**
 * Steps of every request: token, rate limit, scope, method and form; the route's response, or the problem thrown by a step;
 * metrics and the access log. All routes are served through here, so none is open by oversight.
 */
export function createPipeline(context: PipelineContext): (route: Route) => EventHandler {
  const sendProblem = createProblemSender(context.logger);

  /** @throws Problem 401, 403, 429 */
  const admit = async (
    route: Route,
    event: H3Event,
    header: HeaderReader,
    address: string,
    headers: [string, string][],
    search: () => CachedQuery,
    onToken: (token: TokenInfo) => void,
  ): Promise<void> => {
    if (route.access === "open" || (route.access === "machine" && isLocal(event, header))) {
      return;
    }
    const given = tokenOf(header) ?? (route.acceptsQueryToken && queryTokenOf(event.url.search));
    if (given === undefined && (await route.isOpen?.({ event, search: search(), header })) === true) {
      return;
    }
    const token = await context.auth.check(given, address);
    onToken(token);
    const limit = await context.rateLimit.take(token.id);
    headers.push(...context.rateLimit.headers(limit));
    if (!limit.allowed) {
      throw Problem.tooMany(
        "The rate limit of this token is reached; RateLimit-Policy states it.",
        limit.resetSec,
      );
    }
    if (route.scope !== undefined && !token.scopes.includes(route.scope)) {
      throw Problem.forbidden(route.scope);
    }
  };

  return (route) => async (event) => {
    const startedAt = performance.now();
    const { method } = event.req;
    const header = headerReader(event);
    const id = requestId(header("x-request-id"));
    const address = clientAddress(event, header, context.trustedProxies);
    const headers: [string, string][] = [["x-request-id", id], ...context.cors.headers(header("origin"))];
    const responseContext: ResponseContext = { method, header, headers };
    const { search: text } = event.url;
    const isLong = text.length > MAX_SEARCH_LENGTH;
    let search: CachedQuery | undefined;
    let token: TokenInfo | undefined;
    let sent: SentResponse;
    try {
      const preflight = context.cors.preflight(method, header);
      if (preflight !== undefined) {
        sent = sendEmpty(204, [...headers, ["allow", METHODS], ["vary", "origin"], ...preflight]);
      } else {
        const withBody = hasBody(header);
        const { method: expected = "GET" } = route;
        if (withBody && expected !== "POST") {
          // The body is not read, so no other request can follow on this connection.
          headers.push(["connection", "close"]);
        }
        const parsed = () => context.queries(isLong ? "" : text);
        await admit(route, event, header, address, headers, parsed, (admitted) => {
          token = admitted;
        });
        if (!isAllowed(method, expected)) {
          throw Problem.methodNotAllowed(expected === "GET" ? METHODS : expected);
        }
        if (withBody && expected === "GET") {
          throw new Problem(400, "invalid_request", `A ${method} request must not have a body.`);
        }
        if (isLong) {
          throw new Problem(
            414,
            "uri_too_long",
            `The query must have at most ${MAX_SEARCH_LENGTH} characters.`,
          );
        }
        search = context.queries(text);
        const body = () => readBody(event, header);
        const claim = new Claim({ client: token?.id ?? 0, isGone: () => isClientGone(event) });
        const request: ApiRequest = { event, id, method, address, token, search, header, claim, body };
        sent = await context.router.withFailover(claim, (snapshot) =>
          maybeThen(route.handle(request, snapshot), (response) => send(response, responseContext)),
        );
      }
    } catch (error) {
      sent = await sendProblem(route, error, id, responseContext);
    }
    const elapsedMs = performance.now() - startedAt;
    const { response, status, bytes } = sent;
    context.metrics.count(route.path, status, elapsedMs / 1_000);
    const isRefused = REFUSED.has(status);
    const client = token === undefined ? addressKey(address) : `token ${token.id}`;
    if ((token !== undefined && !isRefused) || context.refusals.isLogged(client, status, isRefused)) {
      const loggedQuery = isLong ? "?(too long)" : (search ?? context.queries(text)).logged();
      const path = route.logged(event) + loggedQuery;
      const facts = { method, path, status, tokenId: token?.id, address, id };
      if (typeof bytes === "number") {
        context.logger.info(accessLine({ ...facts, bytes, elapsedMs }));
      } else {
        void bytes.then((sentBytes) =>
          context.logger.info(
            accessLine({ ...facts, bytes: sentBytes, elapsedMs: performance.now() - startedAt }),
          ),
        );
      }
    }
    return response;
  };
}

/** An unavailable database is logged once per interval, not once per request. */
const WARN_UNAVAILABLE_EVERY_MS = 10_000;
const RETRY_AFTER_SEC = 5;

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  return isUnavailable(error)
    ? Problem.unavailable("The database is not available; try again shortly.", RETRY_AFTER_SEC, error)
    : Problem.internal(error);
}

/** A problem document (RFC 9457). */
const documentOf = (problem: Problem, id: string): RouteResponse => ({
  status: problem.status,
  cacheControl: "private, no-store",
  headers: problem.headers,
  load: () => encodedBody(problem.toDocument(id), "application/problem+json"),
});

/** Sends a failure in the form of the route. The cause of an unexpected one goes to the log only. */
function createProblemSender(
  logger: Logger,
): (route: Route, error: unknown, id: string, context: ResponseContext) => MaybePromise<SentResponse> {
  let warnedAt = Number.NEGATIVE_INFINITY;

  const log = ({ status, message, cause }: Problem, id: string) => {
    if (status === 500) {
      const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      logger.error(`Request ${id} failed: ${text}`);
    } else if (status === 503 && performance.now() - warnedAt > WARN_UNAVAILABLE_EVERY_MS) {
      warnedAt = performance.now();
      const text = cause instanceof Error ? cause.message : "";
      logger.warn(`Requests are answered with 503, first ${id}: ${message} ${text}`.trim());
    }
  };

  return (route, error, id, context) => {
    const problem = problemOf(error);
    log(problem, id);
    return send(route.problemResponse?.(problem) ?? documentOf(problem, id), context);
  };
}
