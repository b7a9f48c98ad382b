import { H3 } from "h3";
import { createTariffCheck } from "../customs/index.ts";
import { STATEMENT_TIMEOUT_MS } from "../database/index.ts";
import { silentLogger } from "../logging/types.ts";
import { createRates } from "../rates/index.ts";
import { version } from "../version.ts";
import type { ApiContext } from "./api-context.ts";
import { createEtags } from "./cache/hash.ts";
import { createPageSnapshots } from "./cache/page-snapshots.ts";
import { createQueryCache } from "./cache/query-cache.ts";
import { createResponseCache } from "./cache/response-cache.ts";
import { checkApiOptions, trustedProxies } from "./check-options.ts";
import { createEstimates } from "./customs/estimates.ts";
import { CUSTOMS } from "./customs/parameters.ts";
import { exportParameters } from "./export/parameters.ts";
import { createColumnStores } from "./facets/column-stores.ts";
import { loggedSearch } from "./http/access-log.ts";
import { createAuth } from "./http/auth.ts";
import { createCors } from "./http/cors.ts";
import { createMetrics } from "./http/metrics.ts";
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

/**
 * The public API as an h3 app. Mount its `fetch` in any framework, or pass it to `toNodeHandler` of `h3/node` for a Node
 * server. It needs no closing: its timers do not keep the process alive.
 *
 * @throws ConfigError when a dependency is missing, or an option is unknown, invalid or not supported by the database
 */
export function createApiHandler(given: ApiHandlerOptions): H3 {
  checkApiOptions(given);
  const { database, tokens, logger = silentLogger, labels, fetchPicture, webhooks, options = {} } = given;
  const sizes = { pageSize: options.pageSize ?? 20, maxPageSize: options.maxPageSize ?? 100 };
  const { timezone = "Europe/Moscow", customs = {} } = options;
  const maxWaiting = options.maxWaiting ?? 200;
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const timeoutMs = options.timeoutMs ?? statementTimeoutMs + STATEMENT_GRACE_MS;
  const metrics = createMetrics({ cacheBytes: () => cache.bytes, waiting: () => context.router.waiting() });
  const { onStatementTimeout } = metrics;
  const limiter = createLimiter({ timeoutMs, maxPending: MAX_PENDING, onStatementTimeout });
  const cache = createResponseCache<EncodedBody>({
    maxBytes: options.cacheBytes ?? 67_108_864,
    sizeOf: heldBytes,
    prepare: forCache,
  });
  const { images = false, imageBaseUrl = "", imageSizes = true } = options;
  const known = labels ?? createLabels();
  const hasChanges = options.changes ?? true;
  const columns = createColumnStores();
  const context: ApiContext = {
    database,
    checkOptions: { database, timezone, expiringTariffs: createTariffCheck(customs) },
    router: createReadRouter({
      database,
      limiter,
      lanes: { maxWaiting, timeoutMs, observer: metrics },
      maxPending: MAX_PENDING,
      onStatementTimeout,
      maxAgeMs: MAX_VERSION_AGE_MS,
      onOutdated: () => cache.clear(),
      logger,
    }),
    cache,
    labels: known,
    columns,
    endedColumns: createColumnStores("ended"),
    suggestions: createSuggestions(known, columns),
    filters: filtersParameters(known),
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
    parameters: offersParameters(sizes.maxPageSize, known),
    etag: createEtags(`${version} ${sizes.pageSize} ${imageSizes} ${images ? imageBaseUrl : "-"}`),
    maxWaiting,
    hasChanges,
    positionHeaders: ({ newestEvent }) => (hasChanges ? [["x-changes-after", String(newestEvent)]] : []),
  };
  const described = [
    offersRoute(context),
    offerRoute(context),
    customsRoute(context),
    filtersRoute(context),
    suggestRoute(context),
    marketRoute(context),
    exportRoute(context),
    ...(hasChanges ? [changesRoute(context)] : []),
    fieldsRoute(),
    statsRoute(context),
    dailyStatsRoute(context),
    healthRoute(context),
    metricsRoute(context, metrics, webhooks),
    ...(images ? [imageRoute(context, fetchPicture)] : []),
  ];
  const routes: Route[] = [
    ...described,
    openapiRoute(context, described),
    ...((options.docs ?? true) ? docsRoutes() : []),
    ...((options.dashboard ?? true) ? dashboardRoutes() : []),
    ...(options.mirror ? mirrorRoutes(context, { mode: options.mirror, timezone }) : []),
    unknownPath,
  ];

  // A signature is not logged: with the rest of the address it opens the picture.
  const loggedParameters = new Set([
    ...Object.keys({ ...context.parameters, ...exportParameters(known), ...CHANGES, ...CUSTOMS }),
    "size",
    "v",
  ]);
  const cors = createCors(options.cors?.origins ?? []);
  const refusals = createRefusals(logger);
  const pipeline = createPipeline({
    auth: createAuth({ tokens, refusals }),
    refusals,
    rateLimit: createRateLimit(options.rateLimit ?? {}, { database, logger }),
    cors,
    router: context.router,
    queries: createQueryCache({
      offers: (query) =>
        toOffersQuery(readParameters(context.parameters, query), {
          pageSize: sizes.pageSize,
          maxOffset: options.maxOffset ?? 10_000,
          labels: known,
          now: Date.now(),
        }),
      logged: (query) => loggedSearch(query, loggedParameters),
    }),
    metrics,
    logger,
    trustedProxies: trustedProxies(options.trustProxy),
  });

  const app = new H3({
    silent: true,
    // Requests that h3 rejects before routing take the same path: token, limit, log.
    onError: (error, event) => pipeline(error.status < 500 ? undecodable : failed(error))(event),
  });
  for (const route of routes) {
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
