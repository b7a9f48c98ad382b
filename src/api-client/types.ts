import type { components, operations } from "./api-types.ts";

type Schemas = components["schemas"];

/** A listing as lists have it. */
export type ApiOfferCard = Schemas["OfferCard"];
/** A whole listing. */
export type ApiOffer = Schemas["Offer"];
/** One page of a list. */
export type ApiOffersPage = Schemas["OffersPage"];
/** Every value in use, with its count. */
export type ApiFilters = Schemas["Filters"];
/** Counts, and the last runs. */
export type ApiStats = Schemas["Stats"];
/** Which listings, in which order, and which page of them. Several values of a filter are alternatives. */
export type ApiPageQuery = NonNullable<operations["listOffers"]["parameters"]["query"]>;
/** The same for all pages. */
export type ApiQuery = Omit<ApiPageQuery, "page" | "cursor">;
/** Language of labels. */
export type ApiLanguage = NonNullable<ApiPageQuery["lang"]>;

/** How the API is reached. */
export interface ApiClientOptions {
  /** Where the API is, with the path that it is mounted at: `https://example.com/catalogue`. */
  readonly baseUrl: string;
  /** An access token of the API. */
  readonly token: string;
  /** Longest wait for one answer, its body included, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** How often a request is tried again after 429, 503 and when no answer came. @default 3 */
  readonly retries?: number | undefined;
  /**
   * Longest wait before another attempt, in milliseconds; when the API asks for a longer one (`Retry-After`), the request
   * fails at once. @default 60000
   */
  readonly maxWaitMs?: number | undefined;
  /** What sends requests: `createApiHandler(…).fetch` asks an API in this process. @default fetch */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
}

/** What every call takes. */
export interface ApiCallOptions {
  /** Ends waiting, and a running request, at once; the call then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a call for one thing takes. */
export interface ApiLabelOptions extends ApiCallOptions {
  /** Adds `labels` in this language. */
  readonly lang?: ApiLanguage | undefined;
}

/**
 * The API of this package, for programs that read it. Every method throws `ApiParameterError`,
 * `ApiUnauthorizedError`, `ApiUnavailableError`, else `ApiError`; and `signal.reason` when aborted.
 */
export interface ApiClient {
  /**
   * Every listing that fulfils the query, page after page by cursor; a page is asked for when its first listing is.
   * `limit` is the size of the pages.
   *
   * @example for await (const card of client.offers({ mark: ["BMW"], sort: "price" })) console.log(card.title);
   */
  offers(query?: ApiQuery, options?: ApiCallOptions): AsyncGenerator<ApiOfferCard, void, void>;
  /** One page. */
  offersPage(query?: ApiPageQuery, options?: ApiCallOptions): Promise<ApiOffersPage>;
  /** One listing, also an inactive one; null when there is none of this id. */
  offer(innerId: string, options?: ApiLabelOptions): Promise<ApiOffer | null>;
  /** What can be filtered by. */
  filters(options?: ApiLabelOptions): Promise<ApiFilters>;
  /** Counts, and the last runs. */
  stats(options?: ApiCallOptions): Promise<ApiStats>;
}
