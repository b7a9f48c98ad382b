export { maskPersonal } from "./fields/personal.ts";
export { type NormalizedListing, type NormalizeOptions, normalizeListing } from "./listing.ts";
export type { Listing } from "./listing-types.ts";
export type { ListingOption } from "./options.ts";
export { RULES_VERSION } from "./rules-version.ts";
export type { Issue, IssueCode, Place, Places } from "./types.ts";
export {
  CATEGORIES,
  type Category,
  checkUserVocabulary,
  codesOf,
  compileVocabulary,
  type Labels,
  type Language,
  labelOf,
  type UserTerm,
  type UserVocabulary,
  type Vocabulary,
} from "./vocabularies/index.ts";
