import { type } from "arktype";
import { isTimeZone } from "../util/days.ts";
import { A_TIME_ZONE } from "../util/must-be.ts";
import { customsSchema } from "./customs-schema.ts";
import { eventsSchema, webhookSchema } from "./event-schema.ts";
import { isHost, isHttpBase, isOrigin, isPostgresUrl } from "./formats.ts";
import { notifySchema } from "./notify-schema.ts";
import { HTTP_BASE_FORM, httpBase, text, wholeBetween } from "./schema-types.ts";

// The single declaration of the configuration. Types, defaults and error messages derive from it: a key's comment documents
// meaning and unit, `describe` completes "must be …", and `default` is the only place of a default.

const postgresUrl = text(
  "postgres://user:password@host:5432/name, special characters in the password percent-encoded",
  isPostgresUrl,
);
/** The address of one daily file, such as …/2026-11-27/all_active.xlsx. */
const isExportFile = (url: string): boolean =>
  /\/\d{4}-\d{2}-\d{2}(\/|$)|\.(csv|json|xlsx?|gz|zip)$/i.test(url);
const path = text("a path", (value) => value.trim() !== "" && !value.includes("\0"));

const upstream = type({
  "+": "reject",
  /** Key of the account, from the service. Environment: CHE168_API_KEY. Needed by the commands that read the service. */
  "apiKey?": text(
    "the key from the service, without spaces",
    (value) => value !== "" && /^[\x21-\x7e]+$/.test(value),
  ),
  /**
   * Name of the account, the first part of the service's host name; without it, the host of accounts that have only a
   * key. Environment: CHE168_ACCESS_NAME.
   */
  "accessName?": text("the account's name: letters, digits and hyphens", (value) =>
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(value),
  ),
  /** Replaces the whole base URL: tests, mirrors, the sandbox. Environment: CHE168_BASE_URL. */
  "baseUrl?": httpBase,
  /** The daily files. */
  export: type({
    "+": "reject",
    /** Address of the files: everything before `/{YYYY-MM-DD}/`. Environment: CHE168_EXPORT_URL. */
    "url?": text(
      `${HTTP_BASE_FORM}: everything before /YYYY-MM-DD/, without the name of a file`,
      (value) => isHttpBase(value) && !isExportFile(value),
    ),
    /** User of their Basic authentication. Environment: CHE168_EXPORT_USER. */
    "user?": text("a user name without a colon", (value) => value !== "" && !value.includes(":")),
    /** Password of their Basic authentication. Environment: CHE168_EXPORT_PASSWORD. */
    "password?": type("string").describe("a text"),
  }).default(() => ({})),
  /** Where requests carry the key: `header`, `query`, or `auto` (header; after a 401 on the first request, query). */
  keyIn: type("'header' | 'query' | 'auto'").describe("header, query or auto").default("auto"),
  /** Response timeout, body included, in milliseconds. */
  timeoutMs: wholeBetween(1, 3_600_000, "milliseconds").default(30_000),
  /** Minimum interval between two requests to `/offers`, in milliseconds. */
  offersIntervalMs: wholeBetween(0, 3_600_000, "milliseconds").default(700),
  /** Minimum interval between two requests to `/changes`, in milliseconds. */
  changesIntervalMs: wholeBetween(0, 3_600_000, "milliseconds").default(2_000),
  /** Minimum interval between two requests to `/offer`, in milliseconds. */
  offerIntervalMs: wholeBetween(0, 3_600_000, "milliseconds").default(1_500),
  /** Maximum size of a response, in bytes after decompression. */
  maxResponseBytes: wholeBetween(1_000, 2_000_000_000, "bytes").default(67_108_864),
  /** Retries after network failures, timeouts, 5xx, 429 and invalid responses. */
  retry: type({
    "+": "reject",
    /** Attempts in all, the first included; 1: no retry. */
    attempts: wholeBetween(1, 1_000).default(20),
    /** Wait between two attempts, in milliseconds; `Retry-After` of the service replaces it. */
    intervalMs: wholeBetween(0, 86_400_000, "milliseconds").default(720_000),
  }).default(() => ({})),
});

const loader = type({
  "+": "reject",
  /** Consecutive failed pages after which the initial load aborts. */
  maxFailedPages: wholeBetween(1, 100_000).default(3),
});

