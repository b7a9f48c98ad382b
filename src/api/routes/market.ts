import type { ApiContext } from "../api-context.ts";
import { endedOf, marketOf } from "../facets/market.ts";
import { searchIds } from "../facets/search-ids.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { toSelection } from "../query/offers-query.ts";
import { marketParameters, readParameters } from "../query/parameters.ts";
import { searchOrCorrect } from "../suggest/search-or-correct.ts";

/** The window of seven days moves; a cached response is this old at most. */
const MAX_AGE_MS = 3_600_000;

/** `GET /market`: prices of a selection, and how fast it sells. */
export function marketRoute({ cache, labels, etag, columns, endedColumns, suggestions }: ApiContext): Route {
  const parameters = marketParameters(labels);
  return {
    path: "/market",
    access: "token",
    scope: "read",
    operation: {
      id: "getMarket",
      tag: "Listings",
      summary: "Prices of a selection, and how fast it sells",
      details:
        "Takes the filters of `/offers`. Prices and days on the market are those of the active listings.",
      parameters,
      response: { description: "The market.", schema: { $ref: "#/components/schemas/Market" } },
      tagged: true,
    },
    logged: () => "/market",
    handle: async ({ search, claim }, snapshot) => {
      const now = Date.now();
      const selected = toSelection(readParameters(parameters, search.query), labels, now);
      const current = await snapshot();
      const [{ version, store }, gone] = await Promise.all([
        columns.current(current.shared),
        endedColumns.current(current.shared),
      ]);
      const key = `market ${version} ${gone.version} ${Math.floor(now / MAX_AGE_MS)} ${selected.selection}`;
      return {
        cacheControl: PRIVATE,
        etag: etag(version, key),
        load: () =>
          cache.get(key, claim, async () => {
            const { conditions, found, corrected } = await searchOrCorrect(selected, suggestions, current);
            const foundGone = await searchIds(current.read, conditions, "ended");
            const ended = endedOf(gone.store, conditions, foundGone, now);
            const market = marketOf(store, conditions, found, ended, now);
            return jsonBody(
              JSON.stringify(corrected === undefined ? market : { ...market, meta: { corrected } }),
            );
          }),
      };
    },
  };
}
