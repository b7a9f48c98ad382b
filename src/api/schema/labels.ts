import { FIELD_NAMES, fieldsWith, vocabularyOf } from "../../listing/fields.ts";
import {
  CATEGORIES,
  type Category,
  codesOf,
  compileVocabulary,
  type Language,
  labelOf,
  type Place,
  translateTrim,
  type Vocabulary,
} from "../../listing/index.ts";
import {
  type CityEntry,
  labelOfValue,
  listingWords,
  placeIndex,
  type SearchPart,
  type SearchTerm,
  searchParts,
  searchTerms,
} from "../../listing/internal.ts";

/** The English names in the columns of a listing. */
export interface PlaceNames {
  readonly province?: unknown;
  readonly city?: unknown;
  readonly district?: unknown;
}

/** Display names of codes, marks and places. */
export interface Labels {
  /**
   * The label of a code; undefined for an unknown code.
   * @param category a category of codes, `mark` or `option`
   */
  labelOf(category: string, code: string, language: Language): string | undefined;
  /** All codes of a category, in the order of its file; `other` is among them. */
  codesOf(category: string): readonly string[];
  /** The code of a label or another spelling in any language, case ignored: `БМВ` is `BMW`. Undefined when unknown. */
  codeOf(category: string, text: string): string | undefined;
  /** A trim word by word; words that are in no vocabulary stay Chinese. */
  trimIn(trim: string, language: Language): string;
  /** What a text search looks for, part by part. */
  searchTerms(text: string): SearchTerm[];
  /** The same with the words of each part. */
  searchParts(text: string): SearchPart[];
  /** Every word that finds a listing with these members. */
  wordsOf(listing: Readonly<Record<string, unknown>>): string[];
  /** Labels of the known places. The province is part of a city's key: two cities may have the same English name. */
  placesOf(names: PlaceNames, language: Language): Record<string, string>;
}

/** Valid first arguments of `labelOf`. */
const KNOWN: ReadonlySet<string> = new Set([...CATEGORIES, "mark", "option"]);
/** Fields of a listing that hold codes, with the vocabulary of the codes. */
const CODED = FIELD_NAMES.flatMap((field) => {
  const vocabulary = vocabularyOf(field);
  return vocabulary === undefined ? [] : [[field, vocabulary] as const];
});

/** Fields with a few values that have labels of their own. */
const ENUMERATED = fieldsWith("values");

/** English names to places. */
interface PlaceTable {
  readonly provinces: ReadonlyMap<string, Place>;
  /** By province and city. */
  readonly cities: ReadonlyMap<string, CityEntry>;
}

const isCategory = (name: string): name is Category => (CATEGORIES as readonly string[]).includes(name);

let table: PlaceTable | undefined;

function placeTable(): PlaceTable {
  if (table === undefined) {
    const cities = new Set([...placeIndex().citiesByKey.values()].flat());
    table = {
      provinces: new Map([...cities].map(({ province }) => [province.en, province])),
      cities: new Map([...cities].map((city) => [`${city.province.en}|${city.place.en}`, city])),
    };
  }
  return table;
}

/** @param vocabulary one with a user's additions. @default the built-in one */
export function createLabels(vocabulary?: Vocabulary): Labels {
  return {
    labelOf: (category, code, language) =>
      KNOWN.has(category)
        ? (labelOf(category as Category | "mark" | "option", code, language, vocabulary) ?? undefined)
        : undefined,
    codesOf: (category) => {
      const codes = isCategory(category) ? [...codesOf(category, vocabulary).keys()] : [];
      return codes.includes("other") ? codes : [...codes, "other"];
    },
    codeOf: (category, text) => {
      const { categories, marks } = vocabulary ?? compileVocabulary();
      const lexicon = category === "mark" ? marks : isCategory(category) ? categories[category] : undefined;
      return lexicon?.find(text) ?? undefined;
    },
    trimIn: (trim, language) => translateTrim(trim, language, vocabulary),
    searchTerms: (text) => searchTerms(text, vocabulary ?? compileVocabulary()),
    searchParts: (text) => searchParts(text, vocabulary ?? compileVocabulary()),
    wordsOf: (listing) => listingWords(listing, vocabulary ?? compileVocabulary()),
    placesOf: ({ province, city, district }, language) => {
      const { provinces, cities } = placeTable();
      const found: Record<string, string> = {};
      const known = typeof province === "string" ? provinces.get(province) : undefined;
      if (known !== undefined) {
        found.province = known[language];
      }
      const entry = cities.get(`${String(province)}|${String(city)}`);
      if (entry !== undefined) {
        found.city = entry.place[language];
        const part = entry.districts.find(({ place }) => place.en === district);
        if (part !== undefined) {
          found.district = part.place[language];
        }
      }
      return found;
    },
  };
}

/** Labels by field; those of equipment by code. */
export type ListingLabels = Record<string, string | Record<string, string>>;

/**
 * The labels of a listing: of its coded fields, mark, trim, equipment and place. Pure.
 *
 * @param listing a card, or a whole listing, whose `place` has its own names
 */
export function listingLabels(
  listing: Readonly<Record<string, unknown>>,
  language: Language,
  labels: Labels,
): ListingLabels {
  const found: ListingLabels = {};
  for (const [field, category] of CODED) {
    const code = listing[field];
    const label = typeof code === "string" ? labels.labelOf(category, code, language) : undefined;
    if (label !== undefined) {
      found[field] = label;
    }
  }
  for (const field of ENUMERATED) {
    const value = listing[field];
    const label = typeof value === "string" ? labelOfValue(field, value, language) : undefined;
    if (label !== undefined) {
      found[field] = label;
    }
  }
  if (typeof listing.trim === "string") {
    found.trim = labels.trimIn(listing.trim, language);
  }
  Object.assign(found, labels.placesOf(listing, language), ownPlaces(listing.place, language));
  if (Array.isArray(listing.options)) {
    found.options = optionLabels(listing.options, language, labels);
  }
  return found;
}

function optionLabels(
  options: readonly unknown[],
  language: Language,
  labels: Labels,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const option of options) {
    const code = (option as { code?: unknown } | null)?.code;
    const label = typeof code === "string" ? labels.labelOf("option", code, language) : undefined;
    if (typeof code === "string" && label !== undefined) {
      found[code] = label;
    }
  }
  return found;
}

function ownPlaces(place: unknown, language: Language): Record<string, string> {
  const found: Record<string, string> = {};
  if (typeof place === "object" && place !== null) {
    for (const level of ["province", "city", "district"]) {
      const label = (place as Record<string, Partial<Record<string, unknown>> | null>)[level]?.[language];
      if (typeof label === "string") {
        found[level] = label;
      }
    }
  }
  return found;
}
