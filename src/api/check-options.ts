import type { Database } from "../database/index.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";

/** Options of `createApiHandler` that may be invalid. */
interface CheckedOptions {
  readonly trustProxy?: boolean | number | undefined;
  readonly rateLimit?: { readonly store?: "memory" | "postgres" | undefined } | undefined;
}

/** The number of trusted proxies. */
export const trustedProxies = (option: boolean | number | undefined): number => Number(option ?? 0);

/**
 * Checks options without loading the API's modules, so that `createApiHandler` throws synchronously.
 *
 * @throws ConfigError
 */
export function checkApiOptions(database: Pick<Database, "engine">, options: CheckedOptions): void {
  const problems: ConfigProblem[] = [];
  const proxies = trustedProxies(options.trustProxy);
  if (!Number.isInteger(proxies) || proxies < 0) {
    problems.push({
      key: "api.trustProxy",
      message: "must be true, false, or the number of trusted proxies",
    });
  }
  if (options.rateLimit?.store === "postgres" && database.engine !== "postgresql") {
    problems.push({
      key: "api.rateLimit.store",
      message: '"postgres" needs a PostgreSQL server; use "memory"',
    });
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}
