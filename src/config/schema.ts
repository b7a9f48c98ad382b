import { isIP } from "node:net";
import { type } from "arktype";

// The one description of the configuration: from it come the types, the defaults and what a message says would be right.
// A key's comment tells its meaning and unit; `describe` is what a wrong value is told; `default` stands nowhere else.

/** A whole number within bounds, told in its unit. */
const whole = (min: number, max: number, unit = "") =>
  type("number.integer")
    .atLeast(min)
    .atMost(max)
    .describe(`a whole number from ${min} to ${max}${unit === "" ? "" : ` (${unit})`}`);

/** A text that passes `test`; `expected` completes «must be …». */
const text = (expected: string, test: (value: string) => boolean) =>
  type("string")
    .narrow((value, context) => test(value) || context.reject({ expected }))
    .describe(expected);

const parsedUrl = (value: string): URL | undefined => (URL.canParse(value) ? new URL(value) : undefined);

function isHttpBase(value: string): boolean {
  const url = parsedUrl(value);
  return (
    (url?.protocol === "http:" || url?.protocol === "https:") &&
    url.search === "" &&
    url.hash === "" &&
    url.username === "" &&
    url.password === ""
  );
}

function isOrigin(value: string): boolean {
  const url = parsedUrl(value);
  return value === "*" || ((url?.protocol === "http:" || url?.protocol === "https:") && url.origin === value);
}

function isPostgresUrl(value: string): boolean {
  const url = parsedUrl(value);
  if (url?.protocol !== "postgres:" && url?.protocol !== "postgresql:") {
    return false;
  }
  try {
    // A bare % in a password is no URL to the driver, although it is one to the standard.
    decodeURIComponent(url.username + url.password + url.pathname);
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

const postgresUrl = text(
  "postgres://user:password@host:5432/name, special characters in the password percent-encoded",
  isPostgresUrl,
);
const path = text("a path", (value) => value.trim() !== "" && !value.includes("\0"));
const isHost = (value: string) => isIP(value) !== 0 || /^[\w.-]+$/.test(value);

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
  "baseUrl?": text("an http:// or https:// address without query, user and password", isHttpBase),
  /** Where requests carry the key: `header`, `query`, or `auto` (header; after a 401 on the first request, query). */
  keyIn: type("'header' | 'query' | 'auto'").describe("header, query or auto").default("auto"),
  /** Response timeout, body included, in milliseconds. */
  timeoutMs: whole(1, 3_600_000, "milliseconds").default(30_000),
  /** Minimum interval between two requests to `/offers`, in milliseconds. */
  offersIntervalMs: whole(0, 3_600_000, "milliseconds").default(700),
  /** Minimum interval between two requests to `/changes`, in milliseconds. */
  changesIntervalMs: whole(0, 3_600_000, "milliseconds").default(2_000),
  /** Minimum interval between two requests to `/offer`, in milliseconds. */
  offerIntervalMs: whole(0, 3_600_000, "milliseconds").default(1_500),
  /** Maximum size of a response, in bytes after decompression. */
  maxResponseBytes: whole(1_000, 2_000_000_000, "bytes").default(67_108_864),
  /** Retries after network failures, timeouts, 5xx, 429 and invalid responses. */
  retry: type({
    "+": "reject",
    /** Attempts in all, the first included; 1: no retry. */
    attempts: whole(1, 1_000).default(20),
    /** Wait between two attempts, in milliseconds; `Retry-After` of the service replaces it. */
    intervalMs: whole(0, 86_400_000, "milliseconds").default(720_000),
  }).default(() => ({})),
});

const loader = type({
  "+": "reject",
  /** Failed pages in a row before the initial load gives up. */
  maxFailedPages: whole(1, 100_000).default(3),
});

const normalizer = type({
  "+": "reject",
  /** Rows in one transaction. Flag: --batch-size. */
  batchSize: whole(1, 10_000).default(200),
  /** Whether VINs are served; they are kept in the raw data either way. */
  serveVin: type("boolean").describe("true or false").default(true),
});

const api = type({
  "+": "reject",
  /** Address to listen on. Environment: API_HOST. Flag: --host. */
  host: text("a host name or an address, without scheme and port", isHost).default("127.0.0.1"),
  /** Port to listen on; 0 takes any free one. Environment: API_PORT. Flag: --port. */
  port: whole(0, 65_535).default(8_000),
  /** Listings on a page when the request names no `limit`. */
  pageSize: whole(1, 1_000).default(20),
  /** Largest `limit` that a request may ask for. */
  maxPageSize: whole(1, 1_000).default(100),
  /** The same limit for every token: so many requests in so much time. */
  rateLimit: type({
    "+": "reject",
    /** Requests in one span of time. */
    points: whole(1, 1_000_000_000).default(600),
    /** The span of time, in seconds. */
    durationSec: whole(1, 86_400, "seconds").default(60),
    /** Where the counts are kept: in the process, or in the database when several processes serve. */
    store: type("'memory' | 'postgres'").default("memory"),
  }).default(() => ({})),
  /** Cross-origin requests from browsers. */
  cors: type({
    "+": "reject",
    /** Origins that may ask, e.g. `https://example.com`; `*` is every origin. Empty: none. */
    origins: text("an origin such as https://example.com, without path, or *", isOrigin)
      .array()
      .describe("a list of origins")
      .default(() => []),
  }).default(() => ({})),
  /** Whether `/docs` is served. */
  docs: type("boolean").describe("true or false").default(true),
  /**
   * How many proxies of yours stand in front (`true` is one): so many entries of `X-Forwarded-For`, from its end, are
   * believed. With none, every client behind a proxy counts as one address for the limit on wrong tokens.
   */
  trustProxy: type("boolean")
    .or(whole(0, 10))
    .describe("true, false, or a number of proxies from 0 to 10")
    .default(false),
});

