import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { createCircuitBreaker, type Database } from "../../database/index.ts";
import { poolOf } from "../../database/native-clients.ts";
import type { Logger } from "../../logging/types.ts";

/** How many requests a token may make. */
export interface RateLimitOptions {
  /** Requests of one token in one span of time. @default 600 */
  readonly points?: number | undefined;
  /** The span, in seconds. @default 60 */
  readonly durationSec?: number | undefined;
  /**
   * Where the counts are kept: in the process, or in PostgreSQL when several processes serve and the limit is to hold
   * for all of them together; that costs one statement a request. @default "memory"
   */
  readonly store?: "memory" | "postgres" | undefined;
}

/** How a token stands. */
export interface LimitState {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until all requests are there again. */
  readonly resetSec: number;
}

export interface RateLimit {
  take(tokenId: number): Promise<LimitState>;
  /** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), lower case. */
  headers(state: LimitState): [string, string][];
}

/** The table of migration 0001. */
const TABLE = "api_rate_limits";

/** Counting together is not worth waiting for a database that is away. */
const PATIENCE = { timeoutMs: 1_000, cooldownMs: 2_000 };
const TELL_EVERY_MS = 10_000;

type Limiter = Pick<RateLimiterMemory, "consume">;

export function createRateLimit(
  options: RateLimitOptions,
  context: { database: Database; logger: Logger },
): RateLimit {
  const { points = 600, durationSec = 60, store = "memory" } = options;
  const { database, logger } = context;
  const shape = { points, duration: durationSec };
  const inMemory = new RateLimiterMemory(shape);
  const patient = createCircuitBreaker(PATIENCE);
  let toldAt = Number.NEGATIVE_INFINITY;
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

  const takeAlone = (key: string): Promise<LimitState> =>
    inMemory.consume(key).then(
      (state) => stateOf(true, state),
      (state: RateLimiterRes) => stateOf(false, state),
    );

  const takeTogether = async (key: string): Promise<LimitState> => {
    try {
      const state = await patient(async () => {
        shared ??= sharedLimiter();
        return (await shared).consume(key);
      });
      return stateOf(true, state);
    } catch (reason) {
      if (reason instanceof RateLimiterRes) {
        return stateOf(false, reason);
      }
      // Counting is no reason to refuse: this process counts alone until the database takes the counts again.
      const message = reason instanceof Error ? reason.message : String(reason);
      if (performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        logger.warn(`Requests are counted in this process only; the database did not count: ${message}`);
      }
      return takeAlone(key);
    }
  };
  const take = store === "memory" ? takeAlone : takeTogether;

  return {
    take: (tokenId) => take(String(tokenId)),
    headers: ({ remaining, resetSec }) => [policy, ["ratelimit", `"default";r=${remaining};t=${resetSec}`]],
  };
}
