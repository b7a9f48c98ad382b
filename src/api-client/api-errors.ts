import { Che168Error, type ErrorCode } from "../errors.ts";
import type { components } from "./api-types.ts";

/** A problem document of the API (RFC 9457). */
export type ApiProblem = components["schemas"]["Problem"];

/** Details of an error. */
export interface ApiErrorFacts {
  /** HTTP status of the response. */
  readonly status?: number | undefined;
  readonly problem?: ApiProblem | undefined;
  readonly cause?: unknown;
}

/** A failed request; subclasses name the common causes. */
export class ApiError extends Che168Error {
  /** HTTP status; undefined without a response. */
  readonly status: number | undefined;
  /** Undefined when the response is not from the API, for example from a proxy. */
  readonly problem: ApiProblem | undefined;

  constructor(
    message: string,
    { status, problem, cause }: ApiErrorFacts = {},
    code: Extract<ErrorCode, `API_${string}`> = "API_RESPONSE",
  ) {
    super(code, message, { cause, details: { status, problem } });
    this.status = status;
    this.problem = problem;
  }
}

/** A parameter is unknown or invalid (400); `problem.errors` names each. */
export class ApiParameterError extends ApiError {
  constructor(message: string, facts: ApiErrorFacts) {
    super(message, facts, "API_PARAMETER");
  }
}

/** The token is missing, invalid, expired or revoked (401). */
export class ApiUnauthorizedError extends ApiError {
  constructor(message: string, facts: ApiErrorFacts) {
    super(message, facts, "API_UNAUTHORIZED");
  }
}

/**
 * A position of `changes` that cannot be continued (410): later events were deleted (`problem.oldest`), or the database was
 * restored (`problem.latest`). Read all listings again.
 */
export class ApiGoneError extends ApiError {
  constructor(message: string, facts: ApiErrorFacts) {
    super(message, facts, "API_GONE");
  }
}

/** Too many requests (429), database unavailable (503), or no response; thrown after the last attempt. */
export class ApiUnavailableError extends ApiError {
  /** `Retry-After` of the response, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: ApiErrorFacts & { readonly retryAfterMs?: number | undefined }) {
    super(message, facts, "API_UNAVAILABLE");
    this.retryAfterMs = facts.retryAfterMs;
  }
}