const logging = type({
  "+": "reject",
  /** Directory of the log files, one a day; `false` writes none. Environment: LOG_DIR, where the word false means none. */
  dir: path.or("false").describe("a path, or false for no files").default("logs"),
  /** Least severe messages that are told. Environment: LOG_LEVEL. */
  level: type("'debug' | 'info' | 'warn' | 'error'").default("info"),
  /** Files older than so many days are removed. */
  retentionDays: whole(1, 36_500, "days").default(7),
});

const database = type({
  "+": "reject",
  /** A PostgreSQL server as one URL. Environment: DATABASE_URL. With neither URL nor host: the embedded database. */
  "url?": postgresUrl,
  /** Host of a PostgreSQL server, or the directory of its socket. Environment: DB_HOST. */
  "host?": text(
    "a host name or an address, without scheme and port, or the directory of a socket",
    (value) => isHost(value) || value.startsWith("/"),
  ),
  /** Port of the server. Environment: DB_PORT. */
  "port?": whole(1, 65_535),
  /** Role to log in as. Environment: DB_USER. */
  "user?": text("a role name", (value) => value !== ""),
  /** Password of the role. Environment: DB_PASSWORD. */
  "password?": type("string").describe("a text"),
  /** Name of the database. Environment: DB_NAME. */
  "name?": text("a database name", (value) => value !== ""),
  /** Directory of the embedded database. */
  dataDir: path.default(".che168/pgdata"),
  /** Whether missing migrations are applied when the database is opened. */
  autoMigrate: type("boolean").describe("true or false").default(true),
  /** URLs of read-only copies of the server; the API reads from them. */
  replicas: postgresUrl
    .array()
    .describe("a list of postgres:// URLs")
    .default(() => []),
});

const tokens = type({
  "+": "reject",
  /** Whether the token itself or its keyed hash is in the table. */
  storage: type("'plain' | 'hashed'").default("plain"),
  /**
   * How long a token that was right is let in while the database cannot be asked, in milliseconds: reads from replicas go on
   * while the primary is away. 0 lets nobody in.
   */
  graceMs: whole(0, 86_400_000, "milliseconds").default(3_600_000),
  /** Key of the hashes. Environment: SECRET_KEY. Needed only when `storage` is "hashed". */
  "secretKey?": text("a text", (value) => value !== ""),
});

const vocabulary = type({
  "+": "reject",
  /** File with translations of your own, laid over the built-in ones. */
  "file?": path,
});

export const configSchema = type({
  "+": "reject",
  /** The service that is read. */
  upstream: upstream.default(() => ({})),
  /** The initial load. */
  loader: loader.default(() => ({})),
  /** From raw data to the canonical listing. */
  normalizer: normalizer.default(() => ({})),
  /** The public API. */
  api: api.default(() => ({})),
  /** Log lines and files. */
  logging: logging.default(() => ({})),
  /** PostgreSQL, or the embedded database. */
  database: database.default(() => ({})),
  /** Access tokens of the API. */
  tokens: tokens.default(() => ({})),
  /** Words for codes. */
  vocabulary: vocabulary.default(() => ({})),
  /** IANA time zone whose midnight ends a day of the feed. */
  timezone: text("an IANA time zone such as Europe/Moscow", isTimeZone).default("Europe/Moscow"),
});

/** What a configuration file may say: everything is optional. */
export type UserConfig = typeof configSchema.inferIn;

/** A checked configuration with all defaults in place and paths absolute. */
export type ResolvedConfig = typeof configSchema.infer;

interface SchemaNode {
  readonly props?: readonly { readonly key: string; readonly value: SchemaNode }[];
}

/** Every key of the configuration with its dots, e.g. `upstream.retry.attempts`; `sections` are those that hold others. */
export function configKeys(): { readonly keys: readonly string[]; readonly sections: readonly string[] } {
  const keys: string[] = [];
  const sections: string[] = [];
  const walk = (node: SchemaNode, prefix: string) => {
    for (const { key, value } of node.props ?? []) {
      const children = propsOf(value);
      if (children.length > 0) {
        sections.push(prefix + key);
        walk({ props: children }, `${prefix}${key}.`);
      } else {
        keys.push(prefix + key);
      }
    }
  };
  walk(configSchema as unknown as SchemaNode, "");
  return { keys, sections };
}

function propsOf(node: SchemaNode): NonNullable<SchemaNode["props"]> {
  try {
    return node.props ?? [];
  } catch {
    // arktype knows `props` only of objects.
    return [];
  }
}