const updater = type({
  "+": "reject",
  /** Whether `daily` repairs a gap of the feed itself, by comparing the copy with the catalogue. Flag: --no-repair. */
  repairGaps: type("boolean").describe("true or false").default(true),
  /** Missing change ids in one range that are only counted; more make the copy incomplete. */
  gapTolerance: wholeBetween(0, 1_000_000_000).default(20),
});

const reconcile = type({
  "+": "reject",
  /** Largest share of the active listings that `reconcile` may end on balance; `--force` ends more. */
  maxEndedShare: type("number")
    .atLeast(0)
    .atMost(1)
    .describe("a number from 0 to 1, such as 0.2 for 20 %")
    .default(0.2),
});

const normalizer = type({
  "+": "reject",
  /** Rows per transaction. Flag: --batch-size. */
  batchSize: wholeBetween(1, 10_000).default(200),
  /** Whether VINs are served; they are kept in the raw data either way. */
  serveVin: type("boolean").describe("true or false").default(true),
});

const api = type({
  "+": "reject",
  /** Address to listen on. Environment: API_HOST. Flag: --host. */
  host: text("a host name or an address, without scheme and port", isHost).default("127.0.0.1"),
  /** Port to listen on; 0 takes any free one. Environment: API_PORT. Flag: --port. */
  port: wholeBetween(0, 65_535).default(8_000),
  /** Listings per page without a `limit`. */
  pageSize: wholeBetween(1, 1_000).default(20),
  /** Largest accepted `limit`. */
  maxPageSize: wholeBetween(1, 1_000).default(100),
  /** Listings that numbered pages reach; a deeper `page` is a 400 that names `cursor`. */
  maxOffset: wholeBetween(1, 1_000_000_000).default(10_000),
  /** Time limit of a statement; then 503. PostgreSQL cancels it; the embedded database cannot. */
  statementTimeoutMs: wholeBetween(100, 600_000, "milliseconds").default(5_000),
  /** Requests of one token that may wait for the database; the next one gets 503. */
  maxWaiting: wholeBetween(1, 100_000).default(200),
  /** Requests per token and period. */
  rateLimit: type({
    "+": "reject",
    /** Requests per period. */
    points: wholeBetween(1, 1_000_000_000).default(600),
    /** The period, in seconds. */
    durationSec: wholeBetween(1, 86_400, "seconds").default(60),
    /** Where requests are counted: in the process, or in the database for several processes together. */
    store: type("'memory' | 'postgres'").default("memory"),
  }).default(() => ({})),
  /** Cross-origin requests from browsers. */
  cors: type({
    "+": "reject",
    /** Allowed origins, e.g. `https://example.com`; `*` allows all. Empty: none. */
    origins: text("an origin such as https://example.com, without path, or *", isOrigin)
      .array()
      .describe("a list of origins")
      .default(() => []),
  }).default(() => ({})),
  /** Whether `/docs` is served. */
  docs: type("boolean").describe("true or false").default(true),
  /** Whether `/dashboard` is served. */
  dashboard: type("boolean").describe("true or false").default(true),
  /** Whether `/images` is served, which fetches the listings' pictures, and `image_sizes` has its signed addresses. */
  images: type("boolean").describe("true or false").default(false),
  /** Prefix of these addresses: a path, or a host for pictures. Empty: a path on the API's host. */
  imageBaseUrl: text(
    `a path such as /catalogue, or ${HTTP_BASE_FORM}`,
    (value) => value === "" || /^\/(?!\/)[\w./~-]*$/.test(value) || isHttpBase(value),
  ).default(""),
  /** Whether `image_sizes` has smaller pictures where the file name states its size. */
  imageSizes: type("boolean").describe("true or false").default(true),
  /** Serves the copy in the upstream service's own dialect: `true` masks personal data, `"raw"` sends documents as stored. */
  mirror: type("boolean | 'raw'").describe('true, false, or "raw"').default(false),
  /**
   * Number of your own proxies in front (`true`: one). That many entries of `X-Forwarded-For` are trusted, from its end. With
   * 0, all clients of a proxy share one address in the limit on wrong tokens.
   */
  trustProxy: type("boolean")
    .or(wholeBetween(0, 10))
    .describe("true, false, or a number of proxies from 0 to 10")
    .default(false),
});

