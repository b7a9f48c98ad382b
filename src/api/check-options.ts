import { ConfigError, type ConfigProblem } from "../errors.ts";
import { requireDependencies } from "../util/dependencies.ts";
import type { ApiHandlerOptions } from "./options.ts";

/** The members of {@link ApiHandlerOptions}. */
const MEMBERS: Readonly<Record<keyof ApiHandlerOptions, true>> = {
  database: true,
  tokens: true,
  logger: true,
  labels: true,
  fetchPicture: true,
  webhooks: true,
  options: true,
};

const MIRROR_MODES: readonly unknown[] = [undefined, false, true, "raw"];

/** The number of trusted proxies. */
export const trustedProxies = (option: boolean | number | undefined): number => Number(option ?? 0);

/**
 * Checks dependencies and options without loading the API's modules, so that `createApiHandler` throws synchronously.
 *
 * @throws ConfigError
 */
export function checkApiOptions(given: ApiHandlerOptions): void {
  requireDependencies("createApiHandler", given, ["database", "tokens"]);
  const { database, options = {} } = given;
  const problems: ConfigProblem[] = Object.keys(given)
    .filter((key) => !Object.hasOwn(MEMBERS, key))
    .map((key) => ({
      key,
      message: `is not one of ${Object.keys(MEMBERS).join(", ")}; options of the API go into \`options\`: { database, tokens, options: { ${key} } }`,
    }));
  const proxies = trustedProxies(options.trustProxy);
  if (!Number.isInteger(proxies) || proxies < 0) {
    problems.push({
      key: "api.trustProxy",
      message: "must be true, false, or the number of trusted proxies",
    });
  }
  if (!MIRROR_MODES.includes(options.mirror)) {
    problems.push({ key: "api.mirror", message: 'must be true, false or "raw"' });
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
