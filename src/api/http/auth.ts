import type { TokenInfo, Tokens } from "../../tokens/index.ts";
import { addressKey } from "../../util/ip-address.ts";
import { Problem } from "./problem.ts";
import type { Refusals } from "./refusals.ts";

/**
 * The token of a request: `X-API-Key: T` or `Authorization: Bearer T` (RFC 6750; the scheme in any case). Undefined without
 * a token.
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

/** The token in the query parameter `api_key`, where a path accepts one there. */
export const queryTokenOf = (search: string): string | undefined =>
  new URLSearchParams(search).get("api_key")?.trim() || undefined;

/** Accepts valid tokens and limits guesses. */
export interface Auth {
  /**
   * A valid token is accepted even when its address is over the limit: all clients of a proxy may share one address.
   * @throws Problem 401; 429 when the address has sent too many wrong tokens
   */
  check(token: string | undefined, address: string): Promise<TokenInfo>;
}

export function createAuth(options: {
  readonly tokens: Pick<Tokens, "verify">;
  readonly refusals: Pick<Refusals, "countWrongToken">;
}): Auth {
  return {
    check: async (token, address) => {
      if (token === undefined) {
        throw Problem.unauthorized();
      }
      const info = await options.tokens.verify(token);
      if (info === null) {
        // Counts and decides in one synchronous step, so that parallel guesses cannot exceed the limit.
        const waitSec = options.refusals.countWrongToken(addressKey(address));
        throw waitSec === 0
          ? Problem.unauthorized()
          : Problem.tooMany("Too many wrong access tokens came from this address; try again later.", waitSec);
      }
      return info;
    },
  };
}
