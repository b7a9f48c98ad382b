import type { MaybePromise } from "../maybe-promise.ts";
import { maybeThen } from "../maybe-promise.ts";
import type { Selection } from "../query/offers-query.ts";
import type { ServerState } from "../replicas/replica.ts";
import { codesOfValue } from "./column-store.ts";
import type { ColumnStores } from "./column-stores.ts";

/** Columns of names that no vocabulary knows completely. */
const OPEN: ReadonlySet<string> = new Set(["model", "series", "city", "district", "salon_id"]);

/** The selection with names as they are stored: `model=x5` is `X5`. Reads the store only for names. */
export function withStoredNames<T extends Selection>(
  query: T,
  stores: ColumnStores,
  state: Pick<ServerState, "version" | "read">,
): MaybePromise<T> {
  const hasNames = query.conditions.some(
    (condition) => condition.kind === "values" && OPEN.has(condition.column),
  );
  if (!hasNames) {
    return query;
  }
  return maybeThen(stores.current(state), ({ store }) => ({
    ...query,
    conditions: query.conditions.map((condition) => {
      if (condition.kind !== "values" || !OPEN.has(condition.column)) {
        return condition;
      }
      const data = store.values[condition.column];
      const values = condition.values.flatMap((value) => {
        const codes = codesOfValue(data, value);
        return codes.length === 0 ? [value] : codes.map((code) => data.names[code] ?? value);
      });
      return { ...condition, values: [...new Set(values)].sort() };
    }),
  }));
}
