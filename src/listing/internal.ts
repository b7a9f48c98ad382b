/** For other modules of the package: not published, and may change. */

export { labelOfValue } from "./field-list.ts";
export { maskRawListing } from "./mask-raw.ts";
export { oncePer } from "./memo.ts";
export { type ListingParts, normalizeParts } from "./normalize.ts";
export { latinForm } from "./parse/mark/model.ts";
export { untranslatedWords } from "./parse/trim/trim-words.ts";
export { listingWords, searchWords } from "./search/listing-words.ts";
export {
  RUSSIAN_NAMES,
  type SearchPart,
  type SearchTerm,
  type SearchWord,
  searchParts,
  searchTerms,
} from "./search/search-terms.ts";
export { soundKey } from "./search/sound-key.ts";
export { isCodeWord, soundOf, soundWord } from "./search/word-forms.ts";
export { type CityEntry, cyrillicKey, latinKey, placeIndex } from "./vocabulary/places.ts";
