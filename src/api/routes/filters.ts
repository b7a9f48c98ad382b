import type { ApiContext } from "../api-context.ts";
import { countFacets } from "../facets/count-facets.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { toSelection } from "../query/offers-query.ts";
import { readParameters } from "../query/parameters.ts";
import { filtersToJson } from "../schema/to-json.ts";
import { searchOrCorrect } from "../suggest/search-or-correct.ts";

/** `GET /filters`: the values of a selection with their counts. */
export function filtersRoute({
  cache,
  labels,
  etag,
  columns,
  suggestions,
  filters: parameters,
}: ApiContext): Route {
  return {
    path: "/filters",
    access: "token",
    scope: "read",
    operation: {
      id: "getFilters",
      tag: "Listings",
      summary: "Every value in use, with its count",
      details:
        "Takes the filters of `/offers`. Counts are those of the selection; each group is counted without its own condition, so that a further value of it can be chosen. Models are grouped by mark. Most frequent first.",
      parameters,
      response: { description: "Values and counts.", schema: { $ref: "#/components/schemas/Filters" } },
      tagged: true,
    },
    logged: () => "/filters",
    handle: async ({ search, claim }, snapshot) => {
      const { lang, facets = [], ...values } = readParameters(parameters, search.query);
      const selected = toSelection(values, labels, Date.now());
      const current = await snapshot();
      const { version, store } = await columns.current(current.shared);
      const key = `filters ${version} ${lang} ${facets} ${selected.selection}`;
      return {
        cacheControl: PRIVATE,
        etag: etag(version, key),
        load: () =>
          cache.get(key, claim, async () => {
            const { conditions, found, corrected } = await searchOrCorrect(selected, suggestions, current);
            const counted = countFacets(store, conditions, found, facets);
            return jsonBody(filtersToJson(counted, lang, labels, corrected));
          }),
      };
    },
  };
}
