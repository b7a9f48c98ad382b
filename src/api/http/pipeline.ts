import type { EventHandler, H3Event } from "h3";
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
import { type ApiRequest, readRequestBody, requestId } from "./api-request.ts";
import { type Auth, queryTokenOf, tokenOf } from "./auth.ts";
import { clientAddress, type HeaderReader, headerReader, isClientGone, isLocal } from "./client-address.ts";
import { type Cors, METHODS } from "./cors.ts";
import type { Metrics } from "./metrics.ts";
import { Problem } from "./problem.ts";
import { createProblemSender } from "./problem-response.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Refusals } from "./refusals.ts";
import { type ResponseContext, type RouteResponse, type SentResponse, send, sendEmpty } from "./response.ts";

/** A route's part of the OpenAPI document. */
export interface RouteDescription {
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
  readonly operation?: RouteDescription;
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

/** Longest query string, in characters. */
export const MAX_SEARCH_LENGTH = 4_096;
const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

/** A request on its way through the steps. */
interface Exchange extends ResponseContext {
  readonly route: Route;
  readonly event: H3Event;
  readonly id: string;
  readonly address: string;
  /** The query string as sent, with its `?`. */
  readonly text: string;
  readonly hasBody: boolean;
  /** On every response; steps append to them. */
  readonly headers: [string, string][];
  /** Set when the token is valid. */
  token?: TokenInfo;
  /** Set when the query string is first needed. */
  search?: CachedQuery;
}

/** Whether the request announces a body (RFC 9112 §6). */
function announcesBody(header: HeaderReader): boolean {
  const length = header("content-length");
  return (length !== null && length !== "0") || header("transfer-encoding") !== null;
}

const isTooLong = ({ text }: Exchange): boolean => text.length > MAX_SEARCH_LENGTH;

const expectedMethod = ({ method }: Route): "GET" | "POST" | "any" => method ?? "GET";

const isAllowed = (method: string, expected: ReturnType<typeof expectedMethod>): boolean =>
  expected === "any" || method === expected || (expected === "GET" && method === "HEAD");

/**
 * Checks method, body and length of the query.
 *
 * @throws Problem 400, 405, 414
 */
function checkForm(exchange: Exchange): void {
  const expected = expectedMethod(exchange.route);
  if (!isAllowed(exchange.method, expected)) {
    throw Problem.methodNotAllowed(expected === "GET" ? METHODS : expected);
  }
  if (exchange.hasBody && expected === "GET") {
    throw new Problem(400, "invalid_request", `A ${exchange.method} request must not have a body.`);
  }
  if (isTooLong(exchange)) {
    throw Problem.queryTooLong(MAX_SEARCH_LENGTH);
  }
}

/**
 * Steps of every request: preflight; token, rate limit and scope; form; the route's response, or the problem thrown by a step;
 * metrics and the access log. All routes are served through here, so none is open by oversight.
 */
export function createPipeline(context: PipelineContext): (route: Route) => EventHandler {
  const sendProblem = createProblemSender(context.logger);

  const start = (route: Route, event: H3Event): Exchange => {
    const header = headerReader(event);
    const id = requestId(header("x-request-id"));
    return {
      route,
      event,
      id,
      method: event.req.method,
      header,
      address: clientAddress(event, header, context.trustedProxies),
      text: event.url.search,
      hasBody: announcesBody(header),
      headers: [["x-request-id", id], ...context.cors.headers(header("origin"))],
    };
  };

  /** The parsed query; empty when it is too long. */
  const searchOf = (exchange: Exchange): CachedQuery => {
    exchange.search ??= context.queries(isTooLong(exchange) ? "" : exchange.text);
    return exchange.search;
  };

  /** Undefined when the request is not a preflight request of CORS. */
  const preflight = ({ method, header, headers }: Exchange): SentResponse | undefined => {
    const allowed = context.cors.preflight(method, header);
    return allowed && sendEmpty(204, [...headers, ["allow", METHODS], ["vary", "origin"], ...allowed]);
  };

  /** @throws Problem 401, 403, 429 */
  const admit = async (exchange: Exchange): Promise<void> => {
    const { route, event, header, headers } = exchange;
    if (route.access === "open" || (route.access === "machine" && isLocal(event, header))) {
      return;
    }
    const given = tokenOf(header) ?? (route.acceptsQueryToken && queryTokenOf(exchange.text));
    if (
      given === undefined &&
      (await route.isOpen?.({ event, search: searchOf(exchange), header })) === true
    ) {
      return;
    }
    const token = await context.auth.check(given, exchange.address);
    exchange.token = token;
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

  /** @throws Problem what the route throws */
  const callRoute = (exchange: Exchange): Promise<SentResponse> => {
    const { route, event, id, method, address, token, header } = exchange;
    const claim = new Claim({ client: token?.id ?? 0, isGone: () => isClientGone(event) });
    const body = () => readRequestBody(event, header);
    const request: ApiRequest = {
      event,
      id,
      method,
      address,
      token,
      search: searchOf(exchange),
      header,
      claim,
      body,
    };
    return context.router.withFailover(claim, (snapshot) =>
      maybeThen(route.handle(request, snapshot), (response) => send(response, exchange)),
    );
  };

  /** Logs the request, unless its client has too many without a valid token. */
  const log = (exchange: Exchange, { status, bytes }: SentResponse, startedAt: number): void => {
    const { route, event, id, method, address, token } = exchange;
    const isRefused = REFUSED.has(status);
    const client = token === undefined ? addressKey(address) : `token ${token.id}`;
    if ((token === undefined || isRefused) && !context.refusals.isLogged(client, status, isRefused)) {
      return;
    }
    const query = isTooLong(exchange) ? "?(too long)" : searchOf(exchange).logged();
    const path = route.logged(event) + query;
    const write = (sentBytes: number) => {
      const elapsedMs = performance.now() - startedAt;
      const facts = { method, path, status, bytes: sentBytes, elapsedMs, tokenId: token?.id, address, id };
      context.logger.info(accessLine(facts));
    };
    if (typeof bytes === "number") {
      write(bytes);
    } else {
      void bytes.then(write);
    }
  };

  return (route) => async (event) => {
    const startedAt = performance.now();
    const exchange = start(route, event);
    let sent: SentResponse | undefined;
    try {
      sent = preflight(exchange);
      if (sent === undefined) {
        if (exchange.hasBody && expectedMethod(route) !== "POST") {
          // The body is not read, so no other request can follow on this connection.
          exchange.headers.push(["connection", "close"]);
        }
        await admit(exchange);
        checkForm(exchange);
        sent = await callRoute(exchange);
      }
    } catch (error) {
      sent = await sendProblem(exchange, error);
    }
    context.metrics.count(route.path, sent.status, (performance.now() - startedAt) / 1_000);
    log(exchange, sent, startedAt);
    return sent.response;
  };
}
