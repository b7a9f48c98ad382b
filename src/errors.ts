/** Every code an error of this package can bear. A program decides by `code`; the message is for people. */
export type ErrorCode =
  /** Options or a configuration cannot be used; `ConfigError.problems` lists everything that is wrong. */
  | "CONFIG_INVALID"
  /** An argument that nothing can be made of. */
  | "USAGE"
  /** Another run holds the lock. */
  | "LOCKED"
  /** The database does not answer. */
  | "DATABASE_UNAVAILABLE"
  /** The database answers and cannot be worked with: too old, damaged, another encoding, without our tables. */
  | "DATABASE_UNUSABLE"
  /** A dump is to be restored over rows; `force` replaces them. */
  | "DATABASE_NOT_EMPTY"
  /** What was given as a dump is none, or is damaged. */
  | "DUMP_INVALID"
  /** The file of a dump cannot be written: the disk is full, or the directory is missing or not writable. */
  | "DUMP_UNWRITABLE"
  /** The schema lacks migrations, and `autoMigrate` is off. */
  | "SCHEMA_OUTDATED"
  /** A newer version of this package has changed the schema. */
  | "SCHEMA_NEWER"
  /** The service cannot be reached, or the connection was cut. */
  | "UPSTREAM_NETWORK"
  /** The service did not answer in time. */
  | "UPSTREAM_TIMEOUT"
  /** The service answered with a status that is no success. */
  | "UPSTREAM_STATUS"
  /** The service answered 429. */
  | "UPSTREAM_RATE_LIMITED"
  /** The service refuses the key (401, 403), or the plan has ended (402). */
  | "UPSTREAM_UNAUTHORIZED"
  /** The service answered something that is not what was asked for. */
  | "UPSTREAM_INVALID_RESPONSE"
  /** The service's answer is longer than `maxResponseBytes`. */
  | "UPSTREAM_TOO_LARGE"
  /** The service sends elsewhere, where the key must not go. */
  | "UPSTREAM_REDIRECT"
  /** The change feed leads backwards. */
  | "FEED_OUT_OF_ORDER"
  /** The service has restarted its change ids: no further change would be read. */
  | "FEED_RESTARTED"
  /** Another run has moved the position that this one stood at. */
  | "POSITION_MOVED"
  /** A server cannot listen at the address. */
  | "ADDRESS_UNUSABLE"
  /** Our API answered 400: a parameter is unknown or wrong. */
  | "API_PARAMETER"
  /** Our API answered 401: the token is wrong, expired or revoked. */
  | "API_UNAUTHORIZED"
  /** Our API answered 429 or 503, or did not answer at all. */
  | "API_UNAVAILABLE"
  /** Our API gave another answer that is of no use; or it was not our API that answered. */
  | "API_RESPONSE";

/** Codes of {@link UpstreamError}. */
export type UpstreamErrorCode = Extract<ErrorCode, `UPSTREAM_${string}` | "FEED_OUT_OF_ORDER">;

/** Facts that go with an error, for programs and logs. Never secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The same in every installed copy of the package. */
const MARK = Symbol.for("che168-sync.error");

/**
 * The one error class of this package; its kinds only fix what they carry.
 * `isChe168Error` recognises it across two installed copies of the package, which `instanceof` does not.
 */
export class Che168Error extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** Facts that go with it. */
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, MARK, { value: true });
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
  declare readonly code: UpstreamErrorCode;
  readonly retryable: boolean;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** What the service asked us to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: UpstreamErrorCode,
    message: string,
    options: {
      cause?: unknown;
      retryable: boolean;
      status?: number | undefined;
      retryAfterMs?: number | undefined;
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
  return error instanceof Error && MARK in error;
}
