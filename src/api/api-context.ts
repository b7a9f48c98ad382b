import type { Database } from "../database/index.ts";
import type { CheckOptions } from "../operations/index.ts";
import type { PageSnapshots } from "./cache/page-snapshots.ts";
import type { ResponseCache } from "./cache/response-cache.ts";
import type { Estimates } from "./customs/estimates.ts";
import type { ColumnStores } from "./facets/column-stores.ts";
import type { EncodedBody } from "./http/response.ts";
import type { PictureAddresses } from "./images/picture-addresses.ts";
import type { FiltersParameters, OffersParameters } from "./query/parameters.ts";
import type { DataState } from "./replicas/data-version.ts";
import type { ReadRouter } from "./replicas/router.ts";
import type { Labels } from "./schema/labels.ts";
import type { Suggestions } from "./suggest/suggestions.ts";

/** Dependencies of the routes. */
export interface ApiContext {
  readonly database: Database;
  /** Options of the check that `/stats` and `/metrics` report. */
  readonly checkOptions: CheckOptions & { readonly timezone: string };
  readonly router: ReadRouter;
  readonly cache: ResponseCache<EncodedBody>;
  readonly labels: Labels;
  readonly columns: ColumnStores;
  /** The listings that have ended in the last seven days. */
  readonly endedColumns: ColumnStores;
  readonly suggestions: Suggestions;
  readonly pictures: PictureAddresses;
  readonly estimates: Estimates;
  readonly pageSnapshots: PageSnapshots;
  /** Parameters of `GET /offers`. */
  readonly parameters: OffersParameters;
  /** Parameters of `GET /filters`. */
  readonly filters: FiltersParameters;
  /** Entity tag of a response: the version of the data, and a hash of the cache key. */
  etag(version: string, key: string): string;
  /** Requests of one token that may wait for the database. */
  readonly maxWaiting: number;
  /** Whether events are served: `/changes`, `price_history`. */
  readonly hasChanges: boolean;
  /** Headers of a response with data of a snapshot: where a client continues with `/changes`. */
  positionHeaders(snapshot: Pick<DataState, "newestEvent">): readonly (readonly [string, string])[];
}
