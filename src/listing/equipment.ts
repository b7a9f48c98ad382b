import { memoInOrder, memoLong, oncePer } from "./memo.ts";
import { decoded } from "./parse/raw-values.ts";
import { publicName } from "./parse/text.ts";
import type { Vocabulary } from "./vocabulary/index.ts";

/** A piece of equipment; without a code it is in no vocabulary, and has only `zh`. */
export interface ListingOption {
  readonly code?: string;
  readonly en?: string;
  readonly ru?: string;
  readonly zh: string;
}

type Json = Readonly<Record<string, unknown>>;

const MAX_NAME_LENGTH = 100;
const MAX_OPTIONS = 1000;
const HAN = /\p{Script=Han}/u;

/** Some 2,000 lists of 4 KB with their entries. */
const MAX_KEPT_CHARACTERS = 8_000_000;

/**
 * The equipment of a listing: `extra.option.displayopts[].optionname`, then
 * `extra.option.moreoptions[].opts[].optionname`, each once, in that order. Listings with the same equipment share the array,
 * which is frozen.
 */
export function readOptions(extra: Json | null, vocabulary: Vocabulary): readonly ListingOption[] {
  const option = decoded(extra?.option);
  if (typeof option !== "object" || option === null) {
    return NO_OPTIONS;
  }
  const { displayopts, moreoptions } = option as Json;
  const { shown, more, both } = listsOf(vocabulary);
  return both(shown(displayopts), more(moreoptions));
}

type Options = readonly ListingOption[];
const NO_OPTIONS: Options = Object.freeze([]);

/** Merges two lists. Cached by the identity of the lists, because equal texts yield the same list. */
function mergeOnce(): (first: Options, second: Options) => Options {
  const merged = new WeakMap<Options, WeakMap<Options, Options>>();
  return (first, second) => {
    const others = merged.get(first) ?? new WeakMap<Options, Options>();
    const result = others.get(second) ?? Object.freeze(distinct([...first, ...second]));
    merged.set(first, others.set(second, result));
    return result;
  };
}

/** Reads both lists. Cached by their text, because cars with the same equipment have the same lists. */
const listsOf = oncePer((vocabulary: Vocabulary) => {
  const known = memoInOrder((name): ListingOption | null => readOption(name, vocabulary));
  const entriesOf = (items: readonly unknown[]): readonly ListingOption[] =>
    distinct(
      items.slice(0, MAX_OPTIONS).flatMap((item) => {
        const raw = typeof item === "string" ? item : fieldOf(item, "optionname");
        return (typeof raw === "string" ? known(raw) : null) ?? [];
      }),
    );
  const reader = (itemsIn: (list: unknown) => readonly unknown[]) => {
    const ofText = memoLong((text) => entriesOf(itemsIn(text)), MAX_KEPT_CHARACTERS);
    return (list: unknown) => (typeof list === "string" ? ofText(list) : entriesOf(itemsIn(list)));
  };
  return {
    both: mergeOnce(),
    shown: reader(itemsOf),
    more: reader((list) => itemsOf(list).flatMap((group) => itemsOf(fieldOf(group, "opts")))),
  };
});

/** The first entry of each code or, without a code, of each name. */
function distinct(entries: readonly ListingOption[]): ListingOption[] {
  const first = new Map<string, ListingOption>();
  for (const entry of entries) {
    const key = entry.code ?? entry.zh;
    if (!first.has(key)) {
      first.set(key, entry);
    }
  }
  return [...first.values()];
}

function readOption(raw: string, vocabulary: Vocabulary): ListingOption | null {
  const name = publicName(raw, MAX_NAME_LENGTH);
  if (name === null) {
    return null;
  }
  const code = vocabulary.options.find(name);
  const labels = code === null ? undefined : vocabulary.options.labels.get(code);
  if (code === null || labels === undefined) {
    return Object.freeze({ zh: name });
  }
  return Object.freeze({ code, en: labels.en, ru: labels.ru, zh: HAN.test(name) ? name : labels.zh });
}

function itemsOf(list: unknown): readonly unknown[] {
  const items = decoded(list);
  return Array.isArray(items) ? items : [];
}

function fieldOf(item: unknown, field: string): unknown {
  return typeof item === "object" && item !== null ? (item as Json)[field] : undefined;
}
