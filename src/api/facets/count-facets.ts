import type { Condition } from "../query/offers-query.ts";
import type { ColumnStore } from "./column-store.ts";
import { NO_INT } from "./column-store.ts";
import { dateOfDay, type ValueColumn } from "./columns.ts";
import { DEFAULT_GROUPS, FLAG_NAMES, RANGES, REQUESTED_VALUES } from "./groups.ts";
import { type SelectedRows, selectRows } from "./select-rows.ts";

/** A value with its number of listings. */
export interface Count {
  readonly value: string;
  readonly count: number;
}

/** A value that belongs to a value of another column: the make of a model, the province of a city. */
export interface NestedCount extends Count {
  readonly parent: string | null;
}

/** The values of a selection, most frequent first; each group is counted without its own condition. */
export interface Facets {
  readonly total: number;
  readonly groups: Readonly<Record<string, readonly NestedCount[]>>;
  readonly flags: Readonly<Record<string, { readonly true: number; readonly false: number }>>;
  /** Numbers, or months such as `2021-06`. */
  readonly ranges: Readonly<
    Record<string, { readonly min: number | string | null; readonly max: number | string | null }>
  >;
}

/** Most frequent first, ties by name, so that equal data gives equal responses. */
const byCount = (one: Count, other: Count) =>
  other.count - one.count || (one.value < other.value ? -1 : one.value > other.value ? 1 : 0);

/** The rows that a column's group is counted in: the condition on the column itself is left out. */
function listsFor(selected: SelectedRows, conditions: readonly Condition[], column: string): Int32Array[] {
  const own = conditions.findIndex((condition) => "column" in condition && condition.column === column);
  return own === -1 ? [selected.all] : [selected.all, selected.exceptOne[own] ?? new Int32Array()];
}

function countValues(store: ColumnStore, lists: readonly Int32Array[], column: ValueColumn): NestedCount[] {
  const { codes, names, parents } = store.values[column];
  const counts = new Int32Array(names.length);
  for (const list of lists) {
    for (let index = 0; index < list.length; index += 1) {
      const code = codes[list[index] as number] as number;
      counts[code] = (counts[code] as number) + 1;
    }
  }
  const found: NestedCount[] = [];
  for (let code = 1; code < names.length; code += 1) {
    const count = counts[code] as number;
    if (count > 0) {
      found.push({ value: names[code] ?? "", count, parent: parents[code] ?? null });
    }
  }
  return found.sort(byCount);
}

function bounds(data: Int32Array | Float32Array, lists: readonly Int32Array[]): [number, number] | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let index = 0; index < list.length; index += 1) {
      const value = data[list[index] as number] as number;
      if (value !== NO_INT) {
        // Comparisons with NaN are false.
        min = value < min ? value : min;
        max = value > max ? value : max;
      }
    }
  }
  return min <= max ? [min, max] : undefined;
}

/**
 * Counts the values of a selection. Pure.
 *
 * @param found ids of the rows that the text search of the selection found, ascending
 * @param requested further groups: names of columns and flags
 */
export function countFacets(
  store: ColumnStore,
  conditions: readonly Condition[],
  found: Int32Array | undefined,
  requested: readonly string[] = [],
): Facets {
  const selected = selectRows(store, conditions, found);
  const lists = (column: string) => listsFor(selected, conditions, column);
  const columns = [...DEFAULT_GROUPS, ...REQUESTED_VALUES.filter((name) => requested.includes(name))];
  const shown = (kind: string, value: number, digits = 3): number | string =>
    kind === "date"
      ? dateOfDay(value).slice(0, 7)
      : kind === "decimal"
        ? Number(value.toFixed(digits))
        : value;
  return {
    total: selected.all.length,
    groups: Object.fromEntries(columns.map((name) => [name, countValues(store, lists(name), name)])),
    flags: Object.fromEntries(
      [...FLAG_NAMES].flatMap(([name, column]) => {
        if (!requested.includes(name)) {
          return [];
        }
        const data = store.flags[column];
        let yes = 0;
        let rows = 0;
        for (const list of lists(column)) {
          rows += list.length;
          for (let index = 0; index < list.length; index += 1) {
            yes += data[list[index] as number] as number;
          }
        }
        return [[name, { true: yes, false: rows - yes }] as const];
      }),
    ),
    ranges: Object.fromEntries(
      RANGES.map(({ column, name, kind }) => {
        const found = bounds(store.ranges[column], lists(column));
        return [
          name,
          found === undefined
            ? { min: null, max: null }
            : { min: shown(kind, found[0]), max: shown(kind, found[1]) },
        ];
      }),
    ),
  };
}
