// The configuration of che168-sync with every key at its default: copy what you change, leave out the rest.
// A command-line flag goes before the environment, the environment before .env, .env before this file.
// The same keys work in che168.config.js, .mjs, .json and .yaml. Keys and passwords belong into the environment.
import { defineConfig } from "che168-sync";

export default defineConfig({
  // The service that is read.
  upstream: {
    // The account. Better in the environment: CHE168_API_KEY, CHE168_ACCESS_NAME.
    // apiKey: "…",
    // accessName: "…",
    // Replaces the whole base URL: a mirror, the sandbox. Environment: CHE168_BASE_URL.
    // baseUrl: "http://127.0.0.1:8168/api/v2/che168",

    // Where requests carry the key: "header", "query", or "auto" (the header; after a 401 the query).
    keyIn: "auto",
    // Response timeout, body included, in milliseconds.
    timeoutMs: 30_000,
    // Minimum interval between two requests to the catalogue, in milliseconds.
    offersIntervalMs: 700,
    // Minimum interval between two requests to the change feed, in milliseconds.
    changesIntervalMs: 2_000,
    // Minimum interval between two requests for one listing, in milliseconds.
    offerIntervalMs: 1_500,
    // Maximum size of a response, in bytes after decompression.
    maxResponseBytes: 67_108_864,
    // After network failures, timeouts, 5xx, 429 and invalid responses.
    retry: {
      // Attempts in all, the first included; 1: no retry.
      attempts: 20,
      // Wait between two attempts, in milliseconds, unless the service sends Retry-After.
      intervalMs: 720_000,
    },
  },

  // The initial load.
  loader: {
    // Pages that fail in a row before the load gives up.
    maxFailedPages: 3,
  },

  // From raw data to the canonical listing.
  normalizer: {
    // Rows in one transaction. Flag: --batch-size.
    batchSize: 200,
    // Whether VINs are served; they are kept in the raw data either way.
    serveVin: true,
  },

  // The public API.
  api: {
    // Where it listens. Environment: API_HOST, API_PORT. Flags: --host, --port.
    host: "127.0.0.1",
    port: 8_000,
    // Listings on a page, and the most that a request may ask for.
    pageSize: 20,
    maxPageSize: 100,
    // So many requests (points) of each token in so many seconds.
    rateLimit: {
      points: 600,
      durationSec: 60,
      // "postgres" when several processes serve: then they count together.
      store: "memory",
    },
    // Browsers on these origins may ask, e.g. ["https://example.com"]; ["*"]: on every origin.
    cors: { origins: [] },
    // Whether /docs is served.
    docs: true,
    // How many proxies of yours stand in front (true: one): so many entries of X-Forwarded-For are believed.
    trustProxy: false,
  },

  logging: {
    // Directory of the log files, one a day; false: none. Environment: LOG_DIR.
    dir: "logs",
    // "debug", "info", "warn" or "error". Environment: LOG_LEVEL.
    level: "info",
    // Older files are removed, in days.
    retentionDays: 7,
  },

  database: {
    // A PostgreSQL server, by URL or by its parts. Better in the environment:
    // DATABASE_URL, or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME.
    // With neither, the embedded database is used.
    // url: "postgres://user:password@host:5432/name",
    // host: "localhost",
    // port: 5432,
    // user: "che168",
    // password: "…",
    // name: "che168",

    // Directory of the embedded database.
    dataDir: ".che168/pgdata",
    // Whether missing migrations are applied when a command opens the database.
    autoMigrate: true,
    // Read-only copies of the server, by URL; the API reads from them.
    replicas: [],
  },

  tokens: {
    // "hashed": the table holds keyed hashes, and a token is shown once. Needs SECRET_KEY.
    storage: "plain",
    // How long a token that was right is let in while the database cannot be asked, in seconds; replicas go on answering.
    graceMs: 3_600_000,
    // Better in the environment: SECRET_KEY, at least 32 characters.
    // secretKey: "…",
  },

  vocabulary: {
    // Translations and spellings of your own, laid over the built-in ones.
    // file: "che168.vocabulary.yaml",
  },

  // IANA time zone whose midnight ends a day of the feed.
  timezone: "Europe/Moscow",
});
