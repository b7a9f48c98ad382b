import { Che168Error, type ErrorCode } from "../errors.ts";
import type { components } from "./api-types.ts";

/** What the API says is wrong (RFC 9457). */
export type ApiProblem = components["schemas"]["Problem"];

/** What goes with an error of the catalogue. */
export interface ApiErrorFacts {
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** The API's own words. */
  readonly problem?: ApiProblem | undefined;
  readonly cause?: unknown;
}

/** The API did not give what was asked for; the kinds below say why. */
export class ApiError extends Che168Error {
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The API's own words; undefined when something else answered, for example a proxy. */
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

/** A filter or another parameter is unknown or wrong (400); `problem.errors` names each. */
export class ApiParameterError extends ApiError {
  constructor(message: string, facts: ApiErrorFacts) {
    super(message, facts, "API_PARAMETER");
  }
}

/** There is no token, or it is wrong, expired or revoked (401). */
export class ApiUnauthorizedError extends ApiError {
  constructor(message: string, facts: ApiErrorFacts) {
    super(message, facts, "API_UNAUTHORIZED");
  }
}

/** Too many requests (429), the database does not answer (503), or nobody does; thrown after all attempts. */
export class ApiUnavailableError extends ApiError {
  /** What the API asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: ApiErrorFacts & { readonly retryAfterMs?: number | undefined }) {
    super(message, facts, "API_UNAVAILABLE");
    this.retryAfterMs = facts.retryAfterMs;
  }
}
