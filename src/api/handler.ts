import { H3 } from "h3";
import { createTariffCheck } from "../customs/index.ts";
import { STATEMENT_TIMEOUT_MS } from "../database/index.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { createRates } from "../rates/index.ts";
import { version } from "../version.ts";
import type { ApiContext } from "./api-context.ts";
import { createEtags } from "./cache/hash.ts";
import { createPageSnapshots } from "./cache/page-snapshots.ts";
import { createQueryCache, type QueryCache } from "./cache/query-cache.ts";
import { createResponseCache } from "./cache/response-cache.ts";
import { checkApiOptions, trustedProxies } from "./check-options.ts";
import { createEstimates } from "./customs/estimates.ts";
import { CUSTOMS } from "./customs/parameters.ts";
import { exportParameters } from "./export/parameters.ts";
import { createColumnStores } from "./facets/column-stores.ts";
import { loggedSearch } from "./http/access-log.ts";
import { createAuth } from "./http/auth.ts";
import { createCors } from "./http/cors.ts";
import { createMetrics, type Metrics } from "./http/metrics.ts";
import { createPipeline, type Route } from "./http/pipeline.ts";
import { Problem } from "./http/problem.ts";
import { createRateLimit } from "./http/rate-limit.ts";
import { createRefusals } from "./http/refusals.ts";
import { type EncodedBody, forCache, heldBytes } from "./http/response.ts";
import { createPictureAddresses } from "./images/picture-addresses.ts";
import { mirrorRoutes } from "./mirror/mirror-routes.ts";
import type { ApiHandlerOptions } from "./options.ts";
import { toOffersQuery } from "./query/offers-query.ts";
import { filtersParameters, offersParameters, readParameters } from "./query/parameters.ts";
import { CHANGES } from "./query/read-changes.ts";
import { createLimiter } from "./replicas/limiter.ts";
import { createReadRouter } from "./replicas/router.ts";
import { changesRoute } from "./routes/changes.ts";
import { customsRoute } from "./routes/customs.ts";
import { dailyStatsRoute } from "./routes/daily-stats.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { docsRoutes } from "./routes/docs.ts";
import { exportRoute } from "./routes/export.ts";
import { fieldsRoute } from "./routes/fields.ts";
import { filtersRoute } from "./routes/filters.ts";
import { healthRoute } from "./routes/health.ts";
import { imageRoute } from "./routes/image.ts";
import { marketRoute } from "./routes/market.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { offerRoute } from "./routes/offer.ts";
import { offersRoute } from "./routes/offers.ts";
import { openapiRoute } from "./routes/openapi.ts";
import { statsRoute } from "./routes/stats.ts";
import { suggestRoute } from "./routes/suggest.ts";
import { createLabels } from "./schema/labels.ts";
import { createSuggestions } from "./suggest/suggestions.ts";

/** Maximum age of the cached version of the data. */
const MAX_VERSION_AGE_MS = 1_000;
/** Work that many requests share, and that waits for no turn: versions, single listings, health. */
const MAX_PENDING = 200;
/** How much longer a statement is awaited, so that PostgreSQL reports its time limit first. */
const STATEMENT_GRACE_MS = 1_000;

type Options = NonNullable<ApiHandlerOptions["options"]>;

const sizesOf = (options: Options) => ({
  pageSize: options.pageSize ?? 20,
  maxPageSize: options.maxPageSize ?? 100,
});

/** The dependencies of the routes, with the defaults of the options. */
function createContext(given: ApiHandlerOptions, logger: Logger, metrics: Metrics): ApiContext {
  const { database, labels = createLabels(), options = {} } = given;
  const { pageSize, maxPageSize } = sizesOf(options);
  const { timezone = "Europe/Moscow", customs = {} } = options;
  const { images = false, imageBaseUrl = "", imageSizes = true } = options;
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const timeoutMs = options.timeoutMs ?? statementTimeoutMs + STATEMENT_GRACE_MS;
  const maxWaiting = options.maxWaiting ?? 200;
  const hasChanges = options.changes ?? true;
  const { onStatementTimeout } = metrics;
  const columns = createColumnStores();
  const cache = createResponseCache<EncodedBody>({
    maxBytes: options.cacheBytes ?? 67_108_864,
    sizeOf: heldBytes,
    prepare: forCache,
  });
  return {
    database,
    checkOptions: { database, timezone, expiringTariffs: createTariffCheck(customs) },
    router: createReadRouter({
      database,
      limiter: createLimiter({ timeoutMs, maxPending: MAX_PENDING, onStatementTimeout }),
      lanes: { maxWaiting, timeoutMs, observer: metrics },
      maxPending: MAX_PENDING,
      onStatementTimeout,
      maxAgeMs: MAX_VERSION_AGE_MS,
      onOutdated: () => cache.clear(),
      logger,
    }),
    cache,
    labels,
    columns,
    endedColumns: createColumnStores("ended"),
    suggestions: createSuggestions(labels, columns),
    filters: filtersParameters(labels),
    pictures: createPictureAddresses({
      resize: imageSizes,
      proxy: images ? { baseUrl: imageBaseUrl.replace(/\/+$/, "") } : undefined,
    }),
    estimates: createEstimates({
      rates: createRates({ database, source: customs.rates, url: customs.ratesUrl, logger }),
      tariffs: customs.tariffs ?? [],
      transitDays: customs.transitDays ?? 0,
    }),
    pageSnapshots: createPageSnapshots(),
    parameters: offersParameters(maxPageSize, labels),
    etag: createEtags(`${version} ${pageSize} ${imageSizes} ${images ? imageBaseUrl : "-"}`),
    maxWaiting,
    hasChanges,
    positionHeaders: ({ newestEvent }) => (hasChanges ? [["x-changes-after", String(newestEvent)]] : []),
  };
}

