import { type CustomsListing, customsLabels } from "../../customs/index.ts";
import type { ApiContext } from "../api-context.ts";
import { CUSTOMS, customsOptions } from "../customs/parameters.ts";
import { loggedSegment } from "../http/access-log.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { createOfferReader } from "../query/offer-reader.ts";
import { LANG, readParameters } from "../query/parameters.ts";
import { innerIdOf, isPossibleId } from "./inner-id.ts";

const PARAMETERS = { ...CUSTOMS, ...LANG };
const notFound = () => Problem.notFound("There is no listing with this inner_id.");

/** `GET /offers/{inner_id}/customs`: import costs of a listing, active or not. */
export function customsRoute({ cache, etag, estimates, maxWaiting }: ApiContext): Route {
  const readOffer = createOfferReader({ hasHistory: false, maxWaiting });
  return {
    path: "/offers/:inner_id/customs",
    access: "token",
    scope: "read",
    operation: {
      id: "getCustoms",
      tag: "Listings",
      summary: "Import costs of a listing",
      details:
        "What a private person pays to the state for importing this car, with the configured exchange rates. An estimate, not advice: tables and rates are stated with their dates and sources, and what is unknown is named, not guessed.",
      parameters: PARAMETERS,
      response: { description: "The import costs.", schema: { $ref: "#/components/schemas/Customs" } },
      tagged: true,
      missing: "There is no listing with this id.",
    },
    logged: (event) => `/offers/${loggedSegment(innerIdOf(event))}/customs`,
    handle: async ({ event, search, claim }, snapshot) => {
      const { lang, ...values } = readParameters(PARAMETERS, search.query);
      const innerId = innerIdOf(event);
      if (!isPossibleId(innerId)) {
        throw notFound();
      }
      const options = customsOptions(values);
      const estimator = await estimates.prepare(options.country, options.date);
      const { version, shared } = await snapshot();
      const key = `customs ${version} ${estimator.key} ${JSON.stringify(options)} ${lang} ${innerId}`;
      return {
        cacheControl: PRIVATE,
        etag: etag(version, key),
        load: () =>
          cache.get(key, claim, async () => {
            const offer = await readOffer(shared, claim.client, innerId);
            if (offer === undefined) {
              throw notFound();
            }
            const estimate = estimator.estimate(JSON.parse(offer.document) as CustomsListing, options);
            const labels = lang === undefined ? undefined : customsLabels(estimate, lang);
            return jsonBody(JSON.stringify({ inner_id: innerId, ...estimate, labels }));
          }),
      };
    },
  };
}
