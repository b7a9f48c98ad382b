import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { createCircuitBreaker, type Database } from "../../database/index.ts";
import { poolOf } from "../../database/native-clients.ts";
import type { Logger } from "../../logging/types.ts";
import { errorMessage } from "../../util/error-message.ts";

/** Rate limit of each token. */
export interface RateLimitOptions {
  /** Requests of one token per window. @default 600 */
  readonly points?: number | undefined;
  /** Length of the window, in seconds. @default 60 */
  readonly durationSec?: number | undefined;
  /**
   * Where requests are counted: in each process by itself, or in PostgreSQL for all serving processes together, at one
   * statement per request. @default "memory"
   */
  readonly store?: "memory" | "postgres" | undefined;
}

/** A token's state after a request. */
export interface LimitState {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSec: number;
}

export interface RateLimit {
  take(tokenId: number): Promise<LimitState>;
  /** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), lower case. */
  headers(state: LimitState): [string, string][];
}

const TABLE = "api_rate_limits";

/** Fallback while the database is unavailable: each process counts on its own. */
const BREAKER = { timeoutMs: 1_000, cooldownMs: 2_000 };
const WARN_EVERY_MS = 10_000;

type Limiter = Pick<RateLimiterMemory, "consume">;

export function createRateLimit(
  options: RateLimitOptions,
  context: { database: Database; logger: Logger },
): RateLimit {
  const { points = 600, durationSec = 60, store = "memory" } = options;
  const { database, logger } = context;
  const shape = { points, duration: durationSec };
  const inMemory = new RateLimiterMemory(shape);
  const breaker = createCircuitBreaker(BREAKER);
  let warnedAt = Number.NEGATIVE_INFINITY;
  let shared: Promise<Limiter> | undefined;
  const sharedLimiter = async (): Promise<Limiter> =>
    new RateLimiterPostgres({
      ...shape,
      storeClient: await poolOf(database.orm),
      storeType: "pool",
      tableName: TABLE,
      tableCreated: true,
      keyPrefix: "token",
    });
  const policy: [string, string] = ["ratelimit-policy", `"default";q=${points};w=${durationSec}`];

  const stateOf = (allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): LimitState => ({
    allowed,
    remaining: remainingPoints,
    resetSec: Math.max(0, Math.ceil(msBeforeNext / 1_000)),
  });

  const takeLocally = (key: string): Promise<LimitState> =>
    inMemory.consume(key).then(
      (state) => stateOf(true, state),
      (state: RateLimiterRes) => stateOf(false, state),
    );

  const takeShared = async (key: string): Promise<LimitState> => {
    try {
      const state = await breaker(async () => {
        shared ??= sharedLimiter();
        return (await shared).consume(key);
      });
      return stateOf(true, state);
    } catch (reason) {
      if (reason instanceof RateLimiterRes) {
        return stateOf(false, reason);
      }
      if (performance.now() - warnedAt > WARN_EVERY_MS) {
        warnedAt = performance.now();
        logger.warn(
          `Requests are counted in this process only; the database did not count: ${errorMessage(reason)}`,
        );
      }
      return takeLocally(key);
    }
  };
  const take = store === "memory" ? takeLocally : takeShared;

  return {
    take: (tokenId) => take(String(tokenId)),
    headers: ({ remaining, resetSec }) => [policy, ["ratelimit", `"default";r=${remaining};t=${resetSec}`]],
  };
}
