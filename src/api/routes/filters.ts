import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { LANG, readParameters } from "../query/parameters.ts";
import { type Facets, readFacets } from "../query/read-filters.ts";
import type { View } from "../replicas/view.ts";
import { filtersToJson } from "../schema/to-json.ts";

/** While a normalisation runs the version rises every second; the counts are made anew at most so often. */
const MIN_AGE_MS = 5_000;

/** Counts, and the version of the data that they are of. */
interface Counted {
  readonly version: string;
  readonly madeAt: number;
  readonly facets: Facets;
}

/** `GET /filters`: every value in use with its count. */
export function filtersRoute(context: ApiContext): Route {
  const { cache, labels } = context;
  let last: Counted | undefined;
  let counting: Promise<Counted> | undefined;

  const count = async ({ version, read }: View): Promise<Counted> => {
    const facets = await read(readFacets);
    last = { version, madeAt: performance.now(), facets };
    return last;
  };

  const counted = (view: View): Counted | Promise<Counted> => {
    if (
      last !== undefined &&
      (last.version === view.version || performance.now() - last.madeAt < MIN_AGE_MS)
    ) {
      return last;
    }
    counting ??= count(view).finally(() => {
      counting = undefined;
    });
    return counting;
  };

  return {
    path: "/filters",
    access: "token",
    operation: {
      id: "getFilters",
      tag: "Listings",
      summary: "Every value in use, with its count",
      details: "Models stand under their mark. Most frequent first.",
      parameters: LANG,
      answer: { description: "Values and counts.", schema: { $ref: "#/components/schemas/Filters" } },
      tagged: true,
    },
    logged: () => "/filters",
    handle: async (request) => {
      const { lang } = readParameters(LANG, request.search.query);
      const { version: ofVersion, facets } = await counted(await context.sources.look(request));
      const key = `filters ${ofVersion} ${lang}`;
      return {
        cacheControl: PRIVATE,
        etag: context.etag(ofVersion, key),
        load: () => cache.get(key, async () => jsonBody(filtersToJson(facets, lang, labels))),
      };
    },
  };
}
