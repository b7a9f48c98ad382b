import { Problem } from "../../../src/api/http/problem.ts";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { offersParameters, readParameters } from "../../../src/api/query/parameters.ts";

/** Parameters of `GET /offers`. */
export const PARAMETERS = offersParameters(100);

/** Checks a query string of `GET /offers`. */
export const readQuery = (search: string) =>
  toOffersQuery(readParameters(PARAMETERS, parseQueryString(search)), { pageSize: 20 });

/** The problems of a query by parameter. */
export function problemsOf(search: string): Record<string, string> {
  try {
    readQuery(search);
    return {};
  } catch (error) {
    if (error instanceof Problem && error.status === 400) {
      return Object.fromEntries(error.errors.map(({ parameter, message }) => [parameter, message]));
    }
    throw error;
  }
}
