/**
 * Canonical listings, without a database or a network: pure, and safe for a browser. Entry `che168-sync/normalizer`.
 * The declaration of the fields is in `fields.ts`, which loads no vocabulary.
 */

export type { ListingOption } from "./equipment.ts";
export { describeFields, type FieldDescription } from "./field-list.ts";
export { RULES_VERSION } from "./fields.ts";
export type { Listing } from "./listing.ts";
export { type NormalizedListing, type NormalizeOptions, normalizeListing } from "./normalize.ts";
export { maskPersonal } from "./parse/personal/personal.ts";
export { translateTrim } from "./parse/trim/trim-words.ts";
export type { SearchPart, SearchTerm, SearchWord } from "./search/search-terms.ts";
export type { Issue, IssueCode, Place, Places } from "./types.ts";
export {
  CATEGORIES,
  type Category,
  checkUserVocabulary,
  codesOf,
  compileVocabulary,
  type Language,
  labelOf,
  type TermLabels,
  type UserTerm,
  type UserVocabulary,
  type Vocabulary,
} from "./vocabulary/index.ts";
