import type { Queryable } from "../../database/index.ts";
import type { ApiContext } from "../api-context.ts";
import { createStatementCache } from "../cache/query-cache.ts";
import type { Estimator } from "../customs/estimates.ts";
import { searchIds } from "../facets/search-ids.ts";
import { countRows } from "../facets/select-rows.ts";
import { withStoredNames } from "../facets/stored-names.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE, type RouteResponse } from "../http/response.ts";
import { maybeThen } from "../maybe-promise.ts";
import type { OffersQuery } from "../query/offers-query.ts";
import { type CardPage, readOffersByIds, readOffersPage, readTotal } from "../query/read-offers.ts";
import type { Snapshot } from "../replicas/replica.ts";
import { pageToJson } from "../schema/to-json.ts";

const withCorrection = (page: CardPage, corrected: string): CardPage => ({
  ...page,
  meta: { ...page.meta, corrected },
});

/** `GET /offers`: a page of listings. */
export function offersRoute(context: ApiContext): Route {
  const { cache, columns, estimates, pageSnapshots, parameters, etag, pictures, positionHeaders } = context;
  const { suggestions } = context;
  const statements = createStatementCache();

  /** Counted in memory when the columns are those of this version: PostgreSQL takes a multiple of the time. */
  const totalOf = async (db: Queryable, query: OffersQuery, version: string): Promise<number> => {
    const store = columns.exactly(version);
    return store === undefined
      ? readTotal(db, query)
      : countRows(store, query.conditions, await searchIds((work) => work(db), query.conditions));
  };

  const readPage = async (
    db: Queryable,
    query: OffersQuery,
    maxId: number,
    version: string,
  ): Promise<CardPage> => {
    if (query.ids !== undefined) {
      return readOffersByIds(db, query);
    }
    const page = await readOffersPage(db, query, maxId, statements);
    return query.count ? { ...page, meta: { ...page.meta, total: await totalOf(db, query, version) } } : page;
  };

  return {
    path: "/offers",
    access: "token",
    scope: "read",
    operation: {
      id: "listOffers",
      tag: "Listings",
      summary: "Listings, page by page",
      details:
        "Active and complete listings that match all conditions. Pages are requested by number, or by the cursor of the previous page; both have the same boundaries.",
      parameters,
      response: { description: "A page.", schema: { $ref: "#/components/schemas/OffersPage" } },
      tagged: true,
      positioned: context.hasChanges,
    },
    logged: () => "/offers",
    handle: ({ search, token, claim }, snapshot) => {
      const query = search.offers();
      const respond = (estimator: Estimator | undefined, current: Snapshot): RouteResponse => {
        const { version, newestId, newestEvent, read, shared } = current;
        // Cursors need no snapshot: new listings do not shift a keyset position.
        const maxId =
          query.page === null
            ? newestId
            : pageSnapshots.snapshotFor(
                `${token?.id} ${query.selection} ${query.limit}`,
                query.page,
                newestId,
              );
        const place = query.cursor === null ? `${query.page}` : `${query.cursor.key} ${query.cursor.id}`;
        const shape = `${query.limit} ${query.lang} ${query.fields ?? ""} ${query.count} ${query.ids ?? ""} ${estimator?.key}`;
        const key = `list ${version} ${maxId} ${query.selection} ${shape} ${place}`;
        return {
          cacheControl: PRIVATE,
          etag: etag(version, key),
          headers: positionHeaders({ newestEvent }),
          load: () =>
            cache.get(key, claim, async () => {
              await pictures.ready(shared.read);
              const fields = estimator?.fields(query.fields);
              const wanted = fields === undefined ? query : { ...query, fields };
              const named = await withStoredNames(wanted, columns, shared);
              const pageOf = (page: OffersQuery) => read((db) => readPage(db, page, maxId, version));
              const found = await pageOf(named);
              const corrected =
                found.items.length === 0 ? await suggestions.correct(named, current) : undefined;
              const page =
                corrected === undefined
                  ? found
                  : withCorrection(await pageOf(corrected.selection), corrected.text);
              const withEstimate = estimator?.added(query.fields);
              return jsonBody(...pageToJson(page, query.lang, { ...context, withEstimate }));
            }),
        };
      };
      return maybeThen(query.estimate && estimates.prepare(query.estimate), (estimator) =>
        maybeThen(snapshot(), (current) => respond(estimator, current)),
      );
    },
  };
}
