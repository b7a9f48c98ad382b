import type { ApiContext } from "../api-context.ts";
import { createStatementCache } from "../cache/query-cache.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { maybeThen } from "../maybe-promise.ts";
import { readOffersPage } from "../query/read-offers.ts";
import { pageToJson } from "../schema/to-json.ts";

/** `GET /offers`: a page of listings. */
export function offersRoute(context: ApiContext): Route {
  const { cache, labels, parameters } = context;
  const statements = createStatementCache();

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
      const query = request.search.offers();
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
              const page = await read((db) => readOffersPage(db, query, shownTo, statements));
              return jsonBody(...pageToJson(page, query.lang, labels));
            }),
        };
      });
    },
  };
}
