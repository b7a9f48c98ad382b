import type { FilteredBy } from "../../listing/fields.ts";
import { cyrillicKey, latinKey, placeIndex } from "../../listing/internal.ts";
import type { Labels } from "../schema/labels.ts";

const LEVELS = ["province", "city", "district"] as const;
type Level = (typeof LEVELS)[number];

/** English names of the places of a level, by every key of {@link placeIndex}. */
type Names = ReadonlyMap<string, readonly string[]>;

let tables: Readonly<Record<Level, Names>> | undefined;

const keyOf = (text: string) => latinKey(text) || cyrillicKey(text) || text;

function buildTables(): Readonly<Record<Level, Names>> {
  const { provincesByKey, citiesByKey } = placeIndex();
  const cities = new Set([...citiesByKey.values()].flat());
  const districts = new Map<string, Set<string>>();
  for (const { place, stem, keys } of [...cities].flatMap((city) => city.districts)) {
    for (const key of [place.zh, stem, ...keys]) {
      districts.set(key, (districts.get(key) ?? new Set()).add(place.en));
    }
  }
  const distinct = (names: readonly string[]) => [...new Set(names)];
  return {
    province: new Map(
      [...provincesByKey].map(([key, places]) => [key, distinct(places.map(({ en }) => en))]),
    ),
    city: new Map(
      [...citiesByKey].map(([key, found]) => [key, distinct(found.map(({ place }) => place.en))]),
    ),
    district: new Map([...districts].map(([key, names]) => [key, [...names]])),
  };
}

/**
 * The stored names that a name in a request means: makes and places by any of their names in three languages, case
 * ignored (`БМВ` is `BMW`, `шэньчжэнь` is `Shenzhen`). An unknown name means itself.
 */
export function canonicalNames(
  column: FilteredBy<"values">,
  name: string,
  labels: Labels,
): readonly string[] {
  if (column === "mark") {
    return [labels.codeOf("mark", name) ?? name];
  }
  if (!(LEVELS as readonly string[]).includes(column)) {
    return [name];
  }
  tables ??= buildTables();
  const found = tables[column as Level].get(keyOf(name)) ?? [];
  return found.length === 0 || found.includes(name) ? [name] : found;
}
