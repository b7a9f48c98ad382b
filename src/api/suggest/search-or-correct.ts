import { searchIds } from "../facets/search-ids.ts";
import type { Condition, Selection } from "../query/offers-query.ts";
import type { Snapshot } from "../replicas/replica.ts";
import type { Suggestions } from "./suggestions.ts";

/** The rows that the search of a selection finds, after correction if it finds nothing. */
export interface SearchedSelection {
  readonly conditions: readonly Condition[];
  /** Their ids, ascending; undefined for a selection without words. */
  readonly found: Int32Array | undefined;
  /** The text that was searched for instead. */
  readonly corrected: string | undefined;
}

export async function searchOrCorrect(
  selection: Selection,
  suggestions: Pick<Suggestions, "correct">,
  snapshot: Snapshot,
): Promise<SearchedSelection> {
  const { conditions } = selection;
  const found = await searchIds(snapshot.read, conditions);
  const corrected = found?.length === 0 ? await suggestions.correct(selection, snapshot) : undefined;
  if (corrected === undefined) {
    return { conditions, found, corrected: undefined };
  }
  const { conditions: instead } = corrected.selection;
  return { conditions: instead, found: await searchIds(snapshot.read, instead), corrected: corrected.text };
}
