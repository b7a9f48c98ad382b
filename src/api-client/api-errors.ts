import { Che168Error, type ErrorCode } from "../errors.ts";
import type { components } from "./api-types.ts";

/** What the API says is wrong (RFC 9457). */
export type CatalogueProblem = components["schemas"]["Problem"];

/** What goes with an error of the catalogue. */
export interface CatalogueErrorFacts {
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** The API's own words. */
  readonly problem?: CatalogueProblem | undefined;
  readonly cause?: unknown;
}

/** The API did not give what was asked for; the kinds below say why. */
export class CatalogueError extends Che168Error {
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The API's own words; undefined when something else answered, for example a proxy. */
  readonly problem: CatalogueProblem | undefined;

  constructor(
    message: string,
    { status, problem, cause }: CatalogueErrorFacts = {},
    code: Extract<ErrorCode, `CATALOGUE_${string}`> = "CATALOGUE_ANSWER",
  ) {
    super(code, message, { cause, details: { status, problem } });
    this.status = status;
    this.problem = problem;
  }
}

/** A filter or another parameter is unknown or wrong (400); `problem.errors` names each. */
export class CatalogueParameterError extends CatalogueError {
  constructor(message: string, facts: CatalogueErrorFacts) {
    super(message, facts, "CATALOGUE_PARAMETER");
  }
}

/** There is no token, or it is wrong, expired or revoked (401). */
export class CatalogueUnauthorizedError extends CatalogueError {
  constructor(message: string, facts: CatalogueErrorFacts) {
    super(message, facts, "CATALOGUE_UNAUTHORIZED");
  }
}

/** Too many requests (429), the database does not answer (503), or nobody does; thrown after all attempts. */
export class CatalogueUnavailableError extends CatalogueError {
  /** What the API asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: CatalogueErrorFacts & { readonly retryAfterMs?: number | undefined }) {
    super(message, facts, "CATALOGUE_UNAVAILABLE");
    this.retryAfterMs = facts.retryAfterMs;
  }
}
