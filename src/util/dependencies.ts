import { ConfigError } from "../errors.ts";

/** What callers pass to our factories: a method that identifies each, and the call that creates it. */
const DEPENDENCIES = {
  database: { method: "query", from: "await createDatabase({ … })" },
  client: { method: "offersPage", from: "createClient({ … })" },
  tokens: { method: "verify", from: "createTokens({ database })" },
  updater: { method: "run", from: "createUpdater({ database, client })" },
  handler: { method: "fetch", from: "createApiHandler({ database, tokens })" },
} as const;

export type DependencyName = keyof typeof DEPENDENCIES;

/**
 * Checks the dependencies of a factory when it is called: in plain JavaScript a missing one would fail later, elsewhere, with
 * a `TypeError`.
 *
 * @param caller name of the factory, for the message
 * @throws ConfigError with every missing or unsuitable dependency, and the call that creates it
 */
export function requireDependencies(
  caller: string,
  options: unknown,
  names: readonly DependencyName[],
): void {
  const given = (options ?? {}) as Readonly<Record<string, unknown>>;
  const problems = names.flatMap((name) => {
    const { method, from } = DEPENDENCIES[name];
    const value = given[name] as Readonly<Record<string, unknown>> | null | undefined;
    if (typeof value?.[method] === "function") {
      return [];
    }
    const found = value instanceof Promise ? "is a promise" : value ? "has the wrong type" : "is missing";
    return [{ key: name, message: `${found}; ${caller} needs the result of \`${from}\`` }];
  });
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}
