import type { ApiContext } from "../api-context.ts";
import { createStatementNames } from "../cache/statement-names.ts";
import type { ApiRequest } from "../http/api-request.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { maybeThen } from "../maybe-promise.ts";
import { type OffersQuery, toOffersQuery } from "../query/offers-query.ts";
import { offersParameters, readParameters } from "../query/parameters.ts";
import { readOffersPage } from "../query/read-offers.ts";
import { presentPage } from "../schema/to-json.ts";

/** `GET /offers`: a page of listings. */
export function offersRoute(context: ApiContext): Route {
  const { cache, labels, sizes } = context;
  const names = createStatementNames();
  const parameters = offersParameters(sizes.maxPageSize);

  const queryOf = ({ search }: ApiRequest): OffersQuery => {
    search.offers ??= toOffersQuery(readParameters(parameters, search.query), sizes.pageSize);
    return search.offers;
  };

  return {
    path: "/offers",
    access: "token",
    operation: {
      id: "listOffers",
      tag: "Listings",
      summary: "Listings, page by page",
      details:
        "Active and complete listings that fulfil all conditions. Pages are reached by number, or by the cursor of the page before; both are cut at the same places.",
      parameters,
      answer: { description: "A page.", schema: { $ref: "#/components/schemas/OffersPage" } },
      tagged: true,
    },
    logged: () => "/offers",
    handle: (request) => {
      const query = queryOf(request);
      return maybeThen(context.sources.look(request), ({ version, newestId, read }) => {
        // Only numbered pages can be pushed over; a cursor knows where it is.
        const shownTo =
          query.page === null
            ? newestId
            : context.anchors.at(
                `${request.token?.id} ${query.selection} ${query.limit}`,
                query.page,
                newestId,
              );
        const place = query.cursor === null ? `${query.page}` : `${query.cursor.key} ${query.cursor.id}`;
        const key = `list ${version} ${shownTo} ${query.selection} ${query.limit} ${query.lang} ${place}`;
        return {
          cacheControl: PRIVATE,
          etag: context.etag(version, key),
          load: () =>
            cache.get(key, async () => {
              const page = await read((db) => readOffersPage(db, query, shownTo, names));
              return jsonBody(...presentPage(page, query.lang, labels));
            }),
        };
      });
    },
  };
}
