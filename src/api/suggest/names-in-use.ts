import { LRUCache } from "lru-cache";
import { latinForm } from "../../listing/internal.ts";
import type { ColumnStore, ValueData } from "../facets/column-store.ts";
import type { Labels } from "../schema/labels.ts";

/** A make, model or city of the listed cars. */
export interface NameInUse {
  readonly type: "mark" | "model" | "city";
  readonly value: string;
  /** Make of a model, province of a city. */
  readonly parent: string | null;
  /** Listings. */
  readonly count: number;
  /** Of a model: its names in the specifications, which are Chinese. */
  readonly series: readonly string[];
}

/** A series with a smaller share of its model's listings is an error of the data. */
const MIN_SHARE = 0.02;

/** Number of rows by pair of codes. */
function countPairs(one: ValueData, other: ValueData): Map<number, Map<number, number>> {
  const pairs = new Map<number, Map<number, number>>();
  for (let row = 0; row < one.codes.length; row += 1) {
    const [code, second] = [one.codes[row] as number, other.codes[row] as number];
    if (code !== 0 && second !== 0) {
      const counts = pairs.get(code) ?? new Map<number, number>();
      pairs.set(code, counts.set(second, (counts.get(second) ?? 0) + 1));
    }
  }
  return pairs;
}

function countCodes({ codes, names }: ValueData): Int32Array {
  const counts = new Int32Array(names.length);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] as number;
    counts[code] = (counts[code] as number) + 1;
  }
  return counts;
}

/** The names in the columns of a store. Pure. */
export function namesInUse({ values }: ColumnStore): NameInUse[] {
  const series = countPairs(values.model, values.series);
  return (["mark", "model", "city"] as const).flatMap((type) => {
    const { names, parents } = values[type];
    const counts = countCodes(values[type]);
    return names.flatMap((value, code): NameInUse[] => {
      const count = counts[code] as number;
      if (code === 0 || count === 0) {
        return [];
      }
      const own = type === "model" ? [...(series.get(code) ?? [])] : [];
      return [
        {
          type,
          value,
          parent: parents[code] ?? null,
          count,
          series: own
            .filter(([, rows]) => rows >= count * MIN_SHARE)
            .map(([one]) => values.series.names[one] ?? ""),
        },
      ];
    });
  });
}

/** Names whose words are cached: more than the catalogue has. */
const MAX_KEPT = 20_000;

/** Finds the words of names; cached, because most names are the same in the next version of the data. */
export function createWordsOfNames(labels: Labels): (name: NameInUse) => readonly string[] {
  const read = ({ type, value, parent, series }: NameInUse): readonly string[] => {
    if (type === "mark") {
      return labels.wordsOf({ mark: value });
    }
    if (type === "model") {
      const names = [
        { model: value, model_latin: latinForm(value) },
        ...series.map((one) => ({ series: one })),
      ];
      return names.flatMap((name) => labels.wordsOf(name));
    }
    const cityIn = (language: "en" | "ru" | "zh") =>
      labels.placesOf({ province: parent, city: value }, language).city;
    const city = { en: value, ru: cityIn("ru"), zh: cityIn("zh") };
    return labels.wordsOf({ place: { city } });
  };
  const kept = new LRUCache<string, readonly string[]>({ max: MAX_KEPT });
  return (name) => {
    const key = JSON.stringify([name.type, name.value, name.parent, name.series]);
    const words = kept.get(key) ?? read(name);
    kept.set(key, words);
    return words;
  };
}
