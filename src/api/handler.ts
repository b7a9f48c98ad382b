import { H3 } from "h3";
import { createTariffCheck } from "../customs/index.ts";
import type { Database } from "../database/index.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { createRates } from "../rates/index.ts";
import type { Tokens } from "../tokens/index.ts";
import { version } from "../version.ts";
import type { Webhooks } from "../webhooks/index.ts";
import type { ApiContext } from "./api-context.ts";
import { createEtags } from "./cache/hash.ts";
import { createPageSnapshots } from "./cache/page-snapshots.ts";
import { createQueryCache } from "./cache/query-cache.ts";
import { createResponseCache } from "./cache/response-cache.ts";
import { checkApiOptions, trustedProxies } from "./check-options.ts";
import { createEstimates } from "./customs/estimates.ts";
import type { CustomsApiOptions } from "./customs/options.ts";
import { CUSTOMS } from "./customs/parameters.ts";
import { exportParameters } from "./export/parameters.ts";
import { createColumnStores } from "./facets/column-stores.ts";
import { loggedSearch } from "./http/access-log.ts";
import { createAuth } from "./http/auth.ts";
import { createCors } from "./http/cors.ts";
import { createMetrics } from "./http/metrics.ts";
import { createPipeline, type Route } from "./http/pipeline.ts";
import { Problem } from "./http/problem.ts";
import { createRateLimit, type RateLimitOptions } from "./http/rate-limit.ts";
import { createRefusals } from "./http/refusals.ts";
import { type EncodedBody, forCache, heldBytes } from "./http/response.ts";
import type { FetchPicture } from "./images/fetch-picture.ts";
import { createPictureAddresses } from "./images/picture-addresses.ts";
import { mirrorRoutes } from "./mirror/mirror-routes.ts";
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
import { createLabels, type Labels } from "./schema/labels.ts";

/** Options of the API: the section `api` of the configuration. */
export interface ApiOptions {
  /** Listings on a page when a request names no `limit`. @default 20 */
  readonly pageSize?: number | undefined;
  /** Largest `limit`. @default 100 */
  readonly maxPageSize?: number | undefined;
  /** Listings that numbered pages of `/offers` reach; deeper ones need a cursor. @default 10000 */
  readonly maxOffset?: number | undefined;
  /** Applied per token. */
  readonly rateLimit?: RateLimitOptions | undefined;
  readonly cors?:
    | {
        /** Origins whose pages may read responses; `*` is every origin. @default [] */
        readonly origins?: readonly string[] | undefined;
      }
    | undefined;
  /** Whether `/docs` is served. @default true */
  readonly docs?: boolean | undefined;
  /** Whether `/dashboard` is served. @default true */
  readonly dashboard?: boolean | undefined;
  /** Whether `/images` is served, and `image_sizes` has its signed addresses. @default false */
  readonly images?: boolean | undefined;
  /**
   * Prefix of the addresses of `/images`, for an API below a path or behind a host for pictures: `/catalogue`,
   * `https://img.example.com`. @default "", a path on the API's host
   */
  readonly imageBaseUrl?: string | undefined;
  /**
   * Whether `image_sizes` has smaller pictures where the file name states its size. Turn it off if the host no longer
   * scales. @default true
   */
  readonly imageSizes?: boolean | undefined;
  /**
   * Number of your own proxies in front; `true` is one. That many entries of `X-Forwarded-For`, from its end, are trusted:
   * the outermost of them names the client, whose wrong tokens are limited. @default false
   */
  readonly trustProxy?: boolean | number | undefined;
  /** Whether `/changes` and `price_history` are served; false when no events are kept. @default true */
  readonly changes?: boolean | undefined;
  /** Size of the response cache, in bytes; 0 turns it off. @default 67108864 */
  readonly cacheBytes?: number | undefined;
  /** Limit on waiting for the database, in milliseconds; then 503. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** Requests that may wait for the database; further ones get 503 immediately. @default 200 */
  readonly maxWaiting?: number | undefined;
  /**
   * Serves the copy in the upstream service's own dialect: `true` masks personal data, `"raw"` sends documents as stored.
   * Needs tokens with the scope `mirror`. @default false
   */
  readonly mirror?: boolean | "raw" | undefined;
  /** Time zone of the feed's days, for `/stats`, `/metrics` and the mirror. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** Import costs. */
  readonly customs?: CustomsApiOptions | undefined;
}

/** Dependencies and options of {@link createApiHandler}. */
export interface ApiHandlerOptions {
  /** Open a PostgreSQL server with `createDatabase({ ..., use: "api" })`. */
  readonly database: Database;
  readonly tokens: Pick<Tokens, "verify">;
  readonly logger?: Logger | undefined;
  /** Labels for codes. @default the built-in ones */
  readonly labels?: Labels | undefined;
  /**
   * Requests a picture for `/images`; for tests and demonstrations, where the pictures are elsewhere. It replaces the check of
   * the resolved address, so never set it in production. @default https to public addresses
   */
  readonly fetchPicture?: FetchPicture | undefined;
  /** Shown in `/metrics`. */
  readonly webhooks?: Pick<Webhooks, "status"> | undefined;
  readonly options?: ApiOptions | undefined;
}

/** Maximum age of the cached version of the data. */
const MAX_VERSION_AGE_MS = 1_000;

/**
 * The public API as an h3 app. Mount its `fetch` in any framework, or pass it to `toNodeHandler` of `h3/node` for a Node
 * server. It needs no closing: its timers do not keep the process alive.
 *
 * @throws ConfigError when the database does not support an option
 */
export function createApiHandler({
  database,
  tokens,
  logger = silentLogger,
  labels,
  fetchPicture,
  webhooks,
  options = {},
}: ApiHandlerOptions): H3 {
  checkApiOptions(database, options);
  const sizes = { pageSize: options.pageSize ?? 20, maxPageSize: options.maxPageSize ?? 100 };
  const { timezone = "Europe/Moscow", customs = {} } = options;
  const maxWaiting = options.maxWaiting ?? 200;
  const limiter = createLimiter({ timeoutMs: options.timeoutMs ?? 5_000, maxPending: maxWaiting });
  const cache = createResponseCache<EncodedBody>({
    maxBytes: options.cacheBytes ?? 67_108_864,
    sizeOf: heldBytes,
    prepare: forCache,
  });
  const { images = false, imageBaseUrl = "", imageSizes = true } = options;
  const known = labels ?? createLabels();
  const hasChanges = options.changes ?? true;
  const context: ApiContext = {
    database,
    checkOptions: { database, timezone, expiringTariffs: createTariffCheck(customs) },
    router: createReadRouter({
      database,
      limiter,
      maxPending: maxWaiting,
      maxAgeMs: MAX_VERSION_AGE_MS,
      onOutdated: () => cache.clear(),
      logger,
    }),
    cache,
    labels: known,
    columns: createColumnStores(),
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
    hasChanges,
    positionHeaders: ({ newestEvent }) => (hasChanges ? [["x-changes-after", String(newestEvent)]] : []),
  };
  const metrics = createMetrics({ cacheBytes: () => cache.bytes });
  const described = [
    offersRoute(context),
    offerRoute(context),
    customsRoute(context),
    filtersRoute(context),
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
const ANYWHERE = { path: "/**", access: "token" } as const;

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
