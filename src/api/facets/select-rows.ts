import { FIELDS } from "../../listing/fields.ts";
import type { Condition } from "../query/offers-query.ts";
import { type ColumnStore, codesOfValue, NO_INT } from "./column-store.ts";
import { dayNumber, type RangeColumn } from "./columns.ts";

/** Rows of a store by the conditions of a selection. */
export interface SelectedRows {
  /** Rows that fulfil every condition. */
  readonly all: Int32Array;
  /** By condition: rows that fulfil every other one. */
  readonly exceptOne: readonly Int32Array[];
}

/** Bounds in the unit of a column; a decimal is rounded as stored. */
function boundsOf(column: RangeColumn, from: number | string | undefined, to: number | string | undefined) {
  const toUnit = (bound: number | string) =>
    typeof bound === "string"
      ? dayNumber(bound)
      : FIELDS[column].kind === "decimal"
        ? Math.fround(bound)
        : bound;
  // Greater than the mark of a missing number.
  return [
    from === undefined ? NO_INT + 1 : toUnit(from),
    to === undefined ? Number.POSITIVE_INFINITY : toUnit(to),
  ] as const;
}

/** Whether each row fulfils a condition: 1 or 0. */
function fulfilled(store: ColumnStore, condition: Condition, found: Int32Array | undefined): Uint8Array {
  const holds = new Uint8Array(store.rows);
  const within = (column: RangeColumn, from?: number | string, to?: number | string) => {
    const data = store.ranges[column];
    const [low, high] = boundsOf(column, from, to);
    for (let row = 0; row < data.length; row += 1) {
      const value = data[row] as number;
      holds[row] = value >= low && value <= high ? 1 : 0;
    }
  };
  switch (condition.kind) {
    case "values": {
      const data = store.values[condition.column];
      const accepted = new Uint8Array(data.names.length);
      for (const code of condition.values.flatMap((value) => codesOfValue(data, value))) {
        accepted[code] = 1;
      }
      const { codes } = data;
      for (let row = 0; row < codes.length; row += 1) {
        holds[row] = accepted[codes[row] as number] as number;
      }
      break;
    }
    case "range":
      within(condition.column, condition.from, condition.to);
      break;
    case "flag": {
      const data = store.flags[condition.column];
      const wanted = condition.is ? 1 : 0;
      for (let row = 0; row < data.length; row += 1) {
        holds[row] = data[row] === wanted ? 1 : 0;
      }
      break;
    }
    case "since": {
      const data = store.times[condition.column];
      const at = Date.parse(condition.at);
      for (let row = 0; row < data.length; row += 1) {
        holds[row] = (data[row] as number) >= at ? 1 : 0;
      }
      break;
    }
    case "passable": {
      within("passable_from", undefined, condition.from);
      const until = store.ranges.passable_until;
      const day = dayNumber(condition.until);
      for (let row = 0; row < until.length; row += 1) {
        holds[row] = holds[row] === 1 && (until[row] as number) >= day ? 1 : 0;
      }
      break;
    }
    case "words": {
      // Both lists are ascending.
      let row = 0;
      for (const id of found ?? []) {
        while (row < store.rows && (store.ids[row] as number) < id) {
          row += 1;
        }
        if (store.ids[row] === id) {
          holds[row] = 1;
        }
      }
      break;
    }
  }
  return holds;
}

/**
 * Rows that fulfil all conditions, or all but one, in one pass. Pure.
 *
 * @param found ids of the rows that a text search found, ascending
 */
export function selectRows(
  store: ColumnStore,
  conditions: readonly Condition[],
  found: Int32Array | undefined,
): SelectedRows {
  const failures = new Uint8Array(store.rows);
  const failed = new Uint8Array(store.rows);
  conditions.forEach((condition, index) => {
    const holds = fulfilled(store, condition, found);
    for (let row = 0; row < holds.length; row += 1) {
      if (holds[row] === 0) {
        failures[row] = (failures[row] as number) + 1;
        failed[row] = index + 1;
      }
    }
  });
  const counts = new Int32Array(conditions.length + 1);
  const isIn = (row: number) =>
    failures[row] === 0 ? 0 : failures[row] === 1 ? (failed[row] as number) : undefined;
  for (let row = 0; row < store.rows; row += 1) {
    const list = isIn(row);
    if (list !== undefined) {
      counts[list] = (counts[list] as number) + 1;
    }
  }
  const lists = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < store.rows; row += 1) {
    const list = isIn(row);
    if (list !== undefined) {
      const at = counts[list] as number;
      (lists[list] as Int32Array)[at] = row;
      counts[list] = at + 1;
    }
  }
  const [all = new Int32Array(), ...exceptOne] = lists;
  return { all, exceptOne };
}

/** Counts the rows that fulfil all conditions. Pure. */
export function countRows(
  store: ColumnStore,
  conditions: readonly Condition[],
  found: Int32Array | undefined,
): number {
  const holds = new Uint8Array(store.rows).fill(1);
  for (const condition of conditions) {
    const one = fulfilled(store, condition, found);
    for (let row = 0; row < one.length; row += 1) {
      holds[row] = (holds[row] as number) & (one[row] as number);
    }
  }
  return holds.reduce((sum, one) => sum + one, 0);
}
