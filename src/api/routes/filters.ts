import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { LANG, readParameters } from "../query/parameters.ts";
import { type Facets, readFacets } from "../query/read-filters.ts";
import type { Snapshot } from "../replicas/replica.ts";
import { filtersToJson } from "../schema/to-json.ts";

/** While the normalizer runs, the version rises every second; the values are counted again at most this often. */
const MIN_AGE_MS = 5_000;

/** Counts, and the version of the counted data. */
interface CountedFacets {
  readonly version: string;
  readonly countedAt: number;
  readonly facets: Facets;
}

/** `GET /filters`: every value in use with its count. */
export function filtersRoute({ cache, labels, etag }: ApiContext): Route {
  let last: CountedFacets | undefined;
  let counting: Promise<CountedFacets> | undefined;

  const count = async ({ version, read }: Snapshot): Promise<CountedFacets> => {
    const facets = await read(readFacets);
    last = { version, countedAt: performance.now(), facets };
    return last;
  };

  const countedFacets = (snapshot: Snapshot): MaybePromise<CountedFacets> => {
    if (
      last !== undefined &&
      (last.version === snapshot.version || performance.now() - last.countedAt < MIN_AGE_MS)
    ) {
      return last;
    }
    counting ??= count(snapshot).finally(() => {
      counting = undefined;
    });
    return counting;
  };

  return {
    path: "/filters",
    access: "token",
    scope: "read",
    operation: {
      id: "getFilters",
      tag: "Listings",
      summary: "Every value in use, with its count",
      details: "Models are grouped by mark. Most frequent first.",
      parameters: LANG,
      response: { description: "Values and counts.", schema: { $ref: "#/components/schemas/Filters" } },
      tagged: true,
    },
    logged: () => "/filters",
    handle: async ({ search }, snapshot) => {
      const { lang } = readParameters(LANG, search.query);
      const { version, facets } = await countedFacets(await snapshot());
      const key = `filters ${version} ${lang}`;
      return {
        cacheControl: PRIVATE,
        etag: etag(version, key),
        load: () => cache.get(key, async () => jsonBody(filtersToJson(facets, lang, labels))),
      };
    },
  };
}
