import type { ApiContext } from "../api-context.ts";
import { loggedSegment } from "../http/access-log.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { maybeThen } from "../maybe-promise.ts";
import { LANG, readParameters } from "../query/parameters.ts";
import { createOfferReader } from "../query/read-offers.ts";
import { offerToJson } from "../schema/to-json.ts";
import { innerIdOf, isPossibleId } from "./inner-id.ts";

const notFound = () => Problem.notFound("There is no listing with this inner_id.");

/** `GET /offers/{inner_id}`: a whole listing, active or not. */
export function offerRoute({ cache, labels, etag, pictures, hasChanges }: ApiContext): Route {
  const readOffer = createOfferReader(hasChanges);
  return {
    path: "/offers/:inner_id",
    access: "token",
    scope: "read",
    operation: {
      id: "getOffer",
      tag: "Listings",
      summary: "One listing",
      details: "All fields of a listing, also of an inactive one (see `active`).",
      parameters: LANG,
      response: { description: "The listing.", schema: { $ref: "#/components/schemas/Offer" } },
      tagged: true,
      missing: "There is no listing with this id.",
    },
    logged: (event) => `/offers/${loggedSegment(innerIdOf(event))}`,
    handle: ({ event, search }, snapshot) => {
      const { lang } = readParameters(LANG, search.query);
      const innerId = innerIdOf(event);
      if (!isPossibleId(innerId)) {
        throw notFound();
      }
      return maybeThen(snapshot(), ({ version, read }) => {
        const key = `offer ${version} ${lang} ${innerId}`;
        return {
          cacheControl: PRIVATE,
          etag: etag(version, key),
          load: () =>
            cache.get(key, async () => {
              await pictures.ready(read);
              const offer = await read((db) => readOffer(db, innerId));
              if (offer === undefined) {
                throw notFound();
              }
              return jsonBody(offerToJson(offer, lang, { labels, pictures }));
            }),
        };
      });
    },
  };
}
