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

/** Length of the column. */
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

/** `GET /offers/{inner_id}`: a whole listing, active or not. */
export function offerRoute({ cache, labels, etag }: ApiContext): Route {
  const readOffer = createOfferReader();
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
    logged: (event) => `/offers/${loggedSegment(innerIdOf(event).slice(0, MAX_ID_LENGTH))}`,
    handle: ({ event, search }, snapshot) => {
      const { lang } = readParameters(LANG, search.query);
      const innerId = innerIdOf(event);
      // PostgreSQL cannot store U+0000, so no listing has such an id.
      if (innerId === "" || innerId.length > MAX_ID_LENGTH || innerId.includes("\0")) {
        throw notFound();
      }
      return maybeThen(snapshot(), ({ version, read }) => {
        const key = `offer ${version} ${lang} ${innerId}`;
        return {
          cacheControl: PRIVATE,
          etag: etag(version, key),
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
