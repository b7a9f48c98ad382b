// All settings of che168-sync at their defaults: copy the ones you change.
// Precedence: flags, environment, .env, this file. The same keys work in che168.config.js, .mjs, .json and .yaml.
// Keep keys and passwords in the environment; "${NAME}" in any string here is replaced by that variable.
import { defineConfig } from "che168-sync";

export default defineConfig({
  // The upstream service.
  upstream: {
    // The account. Better in the environment: CHE168_API_KEY, CHE168_ACCESS_NAME.
    // apiKey: "…",
    // accessName: "…",
    // Replaces the whole base URL: a mirror, the sandbox. Environment: CHE168_BASE_URL.
    // baseUrl: "http://127.0.0.1:8168/api/v2/che168",

    // The daily files. Better in the environment: CHE168_EXPORT_URL, CHE168_EXPORT_USER, CHE168_EXPORT_PASSWORD.
    export: {
      // Everything before /{YYYY-MM-DD}/all_active.csv.
      // url: "https://…",
      // user: "…",
      // password: "…",
    },
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
    // Consecutive failed pages after which the load aborts.
    maxFailedPages: 3,
  },

  // The change feed.
  updater: {
    // Whether `daily` repairs a gap of the feed, by comparing the copy with the catalogue. Flag: --no-repair.
    repairGaps: true,
    // Missing change ids in one range that are only counted; more make the copy incomplete.
    gapTolerance: 20,
  },

  // The comparison with the catalogue.
  reconcile: {
    // Largest share of the active listings that it may end on balance; --force ends more.
    maxEndedShare: 0.2,
  },

  // Normalisation of raw data into canonical listings.
  normalizer: {
    // Rows per transaction. Flag: --batch-size.
    batchSize: 200,
    // Whether VINs are served; they are kept in the raw data either way.
    serveVin: true,
  },

  // The public API.
  api: {
    // Address to listen on. Environment: API_HOST, API_PORT. Flags: --host, --port.
    host: "127.0.0.1",
    port: 8_000,
    // Listings per page: the default, and the maximum.
    pageSize: 20,
    maxPageSize: 100,
    // Listings that numbered pages reach: PostgreSQL reads every row before a page. Cursors have no such limit.
    maxOffset: 10_000,
    // Time limit of a statement, in milliseconds; then 503.
    statementTimeoutMs: 5_000,
    // Requests of one token that may wait for the database; the next one gets 503.
    maxWaiting: 200,
    // Requests (points) per token and period (seconds).
    rateLimit: {
      points: 600,
      durationSec: 60,
      // "postgres" counts several processes together.
      store: "memory",
    },
    // Origins allowed in browsers, e.g. ["https://example.com"]; ["*"] allows all.
    cors: { origins: [] },
    // Whether /docs is served.
    docs: true,
    // Whether /dashboard is served.
    dashboard: true,
    // Whether /images serves the listings' pictures, by signed addresses that need no token.
    images: false,
    // Prefix of these addresses: a path such as "/catalogue", or a host for pictures.
    imageBaseUrl: "",
    // Whether image_sizes has smaller pictures where the file name states its size.
    imageSizes: true,
    // Serves the copy in the upstream service's own dialect: true masks personal data, "raw" sends it as stored.
    mirror: false,
    // Number of your own proxies in front (true: one): that many entries of X-Forwarded-For are trusted.
    trustProxy: false,
  },

  // Targets of messages about the reasons of status --check, once per reason and day; che168-sync notify --test tries them.
  notify: [
    // { type: "webhook", url: "https://example.com/hooks/che168", secret: "${NOTIFY_SECRET}" },
    // { type: "telegram", token: "${TELEGRAM_TOKEN}", chatId: "-100123" },
  ],

  logging: {
    // Directory of the log files, one per day; false: none. Environment: LOG_DIR.
    dir: "logs",
    // "debug", "info", "warn" or "error". Environment: LOG_LEVEL.
    level: "info",
    // Log files are deleted after this many days.
    retentionDays: 7,
    // Limit for all log files together, in bytes. The oldest are deleted first.
    maxBytes: 1_073_741_824,
    // "text" or "json".
    format: "text",
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

    // Schema of the tables; by default the first existing one of search_path.
    // schema: "che168",
    // Directory of the embedded database.
    dataDir: ".che168/pgdata",
    // Whether commands that write apply pending migrations when they open the database.
    autoMigrate: true,
    // URLs of standby servers; the API reads from them.
    replicas: [],
  },

  tokens: {
    // "hashed": the table stores keyed hashes, and a token is shown only once. Requires SECRET_KEY.
    storage: "plain",
    // How long a valid token is accepted while the database is unavailable, in milliseconds.
    graceMs: 3_600_000,
    // Better in the environment: SECRET_KEY, at least 32 characters.
    // secretKey: "…",
  },

  customs: {
    // Files of tariff tables, laid over those of the package; of several tables for a day the last counts.
    tariffs: [],
    // Official exchange rates: roubles for one unit, with tables for Belarus (`by`) and Kazakhstan (`kz`) beside them; or "cbr":
    // the daily rates of the Central Bank of Russia. Without it, costs that need a rate are not computed.
    // rates: { EUR: 100.5, CNY: 12.9 },
    // Address of the bank's daily XML: tests, the sandbox.
    // ratesUrl: "http://127.0.0.1:8168/scripts/XML_daily.asp",
    // Days until the declaration, added to today.
    transitDays: 0,
  },

  events: {
    // Events are deleted after this many days, except those that the price history needs; 0: no events.
    retentionDays: 180,
  },

  // Receivers of events (Standard Webhooks): all kinds, or some; from "newest" (default) or "oldest".
  // webhooks: [{ url: "https://example.com/hook", secret: "${WEBHOOK_SECRET}", kinds: ["price", "removed"], from: "oldest" }],
  webhooks: [],

  vocabulary: {
    // Your own translations and spellings, which extend the built-in ones.
    // file: "che168.vocabulary.yaml",
  },

  // IANA time zone; its midnight is the boundary between feed days.
  timezone: "Europe/Moscow",
});
