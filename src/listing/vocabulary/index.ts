import { spellingKey } from "../parse/text.ts";
import { CATEGORY_TERMS } from "./categories.ts";
import { createLexicon, type Lexicon, looseKey, mergeTerms } from "./lexicon.ts";
import { createLooseMarks } from "./loose-marks.ts";
import marks from "./marks.json" with { type: "json" };
import { agreedModelNames, createModelNames, type ModelNames } from "./model-names.ts";
import options from "./options.json" with { type: "json" };
import specifications from "./specifications.json" with { type: "json" };
import trims from "./trims.json" with { type: "json" };
import { CATEGORIES, type Category, type Language, type TermLabels, type UserVocabulary } from "./types.ts";

export type { Lexicon } from "./lexicon.ts";
export {
  CATEGORIES,
  type Category,
  type Language,
  type TermLabels,
  type UserTerm,
  type UserVocabulary,
} from "./types.ts";

/** Names of specifications that fields are read from; the keys of `specifications.json`. */
export type SpecificationCode = keyof typeof specifications;

/** All lookup tables of the normaliser, compiled once from our files and a user's vocabulary. */
export interface Vocabulary {
  readonly categories: Readonly<Record<Category, Lexicon>>;
  /** Codes are the canonical Latin names. */
  readonly marks: Lexicon;
  /** Spellings of marks that are also model lines (`Range Rover`), in the form that {@link marks} compares. */
  readonly markLines: ReadonlySet<string>;
  /** Spellings of {@link marks} without punctuation and in pinyin; built on the first call. */
  readonly looseMarks: (toPinyin: (chinese: string) => string) => Lexicon;
  /** Names of the models of a mark. */
  readonly modelNames: (mark: string | null) => ModelNames;
  readonly options: Lexicon;
  readonly specifications: Lexicon;
  /** The Chinese words that trims are made of, with their translations; built on the first access. */
  readonly trimWords: { readonly labels: ReadonlyMap<string, TrimWord>; readonly maxLength: number };
  /** Codes of specifications by the feed's `id`. */
  readonly specificationIds: ReadonlyMap<string, string>;
}

type TrimWord = Readonly<Record<"en" | "ru", string>>;

let builtIn: Vocabulary | undefined;
const compiled = new WeakMap<UserVocabulary, Vocabulary>();

/**
 * The vocabulary with a user's additions laid over it. Takes some ten milliseconds the first time; the same object
 * (or none) returns the cached result. The user's object must not change afterwards.
 */
export function compileVocabulary(user?: UserVocabulary): Vocabulary {
  if (user === undefined) {
    builtIn ??= compile({});
    return builtIn;
  }
  const known = compiled.get(user) ?? compile(user);
  compiled.set(user, known);
  return known;
}

/**
 * The label of a code in a language, or null for an unknown code. Marks are looked up by their canonical
 * name, options by their code.
 *
 * @example labelOf("color", "silver_gray", "ru") // "Серебристо-серый"
 */
export function labelOf(
  category: Category | "mark" | "option",
  code: string,
  language: Language,
  vocabulary: Vocabulary = compileVocabulary(),
): string | null {
  const lexicon =
    category === "mark"
      ? vocabulary.marks
      : category === "option"
        ? vocabulary.options
        : vocabulary.categories[category];
  return lexicon.labels.get(code)?.[language] ?? null;
}

/** All codes of a category with their labels, in the order of its file. */
export function codesOf(
  category: Category,
  vocabulary: Vocabulary = compileVocabulary(),
): ReadonlyMap<string, TermLabels> {
  return vocabulary.categories[category].labels;
}

