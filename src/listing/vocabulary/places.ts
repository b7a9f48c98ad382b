import type { Place } from "../types.ts";
import { type DivisionKind, otherSpellings, placeStem, splitSuffix } from "./place-stems.ts";
import data from "./places.data.json" with { type: "json" };

/** A county, county-level city, district or banner. */
export interface DistrictEntry {
  readonly place: Place;
  readonly stem: string;
  readonly kind: DivisionKind;
  /** Chinese names without a kind: the stem, and all but the suffix (`顺河` and `顺河回族`). */
  readonly names: readonly string[];
  /** Latin and Cyrillic keys. */
  readonly keys: readonly string[];
}

/** A prefecture, a municipality, or a county-level city without a prefecture above it (which has no districts). */
export interface CityEntry {
  readonly place: Place;
  readonly province: Place;
  readonly districts: DistrictEntry[];
}

/** All places, ready for look-ups by {@link zhKey}, {@link latinKey} and {@link cyrillicKey}. */
export interface PlaceIndex {
  readonly citiesByKey: ReadonlyMap<string, readonly CityEntry[]>;
  readonly provincesByKey: ReadonlyMap<string, readonly Place[]>;
  /** County-level cities below a prefecture, by their full names, stems and foreign keys. */
  readonly countyCities: ReadonlyMap<string, readonly { city: CityEntry; place: Place }[]>;
  /** Stems of all districts: distinguishes the district of another city from an unknown place. */
  readonly districtStems: ReadonlySet<string>;
}

/** Provinces that are their own and only city. */
const CITY_PROVINCE = /^(?:11|12|31|50|81|82)0000$/;
/** Counties and cities directly below their province or region. */
const DIRECTLY_GOVERNED = /^(?:41|42|46|65)90\d\d$/;

let index: PlaceIndex | undefined;

/** The index of all places, built on first use. */
export function placeIndex(): PlaceIndex {
  index ??= buildIndex();
  return index;
}

/** The form in which Latin spellings of places are compared: only letters, without case, tones and apostrophes. */
export function latinKey(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}

/** The form in which Cyrillic spellings of places are compared: only letters, without case, `ё` and `э` as `е`. */
export function cyrillicKey(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[ёэ]/g, "е")
    .replace(/[^а-я]/g, "");
}

function buildIndex(): PlaceIndex {
  const provinces = new Map<string, Place>();
  const provinceKeys = new Map<string, Place[]>();
  const cities = new Map<string, CityEntry>();
  const citiesByKey = new Map<string, CityEntry[]>();
  const districtStems = new Set<string>();
  const countyCities = new Map<string, { city: CityEntry; place: Place }[]>();
  for (const [code = "", zh = "", en = "", ru = "", pinyin = "", palladius = ""] of data.divisions) {
    const place = { code, zh, en, ru };
    const stem = placeStem(zh);
    const foreignKeys = [en, pinyin].map(latinKey).concat([ru, palladius].map(cyrillicKey));
    const keys = [zh, stem, ...otherSpellings(zh), ...foreignKeys].filter((key) => key !== "");
    if (code.endsWith("0000")) {
      provinces.set(code.slice(0, 2), place);
      addByKeys(provinceKeys, keys, place);
    }
    const cityCode = cityCodeOf(code);
    if (cityCode !== null) {
      const city = { place, province: provinces.get(code.slice(0, 2)) ?? place, districts: [] };
      cities.set(cityCode, city);
      addByKeys(citiesByKey, keys, city);
    } else if (!code.endsWith("00")) {
      const names = [stem, splitSuffix(zh)?.rest ?? stem];
      const kind = splitSuffix(zh)?.kind ?? "district";
      const city = cities.get(code.slice(0, 4)) ?? cities.get(code.slice(0, 2));
      city?.districts.push({ place, stem, kind, names, keys: foreignKeys });
      if (city !== undefined && kind === "city") {
        addByKeys(countyCities, [zh, stem, ...foreignKeys].filter(Boolean), { city, place });
      }
      districtStems.add(stem);
    }
  }
  return { citiesByKey, provincesByKey: provinceKeys, countyCities, districtStems };
}

/** Code prefix of the districts of a city; null when the code is not that of a city. */
function cityCodeOf(code: string): string | null {
  if (CITY_PROVINCE.test(code)) {
    return code.slice(0, 2);
  }
  if (DIRECTLY_GOVERNED.test(code)) {
    return code;
  }
  return code.endsWith("00") && !code.endsWith("0000") ? code.slice(0, 4) : null;
}

function addByKeys<T>(map: Map<string, T[]>, keys: readonly string[], item: T): void {
  for (const key of new Set(keys)) {
    map.set(key, [...(map.get(key) ?? []), item]);
  }
}
