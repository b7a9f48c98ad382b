import type { EventHandler, H3Event } from "h3";
import type { Logger } from "../../logging/types.ts";
import type { TokenInfo } from "../../tokens/tokens.ts";
import type { CachedQuery, QueryCache } from "../cache/query-cache.ts";
import { type MaybePromise, maybeThen } from "../maybe-promise.ts";
import type { Parameters } from "../query/parameters.ts";
import type { Snapshot } from "../replicas/replica.ts";
import type { ReadRouter } from "../replicas/router.ts";
import type { JsonSchema } from "../schema/schemas.ts";
import { accessLine } from "./access-log.ts";
import { type ApiRequest, requestId } from "./api-request.ts";
import { type Auth, tokenOf } from "./auth.ts";
import { clientAddress, type HeaderReader, headerReader, isLocal } from "./client-address.ts";
import { type Cors, METHODS } from "./cors.ts";
import type { Metrics } from "./metrics.ts";
import { Problem } from "./problem.ts";
import type { RateLimit } from "./rate-limit.ts";
import {
  encodedBody,
  type ResponseContext,
  type RouteResponse,
  type SentResponse,
  send,
  sendEmpty,
} from "./response.ts";

/** What the description says of a route. */
export interface Operation {
  readonly id: string;
  readonly tag: "Listings" | "Service";
  readonly summary: string;
  readonly details?: string;
  /** The same declaration that the route reads its query by. */
  readonly parameters: Parameters;
  readonly answer: {
    readonly description: string;
    /** @default "application/json" */
    readonly type?: string;
    readonly schema: JsonSchema;
  };
  /** Whether the answer has an ETag. */
  readonly tagged: boolean;
  /** What 404 means, where it may happen. */
  readonly missing?: string;
}

/** One address of the API. */
export interface Route {
  /** As h3 has it: `/offers/:inner_id`. */
  readonly path: string;
  /** Who may ask. `machine`: without a token from this machine, else with one. `open`: anyone. */
  readonly access: "token" | "machine" | "open";
  /** Undefined for what is no part of the described API. */
  readonly operation?: Operation;
  /** The path as the access log shows it. */
  logged(event: H3Event): string;
  /** @param snapshot the state of the server that this attempt reads from */
  handle(request: ApiRequest, snapshot: () => MaybePromise<Snapshot>): MaybePromise<RouteResponse>;
}

/** What all routes go through. */
export interface EndpointContext {
  readonly auth: Auth;
  readonly rateLimit: RateLimit;
  readonly cors: Cors;
  readonly router: Pick<ReadRouter, "withFailover">;
  readonly queries: QueryCache;
  readonly metrics: Pick<Metrics, "count">;
  readonly sendProblem: ReturnType<typeof createProblemSender>;
  readonly logger: Logger;
  readonly trustedProxies: number;
}

const MAX_SEARCH_LENGTH = 4_096;

/**
 * The way of every request, in this order: checks of its form, token, limit, method, route; then the answer, or the problem
 * that one of them threw, and a line in the log. There is no other way to an answer, so nothing is open by oversight.
 */
export function createEndpoint(context: EndpointContext): (route: Route) => EventHandler {
  return (route) => async (event) => {
    const begun = performance.now();
    const { method } = event.req;
    const header = headerReader(event);
    const id = requestId(header("x-request-id"));
    const address = clientAddress(event, header, context.trustedProxies);
    const common: [string, string][] = [["x-request-id", id], ...context.cors.headers(header("origin"))];
    const sending = { method, header, headers: common };
    const { search: text } = event.url;
    const isLong = text.length > MAX_SEARCH_LENGTH;
    let search: CachedQuery | undefined;
    let token: TokenInfo | undefined;
    let sent: SentResponse;
    try {
      const preflight = context.cors.preflight(method, header);
      if (preflight !== undefined) {
        sent = sendEmpty(204, [...common, ["allow", METHODS], ["vary", "origin"], ...preflight]);
      } else {
        const withBody = hasBody(header);
        if (withBody) {
          // One that nobody reads would hold up what comes behind it.
          common.push(["connection", "close"]);
        }
        token = await admit(route, event, header, context, address);
        if (token !== undefined) {
          const state = await context.rateLimit.take(token.id);
          common.push(...context.rateLimit.headers(state));
          if (!state.allowed) {
            throw Problem.tooMany(
              "The limit of requests is reached; RateLimit-Policy tells it.",
              state.resetSec,
            );
          }
        }
        if (method !== "GET" && method !== "HEAD") {
          throw new Problem(405, "method_not_allowed", "Only GET and HEAD are known here.", {
            headers: [["allow", METHODS]],
          });
        }
        if (withBody) {
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
        const request: ApiRequest = {
          event,
          id,
          method,
          address,
          token,
          search,
          header,
        };
        sent = await context.router.withFailover(token?.id, (snapshot) =>
          maybeThen(route.handle(request, snapshot), (response) => send(response, sending)),
        );
      }
    } catch (error) {
      sent = await context.sendProblem(error, id, sending);
    }
    const elapsedMs = performance.now() - begun;
    context.metrics.count(route.path, sent.status, elapsedMs / 1_000);
    const shownSearch = isLong ? "?(too long)" : (search ?? context.queries(text)).logged();
    context.logger.info(
      accessLine({
        method,
        path: route.logged(event) + shownSearch,
        status: sent.status,
        bytes: sent.bytes,
        elapsedMs,
        tokenId: token?.id,
        address,
        id,
      }),
    );
    return sent.response;
  };
}

/** Whether the request says that a body follows (RFC 9112 §6). */
function hasBody(header: HeaderReader): boolean {
  const length = header("content-length");
  return (length !== null && length !== "0") || header("transfer-encoding") !== null;
}

function admit(
  route: Route,
  event: H3Event,
  header: HeaderReader,
  { auth }: EndpointContext,
  address: string,
): Promise<TokenInfo> | undefined {
  if (route.access === "open" || (route.access === "machine" && isLocal(event, header))) {
    return undefined;
  }
  return auth.check(tokenOf(header), address);
}

/** A database that is away makes one line in so many milliseconds, not one a request. */
const TELL_UNAVAILABLE_EVERY_MS = 10_000;

/** Sends a failure as a problem document (RFC 9457). What nobody expected is told to the log, not to the client. */
export function createProblemSender(
  logger: Logger,
): (error: unknown, id: string, sending: ResponseContext) => MaybePromise<SentResponse> {
  let told = Number.NEGATIVE_INFINITY;

  const tell = (problem: Problem, id: string) => {
    const { cause } = problem;
    if (problem.status === 500) {
      const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      logger.error(`Request ${id} failed: ${text}`);
    } else if (problem.status === 503 && performance.now() - told > TELL_UNAVAILABLE_EVERY_MS) {
      told = performance.now();
      const text = cause instanceof Error ? cause.message : "";
      logger.warn(`Requests are answered 503, first ${id}: ${problem.message} ${text}`.trim());
    }
  };

  return (error, id, sending) => {
    const problem = error instanceof Problem ? error : Problem.internal(error);
    tell(problem, id);
    const response: RouteResponse = {
      status: problem.status,
      cacheControl: "private, no-store",
      headers: problem.headers,
      load: () => encodedBody(problem.toDocument(id), "application/problem+json"),
    };
    return send(response, sending);
  };
}
