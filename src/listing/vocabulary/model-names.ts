import models from "./models.json" with { type: "json" };

/** Export names of models, for one make or for all. */
export interface ModelNames {
  /** Whether the text is a known name as a whole, which may start like a spelling of its make (`Jiangnan TT`). */
  isName(text: string): boolean;
  /** The longest Chinese name or common word at this position of the text. */
  at(text: string, position: number): ModelMatch | null;
  /**
   * The longest name at the start of the text in pinyin (`Dagou`), in literal translation (`Big Dog`), by which the car is
   * sold elsewhere (`Monjaro`), or in another case (`Song Plus`).
   */
  translated(text: string, toPinyin: ToPinyin): ModelMatch | null;
}

/** An export name, and the length of its spelling in the text. */
export interface ModelMatch {
  readonly name: string;
  readonly length: number;
}

type Names = Readonly<Record<string, string>>;
/** An argument, so that a vocabulary loads without the dictionary of pinyin. */
type ToPinyin = (chinese: string) => string;

/** {@link ModelNames} of a make; for an unknown make, the names that all makes agree on. */
export function createModelNames(user: Readonly<Record<string, Names>> = {}) {
  const built: Readonly<Record<string, Names>> = models.names;
  const translations: Readonly<Record<string, Names>> = models.translations;
  const byMark = new Map<string, ModelNames>();
  for (const mark of new Set([...Object.keys(built), ...Object.keys(user)])) {
    const own = { ...built[mark], ...user[mark] };
    const names = new Map(Object.entries({ ...models.words, ...own }));
    byMark.set(
      mark,
      tableOf(names, (toPinyin) => spellingsOf(own, translations[mark] ?? {}, toPinyin)),
    );
  }
  const shared = tableOf(
    new Map([...Object.entries(models.words), ...agreedModelNames(user)]),
    () => new Map(),
  );
  const wordsOnly = tableOf(new Map(Object.entries(models.words)), () => new Map());
  return (mark: string | null): ModelNames => (mark === null ? shared : (byMark.get(mark) ?? wordsOnly));
}

/** Chinese names of models that mean the same at every make that has them, with their export names. */
export function agreedModelNames(user: Readonly<Record<string, Names>> = {}): Map<string, string> {
  const all: readonly Names[] = [...Object.values(models.names), ...Object.values(user)];
  const names = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const [chinese, name] of all.flatMap((one) => Object.entries(one))) {
    // A single character (`元`, `星`) is a model only together with its make.
    if (chinese.length === 1 || (names.get(chinese) ?? name) !== name) {
      ambiguous.add(chinese);
    }
    names.set(chinese, name);
  }
  return new Map([...names].filter(([chinese]) => !ambiguous.has(chinese)));
}

const SEPARATORS = /[\s'’-]+/gu;
const WORD_CHARACTER = /\p{L}/u;

/** Latin spellings by {@link SEPARATORS}-free lower case. A pinyin that is the export name of another model is left out. */
function spellingsOf(names: Names, translations: Names, toPinyin: ToPinyin): ReadonlyMap<string, string> {
  const keyOf = (text: string) => text.replace(SEPARATORS, "").toLowerCase();
  const exported = new Set(Object.values(names).map(keyOf));
  const spellings = new Map(Object.values(names).map((name) => [keyOf(name), name]));
  for (const [chinese, name] of Object.entries(names)) {
    // The pinyin of a single character is that of many.
    const key = chinese.length > 1 ? keyOf(toPinyin(chinese)) : "";
    if (key !== "" && !exported.has(key) && !spellings.has(key)) {
      spellings.set(key, name);
    }
  }
  for (const [translation, name] of Object.entries(translations)) {
    spellings.set(keyOf(translation), name);
  }
  return spellings;
}

function tableOf(
  names: ReadonlyMap<string, string>,
  readSpellings: (toPinyin: ToPinyin) => ReadonlyMap<string, string>,
): ModelNames {
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const exported = new Set([...names.values()].map((name) => name.toLowerCase()));
  const byFirst = Map.groupBy(longestFirst, (chinese) => chinese.charAt(0));
  // Loading the pinyin of all names takes longer than anything else at startup.
  let spellings: ReadonlyMap<string, string> | undefined;
  return {
    isName: (text) => names.has(text) || exported.has(text.toLowerCase()),
    at(text, position) {
      const chinese = byFirst.get(text.charAt(position))?.find((one) => text.startsWith(one, position));
      const name = chinese === undefined ? undefined : names.get(chinese);
      return chinese === undefined || name === undefined ? null : { name, length: chinese.length };
    },
    translated(text, toPinyin) {
      spellings ??= readSpellings(toPinyin);
      if (spellings.size === 0) {
        return null;
      }
      let found: ModelMatch | null = null;
      let key = "";
      for (let at = 0; at < text.length; at++) {
        const part = text.charAt(at).replace(SEPARATORS, "").toLowerCase();
        key += part;
        const ends = part !== "" && !WORD_CHARACTER.test(text.charAt(at + 1));
        const name = ends ? spellings.get(key) : undefined;
        if (name !== undefined) {
          found = { name, length: at + 1 };
        }
      }
      return found;
    },
  };
}
