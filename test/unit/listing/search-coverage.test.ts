import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileVocabulary, labelOf, normalizeListing } from "../../../src/listing/index.ts";
import { listingWords, searchTerms } from "../../../src/listing/internal.ts";
import { createListings } from "../../../src/sandbox/listings/listings.ts";
import russianNames from "../../fixtures/russian-names.json" with { type: "json" };

// Which names cover 95 % of the listings, and whether a buyer finds them in each language.

const vocabulary = compileVocabulary();
const SHARE = 0.95;
const LISTINGS = 1_500;

interface Name {
  readonly mark: string;
  readonly model: string;
  readonly latin: string;
  readonly series: string;
  readonly words: readonly string[];
}

const RUSSIAN: Readonly<Record<string, string>> = russianNames;
/** What a Russian buyer types for a model; codes such as `X5` and `GLC` are typed as they are. */
const russianOf = (model: string) => RUSSIAN[model] ?? model.toLowerCase();

const finds = (query: string, words: readonly string[]): boolean => {
  const terms = searchTerms(query, vocabulary);
  return (
    terms.length > 0 &&
    terms.every((term) =>
      term.some(({ text, isPrefix }) =>
        words.some((word) => (isPrefix ? word.startsWith(text) : word === text)),
      ),
    )
  );
};

/** The most frequent entries that have this share of all together. */
function covering<T extends { readonly count: number }>(entries: Iterable<T>, share: number): T[] {
  const ordered = [...entries].toSorted((one, other) => other.count - one.count);
  const total = ordered.reduce((sum, { count }) => sum + count, 0);
  let covered = 0;
  return ordered.filter(({ count }) => {
    const isNeeded = covered < total * share;
    covered += count;
    return isNeeded;
  });
}

/** The names that cover most listings of the sandbox, each with the words of its first listing. */
function readNames(): Name[] {
  const generated = createListings({ seed: 1, count: LISTINGS, since: Date.UTC(2026, 10, 1) });
  const byName = new Map<string, { readonly first: Record<string, unknown>; count: number }>();
  for (let index = 0; index < LISTINGS; index += 1) {
    const raw = JSON.parse(Buffer.concat([generated.data(index)].flat()).toString());
    const known = byName.get(`${raw.mark} ${raw.model}`) ?? { first: raw, count: 0 };
    known.count += 1;
    byName.set(`${raw.mark} ${raw.model}`, known);
  }
  return covering(byName.values(), SHARE).map(({ first }) => {
    const { listing } = normalizeListing(first);
    const { mark, model, model_latin: latin, series } = listing;
    if (mark === null || model === null) {
      throw new Error(`${first.mark} ${first.model} has no name`);
    }
    const words = listingWords({ ...listing }, vocabulary);
    return { mark, model, latin: latin ?? model, series: series ?? model, words };
  });
}
let known: readonly Name[] | undefined;
const names = () => {
  known ??= readNames();
  return known;
};

describe("names that cover 95 % of the sandbox's listings, distributed like those of the service", () => {
  test("are more than a hundred models", () => {
    expect(names().length).toBeGreaterThan(100);
  });

  test.each([
    ["Russian", ({ mark, model }: Name) => `${labelOf("mark", mark, "ru", vocabulary)} ${russianOf(model)}`],
    ["Russian, without the make", ({ model }: Name) => russianOf(model)],
    ["English", ({ mark, latin }: Name) => `${mark} ${latin}`],
    ["Chinese", ({ mark, series }: Name) => `${labelOf("mark", mark, "zh", vocabulary)} ${series}`],
  ])("are all found in %s", (_, spelling) => {
    const missed = names().filter((name) => !finds(spelling(name), name.words));
    expect(missed.map((name) => `${spelling(name)}: ${name.mark} ${name.model}`)).toEqual([]);
  });
});

test("of 3,705 real listings, 95 % have a series that is found in Chinese and by its Latin name", () => {
  const url = new URL("../../fixtures/corpus-trims.json", import.meta.url);
  const trims = JSON.parse(readFileSync(url, "utf8")) as readonly (readonly [trim: string, count: number])[];
  const counts = Map.groupBy(trims, ([trim]) => /^(.+?) ?(?:19|20)\d\d款/.exec(trim)?.[1] ?? trim);
  const series = [...counts].map(([name, own]) => ({
    name,
    count: own.reduce((sum, [, count]) => sum + count, 0),
  }));
  const total = series.reduce((sum, { count }) => sum + count, 0);
  expect(total).toBe(3_705);
  const found = series.filter(({ name }) => {
    const { listing } = normalizeListing({ inner_id: "1", model: name });
    const words = listingWords({ ...listing, series: name }, vocabulary);
    const latin = `${listing.mark ?? ""} ${listing.model_latin ?? ""}`.trim();
    return /[a-z\d]/i.test(latin) && finds(latin, words) && finds(name, words);
  });
  expect(found.reduce((sum, { count }) => sum + count, 0) / total).toBeGreaterThan(SHARE);
});
