/** Codes of the errors of this package. Programs decide by `code`; messages are for people and may change. */
export type ErrorCode =
  /** Invalid options or configuration; `ConfigError.problems` lists every problem. */
  | "CONFIG_INVALID"
  /** An invalid argument. */
  | "USAGE"
  /** Another run holds the lock. */
  | "LOCKED"
  /** The database does not respond. */
  | "DATABASE_UNAVAILABLE"
  /** The database responds but cannot be used: too old, damaged, wrong encoding, missing tables, no ids left. */
  | "DATABASE_UNUSABLE"
  /** The target of a restore has rows; `force` replaces them. */
  | "DATABASE_NOT_EMPTY"
  /** Not a dump, or a damaged one. */
  | "DUMP_INVALID"
  /** The file of a dump cannot be written: the disk is full, or the directory is missing or not writable. */
  | "DUMP_UNWRITABLE"
  /** The schema lacks migrations, and `autoMigrate` is off. */
  | "SCHEMA_OUTDATED"
  /** A newer version of this package has changed the schema. */
  | "SCHEMA_NEWER"
  /** The service is unreachable, or the connection was lost. */
  | "UPSTREAM_NETWORK"
  /** The service did not respond in time. */
  | "UPSTREAM_TIMEOUT"
  /** The service responded with an error status. */
  | "UPSTREAM_STATUS"
  /** The service responded with 429. */
  | "UPSTREAM_RATE_LIMITED"
  /** The service rejects the key (401, 403), or the plan has ended (402). */
  | "UPSTREAM_UNAUTHORIZED"
  /** The service's response is invalid. */
  | "UPSTREAM_INVALID_RESPONSE"
  /** The service's response is longer than `maxResponseBytes`. */
  | "UPSTREAM_TOO_LARGE"
  /** The service redirects to another host, which must not receive the key. */
  | "UPSTREAM_REDIRECT"
  /** The change feed goes backwards. */
  | "FEED_OUT_OF_ORDER"
  /** The service has restarted its change ids: no further change would be read. */
  | "FEED_RESTARTED"
  /** There is no such daily file. */
  | "EXPORT_NOT_FOUND"
  /** The daily file lacks columns that the stored listings have, or has no `inner_id`. */
  | "EXPORT_COLUMNS"
  /** The daily file is older than five days. */
  | "EXPORT_STALE"
  /** Not a daily file: not CSV, damaged, or empty. */
  | "EXPORT_INVALID"
  /** The daily file was replaced while it was read; `initial` and `reconcile` start again up to three times. */
  | "EXPORT_REPLACED"
  /** Another run has begun during this one: it has moved a checkpoint, or normalises the same rows. */
  | "POSITION_MOVED"
  /** The server cannot listen on the address. */
  | "ADDRESS_UNUSABLE"
  /** Our API responded with 400: a parameter is unknown or invalid. */
  | "API_PARAMETER"
  /** Our API responded with 401: the token is unknown, expired or revoked. */
  | "API_UNAUTHORIZED"
  /** A position in the API's events is deleted, or was never reached. */
  | "API_GONE"
  /** Our API responded with 429 or 503, or not at all. */
  | "API_UNAVAILABLE"
  /** Any other unusable response, or one that is not from our API. */
  | "API_RESPONSE";

/** Codes of {@link UpstreamError}. */
export type UpstreamErrorCode = Extract<ErrorCode, `UPSTREAM_${string}` | "FEED_OUT_OF_ORDER">;

/** Facts about an error, for programs and logs. Never secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** Shared by all installed copies of the package. */
const MARK = Symbol.for("che168-sync.error");

/**
 * Base class of all errors of this package. Use `isChe168Error` to recognise it: `instanceof` fails when two copies of the
 * package are installed.
 */
export class Che168Error extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, MARK, { value: true });
  }
}

/** One problem of a configuration. */
export interface ConfigProblem {
  /** The key as the user wrote it, e.g. `api.port` or `API_PORT`. */
  readonly key: string;
  /** The received and the expected value. */
  readonly message: string;
}

/** Invalid options or configuration; `problems` lists every problem, not only the first. */
export class ConfigError extends Che168Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options: { cause?: unknown } = {}) {
    const lines = problems.map(({ key, message }) => `  ${key}: ${message}`);
    super("CONFIG_INVALID", `The configuration is invalid:\n${lines.join("\n")}`, options);
    this.problems = problems;
  }
}

/** Another run holds the lock that this one needs. */
export class LockedError extends Che168Error {
  constructor(message: string, details: ErrorDetails = {}) {
    super("LOCKED", message, { details });
  }
}

/** The upstream service returned no usable response. `retryable`: whether another attempt can succeed. */
export class UpstreamError extends Che168Error {
  declare readonly code: UpstreamErrorCode;
  readonly retryable: boolean;
  /** HTTP status, when there was a response. */
  readonly status: number | undefined;
  /** The requested delay (`Retry-After`), in milliseconds. */
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

/** True for an error of this package, from any installed copy. */
export function isChe168Error(error: unknown): error is Che168Error {
  return error instanceof Error && MARK in error;
}