const logging = type({
  "+": "reject",
  /** Directory of the log files, one per day; `false` for none. Environment: LOG_DIR (the word `false` for none). */
  dir: path.or("false").describe("a path, or false for no files").default("logs"),
  /** Minimum severity. Environment: LOG_LEVEL. Flag: --verbose sets `debug`. */
  level: type("'debug' | 'info' | 'warn' | 'error'").default("info"),
  /** Log files are deleted after this many days. */
  retentionDays: wholeBetween(1, 36_500, "days").default(7),
  /** Limit for all log files together. The oldest are deleted first; if today's alone exceeds it, lines are dropped. */
  maxBytes: wholeBetween(10_000, Number.MAX_SAFE_INTEGER, "bytes").default(1_073_741_824),
  /** `[INFO] text`, or one JSON object per line. */
  format: type("'text' | 'json'").default("text"),
});

const database = type({
  "+": "reject",
  /** URL of a PostgreSQL server. Environment: DATABASE_URL. Without URL and host, the embedded database is used. */
  "url?": postgresUrl,
  /** Host of a PostgreSQL server, or the directory of its socket. Environment: DB_HOST. */
  "host?": text(
    "a host name or an address, without scheme and port, or the directory of a socket",
    (value) => isHost(value) || value.startsWith("/"),
  ),
  /** Port of the server. Environment: DB_PORT. */
  "port?": wholeBetween(1, 65_535),
  /** Role to log in as. Environment: DB_USER. */
  "user?": text("a role name", (value) => value !== ""),
  /** Password of the role. Environment: DB_PASSWORD. */
  "password?": type("string").describe("a text"),
  /** Name of the database. Environment: DB_NAME. */
  "name?": text("a database name", (value) => value !== ""),
  /** Schema of the tables. Default: the first of the session's search_path. */
  "schema?": text("a schema name", (value) => value !== "" && value.length <= 63),
  /** Directory of the embedded database. */
  dataDir: path.default(".che168/pgdata"),
  /** Whether commands that write apply pending migrations when they open the database. */
  autoMigrate: type("boolean").describe("true or false").default(true),
  /** URLs of standby servers; the API reads from them. */
  replicas: postgresUrl
    .array()
    .describe("a list of postgres:// URLs")
    .default(() => []),
});

const tokens = type({
  "+": "reject",
  /** Whether the table stores the tokens themselves or keyed hashes of them. */
  storage: type("'plain' | 'hashed'").default("plain"),
  /**
   * How long a token that was valid is accepted while the database is unavailable, in milliseconds, so that reads from
   * replicas continue while the primary is down. 0 turns this off.
   */
  graceMs: wholeBetween(0, 86_400_000, "milliseconds").default(3_600_000),
  /** Key of the hashes. Environment: SECRET_KEY. Required only if `storage` is "hashed". */
  "secretKey?": type("string >= 1").describe("a text"),
});

const vocabulary = type({
  "+": "reject",
  /** File with your own terms, which extend and override the built-in ones. */
  "file?": path,
});

export const configSchema = type({
  "+": "reject",
  /** The upstream service. */
  upstream: upstream.default(() => ({})),
  /** The initial load. */
  loader: loader.default(() => ({})),
  /** The change feed. */
  updater: updater.default(() => ({})),
  /** The comparison with the catalogue. */
  reconcile: reconcile.default(() => ({})),
  /** Normalisation of raw data into canonical listings. */
  normalizer: normalizer.default(() => ({})),
  /** The public API. */
  api: api.default(() => ({})),
  /** Targets of messages about the reasons of `status --check`. */
  notify: notifySchema.default(() => []),
  /** Log lines and files. */
  logging: logging.default(() => ({})),
  /** PostgreSQL, or the embedded database. */
  database: database.default(() => ({})),
  /** Access tokens of the API. */
  tokens: tokens.default(() => ({})),
  /** What happened to listings. */
  events: eventsSchema.default(() => ({})),
  /** Receivers of events. */
  webhooks: webhookSchema
    .array()
    .describe("a list of { url, secret, kinds?, from? }")
    .default(() => []),
  /** Terms and their spellings. */
  vocabulary: vocabulary.default(() => ({})),
  /** Import costs. */
  customs: customsSchema.default(() => ({})),
  /** IANA time zone; its midnight is the boundary between feed days. */
  timezone: text(A_TIME_ZONE, isTimeZone).default("Europe/Moscow"),
});

/** The content of a configuration file; everything is optional. */
export type UserConfig = typeof configSchema.inferIn;

/** A valid configuration with all defaults and absolute paths. */
export type ResolvedConfig = typeof configSchema.infer;
