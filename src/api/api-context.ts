import type { Database } from "../database/index.ts";
import type { PageSnapshots } from "./cache/page-snapshots.ts";
import type { ResponseCache } from "./cache/response-cache.ts";
import type { EncodedBody } from "./http/response.ts";
import type { OffersParameters } from "./query/parameters.ts";
import type { QueryLimiter } from "./replicas/limiter.ts";
import type { ReadRouter } from "./replicas/router.ts";
import type { Labels } from "./schema/labels.ts";

/** What the routes work with. */
export interface ApiContext {
  readonly database: Database;
  readonly gate: QueryLimiter;
  readonly cache: ResponseCache<EncodedBody>;
  readonly labels: Labels;
  readonly anchors: PageSnapshots;
  /** Parameters of `GET /offers`. */
  readonly parameters: OffersParameters;
  /** Where answers are made from, and how the data stands there; at most a second old. */
  readonly sources: ReadRouter;
  /** The tag of an answer: the version of the data, and a name for what was asked. */
  etag(version: string, key: string): string;
}
