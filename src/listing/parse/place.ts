import type { Place, Places, ReportIssue } from "../types.ts";
import { type DivisionKind, FOREIGN_KINDS, placeStem, splitSuffix } from "../vocabulary/place-stems.ts";
import {
  type CityEntry,
  cyrillicKey,
  type DistrictEntry,
  latinKey,
  placeIndex,
} from "../vocabulary/places.ts";
import { simplified } from "./han.ts";
import { halfWidth, isMissing, spellingKey } from "./text.ts";

const NOWHERE: Places = { province: null, city: null, district: null };
/** Addresses of the form `city, district` are shorter. */
const MAX_ADDRESS_LENGTH = 200;
const HAN = /\p{Script=Han}/u;
const SEPARATORS = /[,，、;；|/·•()\n]+/u;
const COUNTRY = /^(?:中国|中华人民共和国|china|китай|кнр)$/iu;
/** "The urban area" is not a district. */
const NO_DISTRICT = new Set(["市辖区", "市区"]);

/** If several districts of a city match a name, the first of these kinds wins. */
const KIND_ORDER: readonly DivisionKind[] = ["city", "district", "county", "banner"];
/** Kinds that a division may have been promoted to since the name was current. */
const LATER_KINDS: Readonly<Record<DivisionKind, readonly DivisionKind[]>> = {
  province: [],
  prefecture: [],
  city: ["city", "district"],
  district: ["district"],
  county: ["county", "city", "district"],
  banner: ["banner", "city", "district"],
};
/** Suffix that a one-character stem keeps in Latin and Cyrillic: `Jing County` is Jingxian. */
const KEPT_SUFFIX: Readonly<Partial<Record<DivisionKind, readonly [latin: string, cyrillic: string]>>> = {
  district: ["qu", "цюй"],
  county: ["xian", "сянь"],
  city: ["shi", "ши"],
};

/**
 * Location from `city, district` in Chinese, Russian or English: `济南, 莱芜`, `Цзыбо`, `Shanghai, Minhang`. The district is
 * looked up within the city only; an unknown one (development zone, town, district of another city) is null with an issue,
 * and the city is kept. An unknown city, or a foreign spelling of several cities (`Suzhou`) without a deciding district, makes
 * everything null with an issue.
 */
export function parsePlace(raw: unknown, report: ReportIssue, field = "address"): Places {
  if (raw === null || raw === undefined) {
    return NOWHERE;
  }
  if (typeof raw !== "string" || raw.trim().length > MAX_ADDRESS_LENGTH) {
    if (!isMissing(raw)) {
      report(field, "unreadable", raw);
    }
    return NOWHERE;
  }
  const parts = partsOf(raw);
  const inOrder = locate(parts);
  const found = inOrder?.unknown === "" ? inOrder : (locateReversed(parts) ?? inOrder);
  if (found === null) {
    if (!isMissing(raw)) {
      report(field, "unknown_value", raw);
    }
    return NOWHERE;
  }
  const { city, district, unknown } = found;
  if (unknown !== "") {
    const elsewhere = placeIndex().districtStems.has(placeStem(spellingKey(unknown)));
    report("district", elsewhere ? "conflict" : "unknown_value", unknown);
  }
  return { province: city.province, city: city.place, district };
}

/** `中国, 上海市, 闵行区` → `["上海市", "闵行区"]`; Chinese names may lack separators. */
function partsOf(raw: string): string[] {
  const parts = halfWidth(raw)
    .split(SEPARATORS)
    .flatMap((part) => (HAN.test(part) ? part.trim().split(/[\s-]+/u) : [part.trim()]))
    .filter((part) => part !== "" && !COUNTRY.test(part));
  return parts.flatMap((part, at) => (at === 0 && HAN.test(part) ? splitRunOn(part) : [part]));
}

