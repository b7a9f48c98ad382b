import { isDay } from "../../util/days.ts";
import { A_DAY, mustBe } from "../../util/must-be.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiRequest } from "../http/api-request.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { jsonBody, type RouteResponse } from "../http/response.ts";
import { createRefreshed } from "../replicas/data-version.ts";
import { readCatalogueFilter } from "./catalogue-filter.ts";
import { invalidParameter, mirrorError } from "./mirror-error.ts";
import {
  type CatalogueFilter,
  PAGE_SIZE,
  readCataloguePage,
  readFeedPage,
  readFirstIdOf,
  readListing,
  readListingAt,
} from "./read-mirror.ts";
import { readMirrorFilters } from "./read-mirror-filters.ts";
import {
  catalogueRecord,
  feedRecord,
  listBody,
  type MirrorMode,
  offerBody,
  renderDocument,
} from "./render.ts";
import { createWalks } from "./walks.ts";

/** Base path of the service's API, which its clients append to the host. */
const BASE_PATH = "/api/v2/che168";
const INFO_PATH = "/api/v1/offer/info";
const MAX_PAGE = 1_000_000;
const MAX_ID_LENGTH = 255;
/** The values in use are read at most this often: they cost a scan. */
const FILTERS_AGE_MS = 60_000;
/** Like the service's, responses are never cached: each request is answered from the present state. */
const NO_STORE = "private, no-store";

/** @throws Problem unless the parameter is a whole number of at least `min` */
function wholeNumber(request: ApiRequest, name: string, min: number, max: number): number {
  const text = request.search.query.values.get(name);
  if (text === undefined || text === "") {
    throw invalidParameter(name, "is required");
  }
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw invalidParameter(name, `must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** The id in the address of a listing at che168.com, which is its last number. */
function innerIdOf(body: string): string {
  let url: unknown;
  try {
    url = (JSON.parse(body) as { readonly url?: unknown } | null)?.url;
  } catch {
    throw invalidParameter("body", "must be JSON");
  }
  const innerId =
    typeof url === "string" ? /^https?:\/\/[\w.]*che168\.com\/[^?#]*?(\d+)\.html/.exec(url)?.[1] : undefined;
  if (innerId === undefined) {
    throw invalidParameter("url", "must be the address of a listing at che168.com");
  }
  return innerId;
}

const respond = (text: string): RouteResponse => ({ cacheControl: NO_STORE, load: () => jsonBody(text) });

/**
 * The service's own dialect, from `raw_data`: its clients, and another che168-sync, read this copy unchanged. Everything is
 * read from the primary: a client records the position of the feed before it reads the catalogue, so a standby that lags
 * behind would lose changes.
 *
 * @param options.mode `true` masks personal data
 * @param options.timezone its midnight is the boundary between feed days
 */
export function mirrorRoutes(
  { database, router }: Pick<ApiContext, "database" | "router">,
  { mode, timezone }: { readonly mode: MirrorMode; readonly timezone: string },
): Route[] {
  const walks = createWalks();
  const read = <T>({ claim }: Pick<ApiRequest, "claim">, work: () => Promise<T>): Promise<T> =>
    router.primary(work, claim);

  /** Where a page starts: after the last listing that this client has read, else at its offset. */
  const startOf = async (request: ApiRequest, walk: string, page: number, filter: CatalogueFilter) => {
    const known = page === 1 ? "" : walks.before(walk, page);
    return known ?? (await read(request, () => readListingAt(database, (page - 1) * PAGE_SIZE - 1, filter)));
  };

  const offers = async (request: ApiRequest): Promise<RouteResponse> => {
    const page = wholeNumber(request, "page", 1, MAX_PAGE);
    const filter = readCatalogueFilter(request.search.query.values);
    const walk = JSON.stringify([request.token?.id, filter]);
    const after = await startOf(request, walk, page, filter);
    const rows =
      after === undefined ? [] : await read(request, () => readCataloguePage(database, after, filter));
    const records = rows.slice(0, PAGE_SIZE);
    const last = records.at(-1);
    if (last !== undefined) {
      walks.remember(walk, page, last.inner_id);
    }
    const meta = { page, next_page: rows.length > PAGE_SIZE ? page + 1 : null, limit: PAGE_SIZE };
    return respond(
      listBody(
        records.map((row) => catalogueRecord(row, mode)),
        meta,
      ),
    );
  };

  const changes = async (request: ApiRequest): Promise<RouteResponse> => {
    const from = wholeNumber(request, "change_id", 0, Number.MAX_SAFE_INTEGER);
    const rows = await read(request, () => readFeedPage(database, from));
    const last = rows.at(-1);
    const next = last === undefined || last.is_last ? null : Number(last.id) + 1;
    return respond(
      listBody(
        rows.map((row) => feedRecord(row, mode)),
        { cur_change_id: from, next_change_id: next, limit: PAGE_SIZE },
      ),
    );
  };

  const changeId = async (request: ApiRequest): Promise<RouteResponse> => {
    const day = request.search.query.values.get("date") ?? "";
    if (!isDay(day)) {
      throw invalidParameter("date", mustBe(A_DAY, day));
    }
    return respond(`{"change_id":${await read(request, () => readFirstIdOf(database, day, timezone))}}`);
  };

  const listing = async (request: ApiRequest, innerId: string) => {
    const isPossible = innerId !== "" && innerId.length <= MAX_ID_LENGTH && !innerId.includes("\0");
    const row = isPossible ? await read(request, () => readListing(database, innerId)) : undefined;
    if (row === undefined) {
      throw Problem.notFound(`No listing ${innerId.slice(0, MAX_ID_LENGTH)}`);
    }
    return row;
  };

  const filters = createRefreshed(() => router.primary(() => readMirrorFilters(database)), FILTERS_AGE_MS);

  const route = (path: string, handle: Route["handle"]): Route => ({
    path,
    access: "token",
    scope: "mirror",
    acceptsQueryToken: true,
    problemResponse: mirrorError,
    logged: () => path,
    handle,
  });
  return [
    route(`${BASE_PATH}/filters`, async () => respond(await filters.current())),
    route(`${BASE_PATH}/offers`, offers),
    route(`${BASE_PATH}/changes`, changes),
    route(`${BASE_PATH}/change_id`, changeId),
    route(`${BASE_PATH}/offer`, async (request) => {
      const innerId = request.search.query.values.get("inner_id")?.trim();
      if (!innerId) {
        throw invalidParameter("inner_id", "is required");
      }
      return respond(offerBody(await listing(request, innerId), mode));
    }),
    {
      ...route(INFO_PATH, async (request) => {
        const row = await listing(request, innerIdOf(await request.body()));
        return respond(renderDocument(row.data, mode));
      }),
      method: "POST",
    },
    // Other sources of the service: its clients take one as an argument.
    {
      ...route("/api/v2/**", () => {
        throw Problem.notFound("Source not found");
      }),
      method: "any",
      logged: () => "(unknown source)",
    },
  ];
}
