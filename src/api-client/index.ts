/** `che168-sync/api-client`: the client of the API alone, for a site that has nothing to do with the copy itself. */
export { Che168Error, type ErrorCode, type ErrorDetails, isChe168Error } from "../errors.ts";
export { createApiClient } from "./api-client.ts";
export {
  ApiError,
  type ApiErrorFacts,
  ApiParameterError,
  type ApiProblem,
  ApiUnauthorizedError,
  ApiUnavailableError,
} from "./api-errors.ts";
export type {
  ApiCallOptions,
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
} from "./types.ts";
