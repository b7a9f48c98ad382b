import { isUnavailable } from "../../database/index.ts";
import type { Logger } from "../../logging/types.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { Problem } from "./problem.ts";
import {
  encodedBody,
  type ResponseContext,
  type RouteResponse,
  type SentResponse,
  send,
} from "./response.ts";

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

/** The parts of a failed request that its problem document depends on. */
interface FailedRequest extends ResponseContext {
  readonly route: { problemResponse?(problem: Problem): RouteResponse };
  readonly id: string;
}

/** Sends a failure in the form of the route. The cause of an unexpected one goes to the log only. */
export function createProblemSender(
  logger: Logger,
): (request: FailedRequest, error: unknown) => MaybePromise<SentResponse> {
  let warnedAt = Number.NEGATIVE_INFINITY;

  const log = ({ status, message, cause }: Problem, id: string) => {
    if (status === 500) {
      const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      logger.error(`Request ${id} failed: ${text}`);
    } else if (status === 503 && performance.now() - warnedAt > WARN_UNAVAILABLE_EVERY_MS) {
      warnedAt = performance.now();
      const text = cause instanceof Error ? cause.message : "";
      logger.warn(`Requests get 503, first ${id}: ${message} ${text}`.trim());
    }
  };

  return (request, error) => {
    const { route, id } = request;
    const problem = problemOf(error);
    log(problem, id);
    return send(route.problemResponse?.(problem) ?? documentOf(problem, id), request);
  };
}
