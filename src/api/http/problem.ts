import type { Scope } from "../../tokens/index.ts";
import type { ParameterProblem } from "./query-string.ts";

/** Kind of failure, for programs. */
export type ProblemCode =
  | "invalid_parameter"
  | "invalid_request"
  | "unauthorized"
  | "insufficient_scope"
  | "not_found"
  | "changes_gone"
  | "method_not_allowed"
  | "length_required"
  | "content_too_large"
  | "uri_too_long"
  | "too_many_requests"
  | "internal_error"
  | "client_gone"
  | "bad_gateway"
  | "unavailable"
  | "queue_full"
  | "statement_timeout";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  410: "Gone",
  411: "Length Required",
  413: "Content Too Large",
  414: "URI Too Long",
  429: "Too Many Requests",
  499: "Client Closed Request",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** A failed request, sent as a problem document (RFC 9457). Thrown anywhere below a route; its texts are public. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly errors: readonly ParameterProblem[];
  readonly headers: readonly (readonly [string, string])[];
  /** Further members of the document. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: ProblemCode,
    detail: string,
    options: {
      errors?: readonly ParameterProblem[];
      headers?: readonly (readonly [string, string])[];
      members?: Readonly<Record<string, unknown>>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? [];
    this.members = options.members ?? {};
  }

  static invalidParameters(errors: readonly ParameterProblem[]): Problem {
    const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join("; ");
    return new Problem(400, "invalid_parameter", detail, { errors });
  }

  /** The same text for every invalid token, so that it does not reveal whether the token exists. */
  static unauthorized(): Problem {
    return new Problem(
      401,
      "unauthorized",
      "A valid access token is needed: send it as `Authorization: Bearer TOKEN` or `X-API-Key: TOKEN`.",
      { headers: [["www-authenticate", 'Bearer realm="che168-sync"']] },
    );
  }

  /** @param scope the one that the token lacks */
  static forbidden(scope: Scope): Problem {
    return new Problem(403, "insufficient_scope", `This access token does not have the scope \`${scope}\`.`, {
      headers: [
        ["www-authenticate", `Bearer realm="che168-sync", error="insufficient_scope", scope="${scope}"`],
      ],
    });
  }

  /** @param allowed the methods, as the header lists them */
  static methodNotAllowed(allowed: string): Problem {
    const detail = `The methods of this path: ${allowed}.`;
    return new Problem(405, "method_not_allowed", detail, { headers: [["allow", allowed]] });
  }

  /** @param maxLength of the query string, in characters */
  static queryTooLong(maxLength: number): Problem {
    return new Problem(414, "uri_too_long", `The query must have at most ${maxLength} characters.`);
  }

  static notFound(detail: string): Problem {
    return new Problem(404, "not_found", detail);
  }

  /** @param limit the bound of the kept events that the position violates */
  static gone(detail: string, limit: { readonly oldest: number } | { readonly latest: number }): Problem {
    return new Problem(410, "changes_gone", detail, { members: limit });
  }

  static tooMany(detail: string, retryAfterSec: number): Problem {
    return new Problem(429, "too_many_requests", detail, {
      headers: [["retry-after", String(Math.max(1, Math.ceil(retryAfterSec)))]],
    });
  }

  static badGateway(detail: string, cause: unknown): Problem {
    return new Problem(502, "bad_gateway", detail, { cause });
  }

  static unavailable(detail: string, retryAfterSec: number, cause?: unknown): Problem {
    return new Problem(503, "unavailable", detail, {
      headers: [["retry-after", String(retryAfterSec)]],
      cause,
    });
  }

  /** @param code distinguishes a request that is too expensive from a database that is down */
  static busy(code: "queue_full" | "statement_timeout", detail: string, retryAfterSec: number): Problem {
    return new Problem(503, code, detail, { headers: [["retry-after", String(retryAfterSec)]] });
  }

  static tooManyWaiting(): Problem {
    return Problem.busy(
      "queue_full",
      "Too many requests of this token wait for the database; send fewer at a time.",
      1,
    );
  }

  static waitedTooLong(): Problem {
    return Problem.busy(
      "queue_full",
      "Earlier requests of this token, or those of others, kept the database busy for too long; send fewer at a time.",
      5,
    );
  }

  static statementTimeout(): Problem {
    return Problem.busy(
      "statement_timeout",
      "The database did not finish this request within the time limit of a statement; ask for less, or try again later.",
      5,
    );
  }

  /** Only the log shows it, with a status as of nginx. */
  static clientGone(): Problem {
    return new Problem(499, "client_gone", "The client closed the connection before its turn came.");
  }

  static internal(cause: unknown): Problem {
    return new Problem(
      500,
      "internal_error",
      "An unexpected error occurred; the log has its cause under the request id.",
      {
        cause,
      },
    );
  }

  /** Of an embedded handler whose application has read the body. */
  static bodyConsumed(): Problem {
    const detail =
      "Middleware in front of this handler has read the request's body and not kept it in `request.body`; mount the handler before it.";
    return new Problem(500, "internal_error", detail, { cause: detail });
  }

  /** @param requestId identifies the request in the log */
  toDocument(requestId: string): string {
    return JSON.stringify({
      type: "about:blank",
      title: TITLES[this.status] ?? "Error",
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
      ...this.members,
      request_id: requestId,
    });
  }
}
