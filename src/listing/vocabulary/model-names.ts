import models from "./models.json" with { type: "json" };

/** Export names of models by their Chinese ones, for one mark or for all. */
export interface ModelNames {
  /** The longest Chinese name or common word that stands at this place of the text. */
  at(text: string, position: number): { name: string; length: number } | null;
}

type Names = Readonly<Record<string, string>>;

/** {@link ModelNames} of a mark; of all marks together, without what they disagree on, when the mark is not known. */
export function createModelNames(user: Readonly<Record<string, Names>> = {}) {
  const built: Readonly<Record<string, Names>> = models.names;
  const byMark = new Map<string, ModelNames>();
  for (const mark of new Set([...Object.keys(built), ...Object.keys(user)])) {
    byMark.set(mark, tableOf(new Map(Object.entries({ ...models.words, ...built[mark], ...user[mark] }))));
  }
  const shared = tableOf(sharedNames([...Object.values(built), ...Object.values(user)]));
  const wordsOnly = tableOf(new Map(Object.entries(models.words)));
  return (mark: string | null): ModelNames => (mark === null ? shared : (byMark.get(mark) ?? wordsOnly));
}

function sharedNames(all: readonly Names[]): Map<string, string> {
  const names = new Map<string, string | null>();
  for (const [chinese, name] of all.flatMap((one) => Object.entries(one))) {
    // One character (`元`, `星`) names a model only together with its mark.
    if (chinese.length === 1) {
      continue;
    }
    names.set(chinese, names.has(chinese) && names.get(chinese) !== name ? null : name);
  }
  const agreed = new Map(Object.entries(models.words));
  for (const [chinese, name] of names) {
    if (name !== null) {
      agreed.set(chinese, name);
    }
  }
  return agreed;
}

function tableOf(names: ReadonlyMap<string, string>): ModelNames {
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const byFirst = Map.groupBy(longestFirst, (chinese) => chinese.charAt(0));
  return {
    at(text, position) {
      const chinese = byFirst.get(text.charAt(position))?.find((one) => text.startsWith(one, position));
      const name = chinese === undefined ? undefined : names.get(chinese);
      return chinese === undefined || name === undefined ? null : { name, length: chinese.length };
    },
  };
}
