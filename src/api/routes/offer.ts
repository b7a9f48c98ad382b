import type { H3Event } from "h3";
import type { ApiContext } from "../api-context.ts";
import { loggedSegment } from "../http/access-log.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { maybeThen } from "../maybe-promise.ts";
import { LANG, readParameters } from "../query/parameters.ts";
import { createOfferReader } from "../query/read-offers.ts";
import { offerToJson } from "../schema/to-json.ts";

/** As long as the column is. */
const MAX_ID_LENGTH = 255;

function innerIdOf(event: H3Event): string {
  const raw = event.context.params?.inner_id ?? "";
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

const notFound = () => Problem.notFound("There is no listing with this inner_id.");

/** `GET /offers/{inner_id}`: a whole listing, also when it is inactive. */
export function offerRoute(context: ApiContext): Route {
  const { cache, labels } = context;
  const readOffer = createOfferReader();
  return {
    path: "/offers/:inner_id",
    access: "token",
    operation: {
      id: "getOffer",
      tag: "Listings",
      summary: "One listing",
      details: "Everything that is known of a listing, also of an inactive one: `active` says so.",
      parameters: LANG,
      answer: { description: "The listing.", schema: { $ref: "#/components/schemas/Offer" } },
      tagged: true,
      missing: "There is no listing with this id.",
    },
    logged: (event) => `/offers/${loggedSegment(innerIdOf(event).slice(0, MAX_ID_LENGTH))}`,
    handle: (request) => {
      const { event, search } = request;
      const { lang } = readParameters(LANG, search.query);
      const innerId = innerIdOf(event);
      // PostgreSQL has no text with U+0000, so there is no such listing.
      if (innerId === "" || innerId.length > MAX_ID_LENGTH || innerId.includes("\0")) {
        throw notFound();
      }
      return maybeThen(context.sources.look(request), ({ version, read }) => {
        const key = `offer ${version} ${lang} ${innerId}`;
        return {
          cacheControl: PRIVATE,
          etag: context.etag(version, key),
          load: () =>
            cache.get(key, async () => {
              const offer = await read((db) => readOffer(db, innerId));
              if (offer === undefined) {
                throw notFound();
              }
              return jsonBody(offerToJson(offer, lang, labels));
            }),
        };
      });
    },
  };
}
