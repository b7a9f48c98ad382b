import type { components, operations } from "./api-types.ts";

type Schemas = components["schemas"];

/** A listing as in lists. */
export type ApiOfferCard = Schemas["OfferCard"];
/** A whole listing. */
export type ApiOffer = Schemas["Offer"];
/** One page of a list. With `fields` in the query, each listing has those members only. */
export type ApiOffersPage = Omit<Schemas["OffersPage"], "result"> & { result: ApiOfferCard[] };
/** Every value in use, with its count. */
export type ApiFilters = Schemas["Filters"];
/** Filters of a selection. Several values of a filter are alternatives. */
export type ApiFiltersQuery = NonNullable<operations["getFilters"]["parameters"]["query"]>;
/** Makes, models and cities for the text typed so far. */
export type ApiSuggestions = Schemas["Suggestions"];
/** Every field of a listing with its label, group, unit and order. */
export type ApiFields = Schemas["Fields"];
/** Prices of a selection, and how fast it sells. */
export type ApiMarket = Schemas["Market"];
/** The filters of a selection. */
export type ApiMarketQuery = NonNullable<operations["getMarket"]["parameters"]["query"]>;
/** Import costs of a listing. */
export type ApiCustoms = Schemas["Customs"];
/** Country, date, facts from the car's documents, and the language of `labels`. */
export type ApiCustomsQuery = NonNullable<operations["getCustoms"]["parameters"]["query"]>;
/** Figures per feed day, and the runs. */
export type ApiDailyStats = Schemas["DailyStats"];
/** Counts, and the last runs. */
export type ApiStats = Schemas["Stats"];
/** Filters, sort order and page. Several values of a filter are alternatives. */
export type ApiPageQuery = NonNullable<operations["listOffers"]["parameters"]["query"]>;
/** The same for all pages. */
export type ApiQuery = Omit<ApiPageQuery, "page" | "cursor">;
/** An event: what happened to a listing. */
export type ApiChange = Schemas["Change"];
/** Events after a position. */
export type ApiChangesPage = Schemas["ChangesPage"];
/** Position, kinds, and whether listings are included. */
export type ApiChangesQuery = NonNullable<operations["listChanges"]["parameters"]["query"]>;
/** Language of labels. */
export type ApiLanguage = NonNullable<ApiPageQuery["lang"]>;

/** Options of `createApiClient`. */
export interface ApiClientOptions {
  /**
   * Address of the API, including the path that it is mounted at: `https://example.com/cars`. In a browser also relative to
   * the page, such as `/api`, where the site mounts `createApiProxy`.
   */
  readonly baseUrl: string;
  /** Access token of the API. Omit it with `createApiProxy`, which adds it: a browser must not know it. */
  readonly token?: string | undefined;
  /** Timeout of one attempt, including the response body, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of attempts; 429, 503 and failed connections are retried. @default 4 */
  readonly attempts?: number | undefined;
  /**
   * Maximum wait before another attempt, in milliseconds; a request with a longer `Retry-After` fails immediately.
   * @default 60000
   */
  readonly maxWaitMs?: number | undefined;
  /** Sends the requests; `createApiHandler(…).fetch` calls an API in this process. @default fetch */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
}

/** Options of every call. */
export interface ApiCallOptions {
  /** Aborts the request or the wait before its next attempt; the call then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of calls that read listings. */
export interface ApiWalkOptions extends ApiCallOptions {
  /**
   * Called with each response's position: the id of the newest event that its data includes. After a walk, `changes` from
   * the first one leads to the present state.
   */
  readonly onPosition?: ((after: number) => void) | undefined;
}

/** Options of `changes`. */
export interface ApiChangesOptions extends ApiCallOptions {
  /** Waits for further events instead of ending with the newest one. @default false */
  readonly follow?: boolean | undefined;
  /** Interval between two requests while there is nothing new, in milliseconds. @default 5000 */
  readonly pollMs?: number | undefined;
}

/** Options of calls that read one listing. */
export interface ApiOfferOptions extends ApiLabelOptions {
  /** Adds `estimate`: the import costs in this country. */
  readonly estimate?: ApiPageQuery["estimate"];
}

/** Options of calls whose result can have labels. */
export interface ApiLabelOptions extends ApiCallOptions {
  /** Adds `labels` in this language. */
  readonly lang?: ApiLanguage | undefined;
}

/**
 * Client of this package's API. Every method throws `ApiParameterError`, `ApiUnauthorizedError`, `ApiUnavailableError`, else
 * `ApiError`; and `signal.reason` when aborted.
 */
export interface ApiClient {
  /**
   * Every listing that matches the query, page after page by cursor. A page is requested when its first listing is needed;
   * `limit` is the page size.
   *
   * @example for await (const card of client.offers({ mark: ["BMW"], sort: "price" })) console.log(card.title);
   */
  offers(query?: ApiQuery, options?: ApiWalkOptions): AsyncGenerator<ApiOfferCard, void, void>;
  /** One page. */
  offersPage(query?: ApiPageQuery, options?: ApiWalkOptions): Promise<ApiOffersPage>;
  /**
   * Every event after an id, oldest first. Save the id of the last event that you have processed, and start again from
   * there; `limit` is the number of events per request.
   *
   * @throws ApiGoneError when events after this id are deleted, or the database was restored
   * @example for await (const change of client.changes({ after }, { follow: true, signal })) apply(change);
   */
  changes(query?: ApiChangesQuery, options?: ApiChangesOptions): AsyncGenerator<ApiChange, void, void>;
  /** The events of one request. `meta.next_after` is the position of the next one. */
  changesPage(query?: ApiChangesQuery, options?: ApiCallOptions): Promise<ApiChangesPage>;
  /** One listing, active or not; null when it does not exist. */
  offer(innerId: string, options?: ApiOfferOptions): Promise<ApiOffer | null>;
  /** Import costs of a listing, active or not; null when it does not exist. */
  customs(innerId: string, query?: ApiCustomsQuery, options?: ApiCallOptions): Promise<ApiCustoms | null>;
  /** The values of a selection with their counts; each group is counted without its own condition. */
  filters(query?: ApiFiltersQuery, options?: ApiCallOptions): Promise<ApiFilters>;
  /**
   * Makes, models and cities for the text typed so far, in any of the three languages.
   *
   * @example const { result } = await client.suggest("тойота к", { lang: "ru", signal });
   */
  suggest(text: string, options?: ApiLabelOptions): Promise<ApiSuggestions>;
  /** Every field with its label, group, unit and order: enough for a specification table. Without `lang`, in English. */
  fields(options?: ApiLabelOptions): Promise<ApiFields>;
  /** Prices of a selection, and how fast it sells. */
  market(query?: ApiMarketQuery, options?: ApiCallOptions): Promise<ApiMarket>;
  /** Counts, and the last runs. */
  stats(options?: ApiCallOptions): Promise<ApiStats>;
  /** Figures of the last `days` feed days (default: 90), and the runs. */
  dailyStats(query?: { readonly days?: number }, options?: ApiCallOptions): Promise<ApiDailyStats>;
}
