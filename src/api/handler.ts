import { H3 } from "h3";
import type { Database } from "../database/index.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import type { Tokens } from "../tokens/tokens.ts";
import { version } from "../version.ts";
import type { ApiContext } from "./api-context.ts";
import { createEtags } from "./cache/hash.ts";
import { createPageSnapshots } from "./cache/page-snapshots.ts";
import { createQueryCache } from "./cache/query-cache.ts";
import { createResponseCache } from "./cache/response-cache.ts";
import { checkApiOptions, trustedProxies } from "./check-options.ts";
import { loggedSearch } from "./http/access-log.ts";
import { createAuth } from "./http/auth.ts";
import { createCors } from "./http/cors.ts";
import { createMetrics } from "./http/metrics.ts";
import { createEndpoint, createProblemSender, type Route } from "./http/pipeline.ts";
import { Problem } from "./http/problem.ts";
import { createRateLimit, type RateLimitOptions } from "./http/rate-limit.ts";
import { type EncodedBody, forCache, heldBytes } from "./http/response.ts";
import { toOffersQuery } from "./query/offers-query.ts";
import { offersParameters, readParameters } from "./query/parameters.ts";
import { createLimiter } from "./replicas/limiter.ts";
import { createReadRouter } from "./replicas/router.ts";
import { docsRoutes } from "./routes/docs.ts";
import { filtersRoute } from "./routes/filters.ts";
import { healthRoute } from "./routes/health.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { offerRoute } from "./routes/offer.ts";
import { offersRoute } from "./routes/offers.ts";
import { openapiRoute } from "./routes/openapi.ts";
import { statsRoute } from "./routes/stats.ts";
import { createLabels, type Labels } from "./schema/labels.ts";

/** How the API behaves. The section `api` of a configuration fits. */
export interface ApiOptions {
  /** Listings on a page when a request names no `limit`. @default 20 */
  readonly pageSize?: number | undefined;
  /** Largest `limit`. @default 100 */
  readonly maxPageSize?: number | undefined;
  /** The same for every token. */
  readonly rateLimit?: RateLimitOptions | undefined;
  readonly cors?:
    | {
        /** Origins of web pages that may read answers; `*` is every origin. @default [] */
        readonly origins?: readonly string[] | undefined;
      }
    | undefined;
  /** Whether `/docs` is there. @default true */
  readonly docs?: boolean | undefined;
  /**
   * How many proxies of yours stand in front; `true` is one. So many entries of `X-Forwarded-For`, from its end, are
   * believed: the limit on wrong tokens goes by the address before them. @default false
   */
  readonly trustProxy?: boolean | number | undefined;
  /** Memory for answers, in bytes; 0 remembers none. @default 67108864 */
  readonly cacheBytes?: number | undefined;
  /** Longest wait for the database, in milliseconds; then 503. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** Requests that may wait for the database; the next one gets 503 at once. @default 200 */
  readonly maxWaiting?: number | undefined;
  /** Whose midnight ends a day of the feed: `/metrics` tells how many days the copy is behind. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
}

/** What the API is made of. */
export interface ApiHandlerOptions {
  /** Open a PostgreSQL server with `createDatabase({ ..., use: "api" })`. */
  readonly database: Database;
  readonly tokens: Pick<Tokens, "verify">;
  readonly logger?: Logger | undefined;
  /** Words for codes. @default the built-in ones */
  readonly labels?: Labels | undefined;
  readonly options?: ApiOptions | undefined;
}

/** Age at which the version of the data is read again. */
const MAX_VERSION_AGE_MS = 1_000;

/**
 * The public API (contract §6) as an h3 app. Its `fetch` mounts in any framework; `toNodeHandler` of `h3/node` makes a
 * listener for Node's servers. It holds nothing that must be closed: timers do not keep the process alive.
 *
 * @throws ConfigError when the options ask for what this database cannot do
 */
export function createApiHandler({
  database,
  tokens,
  logger = silentLogger,
  labels,
  options = {},
}: ApiHandlerOptions): H3 {
  checkApiOptions(database, options);
  const sizes = { pageSize: options.pageSize ?? 20, maxPageSize: options.maxPageSize ?? 100 };
  const maxWaiting = options.maxWaiting ?? 200;
  const limiter = createLimiter({ timeoutMs: options.timeoutMs ?? 5_000, maxPending: maxWaiting });
  const cache = createResponseCache<EncodedBody>({
    maxBytes: options.cacheBytes ?? 67_108_864,
    sizeOf: heldBytes,
    prepare: forCache,
  });
  const context: ApiContext = {
    database,
    router: createReadRouter({
      database,
      limiter,
      maxPending: maxWaiting,
      maxAgeMs: MAX_VERSION_AGE_MS,
      onOutdated: () => cache.clear(),
      logger,
    }),
    cache,
    labels: labels ?? createLabels(),
    pageSnapshots: createPageSnapshots(),
    parameters: offersParameters(sizes.maxPageSize),
    etag: createEtags(`${version} ${sizes.pageSize}`),
  };
  const metrics = createMetrics({ cacheBytes: () => cache.bytes });
  const described = [
    offersRoute(context),
    offerRoute(context),
    filtersRoute(context),
    statsRoute(context),
    healthRoute(context),
    metricsRoute(context, metrics, options.timezone ?? "Europe/Moscow"),
  ];
  const routes: Route[] = [
    ...described,
    openapiRoute(context, described),
    ...((options.docs ?? true) ? docsRoutes() : []),
    nothingThere,
  ];

  const loggedParameters = new Set(Object.keys(context.parameters));
  const cors = createCors(options.cors?.origins ?? []);
  const sendProblem = createProblemSender(logger);
  const endpoint = createEndpoint({
    auth: createAuth({ tokens, gate: limiter }),
    rateLimit: createRateLimit(options.rateLimit ?? {}, { database, logger }),
    cors,
    router: context.router,
    queries: createQueryCache({
      offers: (query) => toOffersQuery(readParameters(context.parameters, query), sizes.pageSize),
      logged: (query) => loggedSearch(query, loggedParameters),
    }),
    metrics,
    sendProblem,
    logger,
    trustedProxies: trustedProxies(options.trustProxy),
  });

  const app = new H3({
    silent: true,
    // What h3 refuses before any route goes the way of all requests as well: token, limit, log.
    onError: (error, event) => endpoint(error.status < 500 ? undecodable : failed(error))(event),
  });
  for (const route of routes) {
    app.all(route.path, endpoint(route));
  }
  return app;
}

/** Every other address: known only to those who have a token. */
const ANYWHERE = { path: "/**", access: "token" } as const;

const nothingThere: Route = {
  ...ANYWHERE,
  logged: () => "(no such address)",
  handle: () => {
    throw Problem.notFound("There is no such address; openapi.json tells which there are.");
  },
};

const undecodable: Route = {
  ...ANYWHERE,
  logged: () => "(a path that cannot be decoded)",
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
