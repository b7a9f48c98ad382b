import type { Language } from "../query/parameters.ts";
import { COUNTED, type Count, type Facets } from "../query/read-filters.ts";
import type { Labels } from "./labels.ts";

/** What can be filtered by as JSON. Pure. */
export function presentFilters(facets: Facets, lang: Language | undefined, labels: Labels): string {
  const labelled = <T extends Count>(count: T, label: string | undefined) =>
    label === undefined ? count : { ...count, label };
  const coded = (category: string, counts: readonly Count[]) =>
    counts.map((count) =>
      labelled(count, lang === undefined ? undefined : labels.labelOf(category, count.value, lang)),
    );
  return JSON.stringify({
    mark: facets.marks.map(({ value, count, models }) => ({
      ...labelled({ value, count }, lang === undefined ? undefined : labels.labelOf("mark", value, lang)),
      models,
    })),
    ...Object.fromEntries(COUNTED.map((column) => [column, coded(column, facets.counts[column])])),
    province: facets.provinces.map((count) =>
      labelled(
        count,
        lang === undefined ? undefined : labels.placesOf({ province: count.value }, lang).province,
      ),
    ),
    city: facets.cities.map((count) =>
      labelled(
        count,
        lang === undefined
          ? undefined
          : labels.placesOf({ province: count.province, city: count.value }, lang).city,
      ),
    ),
    ranges: facets.ranges,
    total: facets.total,
  });
}
