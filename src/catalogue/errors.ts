import type { components } from "./api-types.ts";

/** What the API says is wrong (RFC 9457). */
export type CatalogueProblem = components["schemas"]["Problem"];

/** The API did not give what was asked for; the kinds below say why. */
export class CatalogueError extends Error {
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The API's own words; undefined when something else answered, for example a proxy. */
  readonly problem: CatalogueProblem | undefined;

  constructor(
    message: string,
    options: { status?: number | undefined; problem?: CatalogueProblem | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status;
    this.problem = options.problem;
  }
}

/** A filter or another parameter is unknown or wrong (400); `problem.errors` names each. */
export class CatalogueParameterError extends CatalogueError {}

/** There is no token, or it is wrong, expired or revoked (401). */
export class CatalogueUnauthorizedError extends CatalogueError {}

/** Too many requests (429), or the database does not answer (503), also after all attempts. */
export class CatalogueUnavailableError extends CatalogueError {
  /** What the API asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: ConstructorParameters<typeof CatalogueError>[1] & { retryAfterMs?: number | undefined },
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}
