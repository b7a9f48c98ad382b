/** For other modules of the package: not published, and may change. */

export { maskRawListing } from "./mask-raw.ts";
export { untranslatedWords } from "./parse/trim/trim-words.ts";
export { listingWords, searchWords } from "./search/listing-words.ts";
export { type SearchTerm, type SearchWord, searchTerms } from "./search/search-terms.ts";
export { type CityEntry, cyrillicKey, latinKey, placeIndex } from "./vocabulary/places.ts";
