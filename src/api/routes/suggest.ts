import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { readParameters, suggestParameters } from "../query/parameters.ts";

/** `GET /suggest`: makes, models and cities for the text typed so far. */
export function suggestRoute({ columns, etag, suggestions }: ApiContext): Route {
  const parameters = suggestParameters();
  return {
    path: "/suggest",
    access: "token",
    scope: "read",
    operation: {
      id: "suggest",
      tag: "Listings",
      summary: "Makes, models and cities that match a partial query",
      details:
        "Names in use that have a word for every word of `q`, which may be the beginning of one, in English, Russian or Chinese, with the same spellings as the search of `/offers`. If there is none, one typo per word is forgiven. At most 10: whole words first, then makes, then the most frequent names.",
      parameters,
      response: { description: "Suggestions.", schema: { $ref: "#/components/schemas/Suggestions" } },
      tagged: true,
    },
    logged: () => "/suggest",
    handle: async ({ search }, snapshot) => {
      const { q = "", lang } = readParameters(parameters, search.query);
      const { version, store } = await columns.current((await snapshot()).shared);
      return {
        cacheControl: PRIVATE,
        etag: etag(version, `suggest ${lang} ${q}`),
        // Not cached: it takes less time than the rest of the request, and every text is another one.
        load: () => jsonBody(JSON.stringify({ result: suggestions.suggest(q, lang, store) })),
      };
    },
  };
}