/** `山东省济南市莱芜区` → its three names. Only full names are split off, so that no part is read into another. */
function splitRunOn(text: string): string[] {
  const { citiesByKey, provincesByKey } = placeIndex();
  if (citiesByKey.has(text)) {
    return [text];
  }
  for (let end = text.length - 1; end >= 2; end--) {
    const name = text.slice(0, end);
    if (splitSuffix(name) === null) {
      continue;
    }
    const known = citiesByKey.get(name) ?? provincesByKey.get(name);
    if (known !== undefined) {
      return [name, ...splitRunOn(text.slice(end))];
    }
  }
  return [text];
}

interface Found {
  readonly city: CityEntry;
  readonly district: Place | null;
  /** Text in place of a district that the city does not have; empty without one. */
  readonly unknown: string;
}

/** The city and district of the parts, in this order; a leading province is accepted. */
function locate(parts: readonly string[]): Found | null {
  const [first = "", second = "", third = ""] = parts;
  const candidates = inProvince(findCities(first), second);
  if (candidates.length === 1 && isProvinceOf(candidates[0], second)) {
    return readDistrict(candidates[0], third, "");
  }
  const readings = candidates.map((city) => readDistrict(city, second, third));
  const whole = readings.filter(({ unknown }) => unknown === "");
  // `Suzhou` is two cities; only a district decides.
  const decided = candidates.length > 1 ? whole.filter(({ district }) => district !== null) : whole;
  const [reading] = decided;
  if (reading !== undefined) {
    return decided.length === 1 ? reading : null;
  }
  return (
    locateBelowProvince(first, second, third) ??
    (candidates.length === 1 ? (readings[0] ?? null) : second === "" ? locateAlone(first) : null)
  );
}

/** `Minhang, Shanghai`; only with a district of the city, which is proof. */
function locateReversed(parts: readonly string[]): Found | null {
  const found = parts.length < 2 ? null : locate(parts.toReversed());
  return found?.unknown === "" && found.district !== null ? found : null;
}

/** Narrows cities by a province that follows: `Suzhou, Jiangsu`. */
function inProvince(cities: readonly CityEntry[], behind: string): readonly CityEntry[] {
  const below = cities.filter((city) => isProvinceOf(city, behind));
  return below.length > 0 ? below : cities;
}

function isProvinceOf(city: CityEntry | undefined, text: string): city is CityEntry {
  // Jilin is a province and a city: after a city, the name is the city again.
  if (city === undefined || text === "" || findCities(text).includes(city)) {
    return false;
  }
  return lookUp(placeIndex().provincesByKey, text).includes(city.province);
}

/** A single name: city and district in one (`广州天河`), or a county-level city with a unique name (`义乌`). */
function locateAlone(text: string): Found | null {
  if (!HAN.test(text)) {
    return onlyCountyCity(foreignKey(text)) ?? onlyCountyCity(foreignKey(splitForeign(text).name));
  }
  for (let end = text.length - 2; end >= 2; end--) {
    const front = text.slice(0, end);
    const rest = text.slice(end);
    const readings = findCities(front).map((city) => readDistrict(city, rest, ""));
    const told = readings.filter(({ district }) => district !== null);
    const found = told.length === 1 ? told[0] : locateBelowProvince(front, rest, "");
    if (found !== undefined && found !== null) {
      return found;
    }
  }
  return onlyCountyCity(spellingKey(text));
}

function onlyCountyCity(key: string): Found | null {
  const found = key === "" ? [] : (placeIndex().countyCities.get(key) ?? []);
  const [only] = found;
  return only !== undefined && found.length === 1
    ? { city: only.city, district: only.place, unknown: "" }
    : null;
}

/** `Guangdong, Shenzhen`. Jilin and Hainan are provinces as well as cities, so this comes after `city, district`. */
function locateBelowProvince(first: string, second: string, third: string): Found | null {
  const provinces = lookUp(placeIndex().provincesByKey, first);
  if (provinces.length === 0) {
    return null;
  }
  const below = findCities(second).filter((city) => provinces.includes(city.province));
  const [only] = below;
  return only !== undefined && below.length === 1 ? readDistrict(only, third, "") : null;
}

