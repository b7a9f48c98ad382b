/** Every code an error of this package can bear. A program decides by `code`; the message is for people. */
export type ErrorCode =
  | "CONFIG_INVALID"
  | "USAGE"
  | "LOCKED"
  | "DATABASE_UNAVAILABLE"
  | "DATABASE_UNUSABLE"
  | "DATABASE_NOT_EMPTY"
  | "DUMP_INVALID"
  | "SCHEMA_OUTDATED"
  | "SCHEMA_NEWER"
  | "UPSTREAM_NETWORK"
  | "UPSTREAM_TIMEOUT"
  | "UPSTREAM_STATUS"
  | "UPSTREAM_RATE_LIMITED"
  | "UPSTREAM_UNAUTHORIZED"
  | "UPSTREAM_INVALID_ANSWER"
  | "UPSTREAM_TOO_LARGE"
  | "UPSTREAM_REDIRECT"
  | "FEED_OUT_OF_ORDER"
  | "LOAD_GAVE_UP"
  | "POSITION_MOVED"
  | "TOKEN_INVALID"
  | "ADDRESS_UNUSABLE";

/** Facts that go with an error, for programs and logs. Never secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * The one error class of this package; the kinds below only fix what they carry.
 * `isChe168Error` recognises it across two installed copies of the package, which `instanceof` does not.
 */
export class Che168Error extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** One thing that is wrong in a configuration. */
export interface ConfigProblem {
  /** The key as the user wrote it, e.g. `api.port` or `API_PORT`. */
  readonly key: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** The configuration cannot be used; `problems` lists everything that is wrong with it, not only the first. */
export class ConfigError extends Che168Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options: { cause?: unknown } = {}) {
    const lines = problems.map(({ key, message }) => `  ${key}: ${message}`);
    super("CONFIG_INVALID", `The configuration is not usable:\n${lines.join("\n")}`, options);
    this.problems = problems;
  }
}

/** Another run holds the lock that this one needs. */
export class LockedError extends Che168Error {
  constructor(message: string, details: ErrorDetails = {}) {
    super("LOCKED", message, { details });
  }
}

/** The upstream service did not give a usable answer. `retryable` says whether asking again can help. */
export class UpstreamError extends Che168Error {
  readonly retryable: boolean;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** What the service asked us to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: Extract<ErrorCode, `UPSTREAM_${string}`>,
    message: string,
    options: {
      cause?: unknown;
      retryable: boolean;
      status?: number;
      retryAfterMs?: number;
      details?: ErrorDetails;
    },
  ) {
    super(code, message, options);
    this.retryable = options.retryable;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** True for an error of this package, also when it comes from another installed copy of it. */
export function isChe168Error(error: unknown): error is Che168Error {
  return (
    error instanceof Che168Error ||
    (error instanceof Error && typeof (error as { code?: unknown }).code === "string" && "details" in error)
  );
}
