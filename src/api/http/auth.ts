import { LRUCache } from "lru-cache";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { fingerprint } from "../../tokens/secret.ts";
import type { TokenInfo, Tokens } from "../../tokens/tokens.ts";
import type { QueryLimiter } from "../replicas/limiter.ts";
import { addressKey } from "./client-address.ts";
import { Problem } from "./problem.ts";

/** Wrong tokens that one address may send in a minute, and all addresses together. */
const FAILURES = { perAddress: 10, everywhere: 1_000, durationSec: 60 };
const KNOWN_TOKENS = 10_000;
const EVERYONE = "everyone";

/**
 * The token of a request: `X-API-Key: T` or `Authorization: Bearer T` (RFC 6750; the scheme in any case).
 * Undefined when there is none.
 */
export function tokenOf(header: (name: string) => string | null): string | undefined {
  const key = header("x-api-key");
  if (key !== null) {
    return key.trim();
  }
  const authorization = header("authorization");
  if (authorization === null) {
    return undefined;
  }
  return /^bearer +([^\s]+) *$/i.exec(authorization)?.[1];
}

/** Lets in who has a token, and slows down who guesses. */
export interface Auth {
  /**
   * @param address who asks
   * @throws Problem 401; 429 when this address has guessed too often
   */
  check(token: string | undefined, address: string): Promise<TokenInfo>;
}

export function createAuth(options: { tokens: Pick<Tokens, "verify">; gate: QueryLimiter }): Auth {
  const byAddress = new RateLimiterMemory({ points: FAILURES.perAddress, duration: FAILURES.durationSec });
  const everywhere = new RateLimiterMemory({ points: FAILURES.everywhere, duration: FAILURES.durationSec });
  // Tokens that were right once. They go on working for an address from which someone else guesses: behind one proxy
  // all clients may have the same.
  const known = new LRUCache<string, true>({ max: KNOWN_TOKENS });
  // What `verify` gives is the same object for some seconds, for which the token need not be named again.
  const noted = new WeakSet<TokenInfo>();
  let lastFailure = Number.NEGATIVE_INFINITY;

  const blockedFor = async (address: string): Promise<number> => {
    const [here, there] = await Promise.all([byAddress.get(address), everywhere.get(EVERYONE)]);
    const waits = [
      here !== null && here.consumedPoints >= FAILURES.perAddress ? here.msBeforeNext : 0,
      there !== null && there.consumedPoints >= FAILURES.everywhere ? there.msBeforeNext : 0,
    ];
    return Math.max(...waits) / 1_000;
  };

  const refuseGuessers = async (token: string, address: string): Promise<void> => {
    const wait = known.has(fingerprint(token)) ? 0 : await blockedFor(address);
    if (wait > 0) {
      throw Problem.tooMany("Too many wrong access tokens came from this address; try again later.", wait);
    }
  };

  return {
    check: async (token, address) => {
      if (token === undefined) {
        throw Problem.unauthorized();
      }
      if (performance.now() - lastFailure < FAILURES.durationSec * 1_000) {
        await refuseGuessers(token, addressKey(address));
      }
      const info = await options.gate.run(() => options.tokens.verify(token));
      if (info === null) {
        lastFailure = performance.now();
        known.delete(fingerprint(token));
        await Promise.all([byAddress.penalty(addressKey(address)), everywhere.penalty(EVERYONE)]);
        throw Problem.unauthorized();
      }
      if (!noted.has(info)) {
        noted.add(info);
        known.set(fingerprint(token), true);
      }
      return info;
    },
  };
}
