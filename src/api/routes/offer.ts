import type { ApiContext } from "../api-context.ts";
import type { Estimator } from "../customs/estimates.ts";
import { ESTIMATE } from "../customs/parameters.ts";
import { loggedSegment } from "../http/access-log.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { jsonBody, PRIVATE, type RouteResponse } from "../http/response.ts";
import { maybeThen } from "../maybe-promise.ts";
import { createOfferReader } from "../query/offer-reader.ts";
import { LANG, readParameters } from "../query/parameters.ts";
import type { Snapshot } from "../replicas/replica.ts";
import { offerToJson } from "../schema/to-json.ts";
import { innerIdOf, isPossibleId } from "./inner-id.ts";

const PARAMETERS = { ...ESTIMATE, ...LANG };

const notFound = () => Problem.notFound("There is no listing with this inner_id.");

/** `GET /offers/{inner_id}`: a whole listing, active or not. */
export function offerRoute(context: ApiContext): Route {
  const { cache, labels, estimates, etag, pictures, hasChanges, maxWaiting } = context;
  const readOffer = createOfferReader({ hasHistory: hasChanges, maxWaiting });
  return {
    path: "/offers/:inner_id",
    access: "token",
    scope: "read",
    operation: {
      id: "getOffer",
      tag: "Listings",
      summary: "One listing",
      details: "All fields of a listing, also of an inactive one (see `active`).",
      parameters: PARAMETERS,
      response: { description: "The listing.", schema: { $ref: "#/components/schemas/Offer" } },
      tagged: true,
      missing: "There is no listing with this id.",
    },
    logged: (event) => `/offers/${loggedSegment(innerIdOf(event))}`,
    handle: ({ event, search, claim }, snapshot) => {
      const { estimate, lang } = readParameters(PARAMETERS, search.query);
      const innerId = innerIdOf(event);
      if (!isPossibleId(innerId)) {
        throw notFound();
      }
      const respond = (estimator: Estimator | undefined, { version, shared }: Snapshot): RouteResponse => {
        const key = `offer ${version} ${lang} ${estimator?.key} ${innerId}`;
        const withEstimate = estimator?.added("all");
        return {
          cacheControl: PRIVATE,
          etag: etag(version, key),
          load: () =>
            cache.get(key, claim, async () => {
              await pictures.ready(shared.read);
              const offer = await readOffer(shared, claim.client, innerId);
              if (offer === undefined) {
                throw notFound();
              }
              return jsonBody(...offerToJson(offer, lang, { labels, pictures, withEstimate }));
            }),
        };
      };
      return maybeThen(estimate && estimates.prepare(estimate), (estimator) =>
        maybeThen(snapshot(), (current) => respond(estimator, current)),
      );
    },
  };
}
