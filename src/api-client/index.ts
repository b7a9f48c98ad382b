/** `che168-sync/api-client`: the API client alone, for sites that only read the API. Loads no package. */
export { Che168Error, type ErrorCode, type ErrorDetails, isChe168Error } from "../errors.ts";
export { createApiClient } from "./api-client.ts";
export {
  ApiError,
  type ApiErrorFacts,
  ApiGoneError,
  ApiParameterError,
  type ApiProblem,
  ApiUnauthorizedError,
  ApiUnavailableError,
} from "./api-errors.ts";
export type {
  ApiCallOptions,
  ApiChange,
  ApiChangesOptions,
  ApiChangesPage,
  ApiChangesQuery,
  ApiClient,
  ApiClientOptions,
  ApiFilters,
  ApiLabelOptions,
  ApiLanguage,
  ApiOffer,
  ApiOfferCard,
  ApiOffersPage,
  ApiPageQuery,
  ApiQuery,
  ApiStats,
  ApiWalkOptions,
} from "./types.ts";
