import { memoInOrder } from "./memo.ts";
import { publicName } from "./parse/text.ts";
import { decoded } from "./specifications.ts";
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

/**
 * The equipment of a listing: `extra.option.displayopts[].optionname`, then
 * `extra.option.moreoptions[].opts[].optionname`, each once, in that order.
 */
export function readOptions(extra: Json | null, vocabulary: Vocabulary): ListingOption[] {
  const option = decoded(extra?.option);
  if (typeof option !== "object" || option === null) {
    return [];
  }
  const { displayopts, moreoptions } = option as Json;
  const lists = [displayopts, ...itemsOf(moreoptions).map((group) => fieldOf(group, "opts"))];
  const known = optionsOf(vocabulary);
  const found: ListingOption[] = [];
  const keys = new Set<string>();
  for (const item of lists.flatMap(itemsOf).slice(0, MAX_OPTIONS)) {
    const raw = typeof item === "string" ? item : fieldOf(item, "optionname");
    const entry = typeof raw === "string" ? known(raw) : null;
    if (entry === null || keys.has(entry.code ?? entry.zh)) {
      continue;
    }
    keys.add(entry.code ?? entry.zh);
    found.push(entry);
  }
  return found;
}

const optionsByVocabulary = new WeakMap<Vocabulary, (name: string) => ListingOption | null>();

function optionsOf(vocabulary: Vocabulary): (name: string) => ListingOption | null {
  const options = optionsByVocabulary.get(vocabulary) ?? memoInOrder((name) => readOption(name, vocabulary));
  optionsByVocabulary.set(vocabulary, options);
  return options;
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
