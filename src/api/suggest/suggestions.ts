import { LRUCache } from "lru-cache";
import { LISTED } from "../../database/index.ts";
import type { Language } from "../../listing/index.ts";
import { oncePer } from "../../listing/internal.ts";
import type { ColumnStore } from "../facets/column-store.ts";
import type { ColumnStores } from "../facets/column-stores.ts";
import { binderOf, conditionsSql } from "../query/conditions-sql.ts";
import { type Selection, termsOf } from "../query/offers-query.ts";
import type { Snapshot } from "../replicas/replica.ts";
import type { Labels } from "../schema/labels.ts";
import { correctedText } from "./corrected-text.ts";
import { createNameIndex } from "./name-index.ts";
import { createWordsOfNames, type NameInUse, namesInUse } from "./names-in-use.ts";
import { suggestedNames } from "./suggested-names.ts";

/** A make, model or city that completes a text. */
export interface Suggestion {
  readonly type: NameInUse["type"];
  /** Value of the filter. */
  readonly value: string;
  /** Make of a model. */
  readonly mark?: string | undefined;
  readonly label: string;
  readonly count: number;
}

/** A selection whose search was corrected, and the text that was searched for instead. */
export interface Corrected<T extends Selection> {
  readonly selection: T;
  readonly text: string;
}

/** Suggestions and corrections from the names in use. */
export interface Suggestions {
  /** At most {@link MAX_SUGGESTIONS}, the best first. */
  suggest(text: string, lang: Language | undefined, store: ColumnStore): Suggestion[];
  /**
   * A selection with its search corrected, if no listing at all has the words of the search, and some have the corrected ones.
   * It depends on the data and on `q` only, so that lists, facets and exports of a selection agree.
   */
  correct<T extends Selection>(selection: T, snapshot: Snapshot): Promise<Corrected<T> | undefined>;
}

const MAX_SUGGESTIONS = 10;
const MAX_KEPT = 500;

async function findsNothing(text: string, labels: Labels, read: Snapshot["read"]): Promise<boolean> {
  const values: unknown[] = [];
  const words = { kind: "words", terms: termsOf(text, labels) } as const;
  const where = [LISTED, ...conditionsSql([words], binderOf(values))].join(" and ");
  const { rows } = await read((db) =>
    db.query(`select 1 from processed_data where ${where} limit 1`, values),
  );
  return rows.length === 0;
}

export function createSuggestions(labels: Labels, stores: ColumnStores): Suggestions {
  const wordsOf = createWordsOfNames(labels);
  const indexOf = oncePer((store: ColumnStore) => createNameIndex(namesInUse(store), wordsOf));
  /** Corrected texts by version and text; an empty one if there is none. */
  const known = new LRUCache<string, string>({ max: MAX_KEPT });

  const labelOf = ({ type, value, parent }: NameInUse, lang: Language = "en"): string => {
    if (type === "city") {
      return labels.placesOf({ province: parent, city: value }, lang).city ?? value;
    }
    const mark = (type === "mark" ? value : parent) ?? "";
    const label = labels.labelOf("mark", mark, lang) ?? mark;
    return type === "mark" ? label : `${label} ${value}`.trim();
  };

  const correctionOf = async (text: string, snapshot: Snapshot): Promise<string> => {
    if (!(await findsNothing(text, labels, snapshot.read))) {
      return "";
    }
    const { store } = await stores.current(snapshot.shared);
    const corrected = correctedText(text, indexOf(store), labels);
    return corrected === undefined || (await findsNothing(corrected, labels, snapshot.read)) ? "" : corrected;
  };

  return {
    suggest: (text, lang, store) => {
      const names = suggestedNames(text, indexOf(store), labels);
      return names.slice(0, MAX_SUGGESTIONS).map((name) => ({
        type: name.type,
        value: name.value,
        mark: name.type === "model" ? (name.parent ?? undefined) : undefined,
        label: labelOf(name, lang),
        count: name.count,
      }));
    },
    correct: async (selection, snapshot) => {
      if (selection.q === undefined) {
        return undefined;
      }
      const key = `${snapshot.version} ${selection.q}`;
      const text = known.get(key) ?? (await correctionOf(selection.q, snapshot));
      known.set(key, text);
      return text === ""
        ? undefined
        : {
            text,
            selection: {
              ...selection,
              conditions: selection.conditions.map((condition) =>
                condition.kind === "words" ? { ...condition, terms: termsOf(text, labels) } : condition,
              ),
            },
          };
    },
  };
}
