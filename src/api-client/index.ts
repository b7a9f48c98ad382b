/** `che168-sync/catalogue`: the client of the API alone, for a site that has nothing to do with the copy itself. */
export { Che168Error, type ErrorCode, type ErrorDetails, isChe168Error } from "../errors.ts";
export { createCatalogueClient } from "./api-client.ts";
export {
  CatalogueError,
  type CatalogueErrorFacts,
  CatalogueParameterError,
  type CatalogueProblem,
  CatalogueUnauthorizedError,
  CatalogueUnavailableError,
} from "./api-errors.ts";
export type {
  CatalogueCallOptions,
  CatalogueCard,
  CatalogueClient,
  CatalogueClientOptions,
  CatalogueFilters,
  CatalogueLabelOptions,
  CatalogueLanguage,
  CatalogueOffer,
  CataloguePage,
  CataloguePageQuery,
  CatalogueQuery,
  CatalogueStats,
} from "./types.ts";