/** The routes that the options enable; paths of none of them are 404. */
function createRoutes(
  context: ApiContext,
  { fetchPicture, webhooks, options = {} }: ApiHandlerOptions,
  metrics: Metrics,
): Route[] {
  const described = [
    offersRoute(context),
    offerRoute(context),
    customsRoute(context),
    filtersRoute(context),
    suggestRoute(context),
    marketRoute(context),
    exportRoute(context),
    ...(context.hasChanges ? [changesRoute(context)] : []),
    fieldsRoute(),
    statsRoute(context),
    dailyStatsRoute(context),
    healthRoute(context),
    metricsRoute(context, metrics, webhooks),
    ...(options.images ? [imageRoute(context, fetchPicture)] : []),
  ];
  return [
    ...described,
    openapiRoute(context, described),
    ...((options.docs ?? true) ? docsRoutes() : []),
    ...((options.dashboard ?? true) ? dashboardRoutes() : []),
    ...(options.mirror
      ? mirrorRoutes(context, { mode: options.mirror, timezone: context.checkOptions.timezone })
      : []),
    unknownPath,
  ];
}

/** Query strings, checked as those of `GET /offers`, and as the log shows them. */
function createQueries({ parameters, labels }: ApiContext, options: Options): QueryCache {
  // A signature is not logged: with the rest of the address it opens the picture.
  const logged = new Set([
    ...Object.keys({ ...parameters, ...exportParameters(labels), ...CHANGES, ...CUSTOMS }),
    "size",
    "v",
  ]);
  const { pageSize } = sizesOf(options);
  const maxOffset = options.maxOffset ?? 10_000;
  return createQueryCache({
    offers: (query) =>
      toOffersQuery(readParameters(parameters, query), { pageSize, maxOffset, labels, now: Date.now() }),
    logged: (query) => loggedSearch(query, logged),
  });
}

/**
 * The public API as an h3 app. Mount its `fetch` in any framework, or pass it to `toNodeHandler` of `h3/node` for a Node
 * server. It needs no closing: its timers do not keep the process alive.
 *
 * @throws ConfigError when a dependency is missing, or an option is unknown, invalid or not supported by the database
 */
export function createApiHandler(given: ApiHandlerOptions): H3 {
  checkApiOptions(given);
  const { database, tokens, logger = silentLogger, options = {} } = given;
  const metrics = createMetrics({
    cacheBytes: () => context.cache.bytes,
    waiting: () => context.router.waiting(),
  });
  const context = createContext(given, logger, metrics);
  const refusals = createRefusals(logger);
  const pipeline = createPipeline({
    auth: createAuth({ tokens, refusals }),
    refusals,
    rateLimit: createRateLimit(options.rateLimit ?? {}, { database, logger }),
    cors: createCors(options.cors?.origins ?? []),
    router: context.router,
    queries: createQueries(context, options),
    metrics,
    logger,
    trustedProxies: trustedProxies(options.trustProxy),
  });

  const app = new H3({
    silent: true,
    // Requests that h3 rejects before routing take the same path: token, limit, log.
    onError: (error, event) => pipeline(error.status < 500 ? undecodable : failed(error))(event),
  });
  for (const route of createRoutes(context, given, metrics)) {
    app.all(route.path, pipeline(route));
  }
  return app;
}

/** Unknown paths need a token, too: without one, clients cannot probe for paths. */
const ANYWHERE = { path: "/**", access: "token", method: "any" } as const;

const unknownPath: Route = {
  ...ANYWHERE,
  logged: () => "(unknown path)",
  handle: () => {
    throw Problem.notFound("This path does not exist; openapi.json lists the paths that do.");
  },
};

const undecodable: Route = {
  ...ANYWHERE,
  logged: () => "(undecodable path)",
  handle: () => {
    throw new Problem(400, "invalid_request", "The path must be percent-encoded UTF-8.");
  },
};

const failed = (error: Error): Route => ({
  ...ANYWHERE,
  logged: () => "(unknown)",
  handle: () => {
    throw Problem.internal(error);
  },
});