/** Problems of a user's vocabulary, one sentence each; empty when it is valid. */
export function checkUserVocabulary(value: unknown): string[] {
  if (!isObject(value)) {
    return ["The vocabulary must be an object"];
  }
  const termed: readonly string[] = [...CATEGORIES, "marks", "options", "specifications", "trims"];
  return Object.entries(value).flatMap(([part, entries]) => {
    if (!termed.includes(part) && part !== "models") {
      return [`${part} is not a part of a vocabulary`];
    }
    if (!isObject(entries)) {
      return [`${part} must be an object`];
    }
    return Object.entries(entries).flatMap(([key, entry]) => {
      if (part === "models") {
        return checkNames(`${part}.${key}`, entry);
      }
      return checkTerm(`${part}.${key}`, entry);
    });
  });
}

function compile(user: UserVocabulary): Vocabulary {
  const categories = CATEGORIES.map((category) => {
    const terms = mergeTerms(CATEGORY_TERMS[category], user[category]);
    return [category, createLexicon(terms, user[category])] as const;
  });
  const specificationIds = Object.entries(specifications).flatMap(([code, term]) =>
    "id" in term ? [[String(term.id), code] as const] : [],
  );
  const allMarks = mergeTerms(markTerms(marks), markTerms(user.marks ?? {}));
  const markLines = new Set(
    Object.values(marks).flatMap((mark) => ("lines" in mark ? mark.lines : []).map(spellingKey)),
  );
  let looseMarks: Lexicon | undefined;
  let words: Vocabulary["trimWords"] | undefined;
  return {
    categories: Object.fromEntries(categories) as Record<Category, Lexicon>,
    marks: createLexicon(allMarks, user.marks),
    markLines,
    looseMarks: (toPinyin) => {
      looseMarks ??= createLooseMarks(allMarks, markLines, toPinyin);
      return looseMarks;
    },
    modelNames: createModelNames(user.models),
    options: createLexicon(mergeTerms(options, user.options), user.options, looseKey),
    specifications: createLexicon(
      mergeTerms(specifications, user.specifications),
      user.specifications,
      looseKey,
    ),
    get trimWords() {
      words ??= trimWords(user);
      return words;
    },
    specificationIds: new Map(specificationIds),
  };
}

const ALL_HAN = /^\p{Script=Han}+$/u;

/** Words of trims, and names of models that occur in them. A word with one translation has it in both languages. */
function trimWords(user: UserVocabulary): Vocabulary["trimWords"] {
  const labels = new Map<string, TrimWord>();
  for (const [chinese, name] of agreedModelNames(user.models)) {
    if (ALL_HAN.test(chinese)) {
      labels.set(chinese, { en: name, ru: name });
    }
  }
  for (const [word, translations] of Object.entries(trims)) {
    labels.set(word, translations);
  }
  for (const [word, { en, ru }] of Object.entries(user.trims ?? {})) {
    const known = labels.get(word);
    labels.set(word, { en: en ?? known?.en ?? ru ?? word, ru: ru ?? known?.ru ?? en ?? word });
  }
  return { labels, maxLength: Math.max(...[...labels.keys()].map(({ length }) => length)) };
}

/** A mark's canonical name is its English label. */
function markTerms<T>(named: Readonly<Record<string, T>>): Record<string, { en: string } & T> {
  return Object.fromEntries(Object.entries(named).map(([name, term]) => [name, { en: name, ...term }]));
}

function checkTerm(path: string, entry: unknown): string[] {
  if (!isObject(entry)) {
    return [`${path} must be an object`];
  }
  return Object.entries(entry).flatMap(([key, value]) => {
    if (key === "spellings") {
      const texts = Array.isArray(value) && value.every((one) => typeof one === "string");
      return texts ? [] : [`${path}.spellings must be a list of texts`];
    }
    if (key !== "en" && key !== "ru" && key !== "zh") {
      return [`${path}.${key} is not en, ru, zh or spellings`];
    }
    return typeof value === "string" && value !== "" ? [] : [`${path}.${key} must be a text`];
  });
}

function checkNames(path: string, entry: unknown): string[] {
  if (!isObject(entry)) {
    return [`${path} must be an object`];
  }
  return Object.entries(entry).flatMap(([key, value]) =>
    typeof value === "string" && value !== "" ? [] : [`${path}.${key} must be a text`],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