/** Reads the text after the city; a repeated city name (`上海, 上海, 闵行`) is skipped. */
function readDistrict(city: CityEntry, text: string, next: string): Found {
  if (text === "" || NO_DISTRICT.has(text)) {
    return { city, district: null, unknown: "" };
  }
  const district = findDistrict(city, text);
  if (district !== null) {
    return { city, district, unknown: "" };
  }
  return findCities(text).includes(city)
    ? readDistrict(city, next, "")
    : { city, district: null, unknown: text };
}

function findCities(text: string): readonly CityEntry[] {
  return lookUp(placeIndex().citiesByKey, text);
}

function lookUp<T>(map: ReadonlyMap<string, readonly T[]>, text: string): readonly T[] {
  if (text === "") {
    return [];
  }
  if (HAN.test(text)) {
    return map.get(spellingKey(text)) ?? map.get(simplified(spellingKey(text))) ?? [];
  }
  return map.get(foreignKey(text)) ?? map.get(foreignKey(splitForeign(text).name)) ?? [];
}

/** The district of that name inside the city: by its full name, its stem, an earlier status, or a foreign name. */
function findDistrict(city: CityEntry, text: string): Place | null {
  if (city.districts.length === 0 || text === "") {
    return null;
  }
  const fitting = HAN.test(text)
    ? byChineseName(city, simplified(spellingKey(text)))
    : byForeignName(city, text);
  for (const kind of KIND_ORDER) {
    const district = fitting.find((one) => one.kind === kind);
    if (district !== undefined) {
      return district.place;
    }
  }
  return null;
}

function byChineseName({ districts }: CityEntry, name: string): DistrictEntry[] {
  const full = districts.find(({ place }) => place.zh === name);
  if (full !== undefined) {
    return [full];
  }
  const stemmed = districts.filter(({ names }) => names.includes(name));
  if (stemmed.length > 0) {
    return stemmed;
  }
  const split = splitSuffix(name);
  if (split === null) {
    return [];
  }
  // Counties become cities and districts, and sellers keep using the old name.
  const kinds = LATER_KINDS[split.kind];
  const stem = placeStem(name);
  return districts.filter((district) => kinds.includes(district.kind) && district.stem === stem);
}

function byForeignName({ districts }: CityEntry, text: string): DistrictEntry[] {
  const plain = plainForeign(text);
  const { name, kind } = splitForeign(text);
  const kept = kind === null ? undefined : KEPT_SUFFIX[kind];
  const wanted = [
    foreignKey(text),
    foreignKey(name),
    ...(kept ?? []).map((suffix) => foreignKey(name + suffix)),
  ];
  const exact = districts.filter(
    ({ place }) => plain === plainForeign(place.en) || plain === plainForeign(place.ru),
  );
  const fitting =
    exact.length > 0 ? exact : districts.filter(({ keys }) => wanted.some((key) => keys.includes(key)));
  const ofKind = fitting.filter((district) => district.kind === kind);
  const found = ofKind.length > 0 ? ofKind : fitting;
  // Homophones: ambiguous.
  return new Set(found.map(({ stem }) => stem)).size > 1 ? [] : found;
}

function foreignKey(text: string): string {
  return latinKey(text) || cyrillicKey(text);
}

/** Foreign names with apostrophes, which distinguish Yun'an from Yunan. */
function plainForeign(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’‘`ʼ]/gu, "'")
    .replace(/ё/gu, "е");
}

/** `Jing County` → `Jing`, county; `район Миньхан` → `Миньхан`, district. */
function splitForeign(text: string): { name: string; kind: DivisionKind | null } {
  for (const [word, kind] of FOREIGN_KINDS) {
    const name = text.replace(word, "").trim();
    if (name !== text && name !== "") {
      return { name, kind };
    }
  }
  return { name: text, kind: null };
}
