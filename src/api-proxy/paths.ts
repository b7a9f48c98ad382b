import { PARAMETERS } from "./parameters.ts";

/** A path of the API that the proxy can forward. The others are for operators and other programs. */
export type ApiProxyPath =
  | "/offers"
  | "/offers/{inner_id}"
  | "/offers/{inner_id}/customs"
  | "/filters"
  | "/suggest"
  | "/fields"
  | "/market"
  | "/images/{inner_id}/{n}";

export const PROXY_PATHS: readonly ApiProxyPath[] = [
  "/offers",
  "/offers/{inner_id}",
  "/offers/{inner_id}/customs",
  "/filters",
  "/suggest",
  "/fields",
  "/market",
  "/images/{inner_id}/{n}",
];

/** Longer queries are refused, as by the API. */
const MAX_QUERY_LENGTH = 4_096;

/** A request to the API. */
export interface Forwarded {
  /** Path and query, the parameters sorted: one spelling for each selection. */
  readonly target: string;
  readonly isPicture: boolean;
}

/** Maps requests to the API; undefined for a path or a query that is not forwarded. Pure. */
export function createMatcher(
  allow: readonly ApiProxyPath[],
): (path: string, query: URLSearchParams) => Forwarded | undefined {
  const routes = allow.map((path) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    parameters: new Set(PARAMETERS[path] ?? []),
    isPicture: path.startsWith("/images/"),
  }));
  return (path, query) => {
    const route = routes.find(({ pattern }) => pattern.test(path));
    if (route === undefined) {
      return undefined;
    }
    // Parameters of the page (utm_source, fbclid) are dropped. The API refuses repeated ones.
    const kept = [...query].filter(([name, value]) => route.parameters.has(name) && value !== "");
    const search = new URLSearchParams(
      kept.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)),
    );
    if (search.size > 0 && `${search}`.length > MAX_QUERY_LENGTH) {
      return undefined;
    }
    return { target: search.size === 0 ? path : `${path}?${search}`, isPicture: route.isPicture };
  };
}
