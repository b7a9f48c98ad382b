import type { Database } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import type { Tokens } from "../tokens/index.ts";
import type { Webhooks } from "../webhooks/index.ts";
import type { CustomsApiOptions } from "./customs/options.ts";
import type { RateLimitOptions } from "./http/rate-limit.ts";
import type { FetchPicture } from "./images/fetch-picture.ts";
import type { Labels } from "./schema/labels.ts";

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
  /**
   * Time limit of a statement, in milliseconds; then 503. PostgreSQL cancels it: open the database with the same limit. The
   * embedded database cannot cancel a statement. @default 5000
   */
  readonly statementTimeoutMs?: number | undefined;
  /**
   * Limit on the wait for a turn, and then on a server that does not respond, in milliseconds; then 503.
   * @default a second more than `statementTimeoutMs`
   */
  readonly timeoutMs?: number | undefined;
  /** Requests of one token that may wait for the database; further ones get 503 immediately. @default 200 */
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
