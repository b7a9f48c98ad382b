import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FeedChange, type FoldedChange, foldChanges, unprefixed } from "../../../src/updater/fold.ts";

/** A row as a plain value: the properties that the rules of docs/data-rules.md define. */
interface Row {
  readonly data: Readonly<Record<string, unknown>>;
  readonly changeType: string;
  readonly createdAt: string;
  readonly active: 0 | 1;
  readonly changeId: number | null;
}

/** Applies one change to one row by the rules: the reference implementation. */
function applyOne(row: Row | undefined, change: FeedChange): Row {
  const { changeId, changeType, createdAt, data } = change;
  if (row && row.changeId !== null && changeId <= row.changeId) {
    return row;
  }
  const moved = { changeId, changeType };
  if (changeType === "removed") {
    return row ? { ...row, ...moved, active: 1 } : { ...moved, data: {}, createdAt, active: 1 };
  }
  if (changeType === "added") {
    return { ...moved, data, createdAt, active: 0 };
  }
  const fields = Object.entries(data).map(([key, value]) => [key.replace(/^new_(?=.)/s, ""), value] as const);
  const merged = Object.fromEntries([...Object.entries(row?.data ?? {}), ...fields]);
  return { ...moved, data: merged, createdAt, active: row?.active ?? 0 };
}

/** Applies folds to a row as the statement in the database does. */
function applyFolds(row: Row | undefined, folds: readonly FoldedChange[]): Row | undefined {
  const at = row?.changeId ?? -1;
  const met = row
    ? folds.filter(({ afterId, beforeId }) => at >= afterId && at < beforeId)
    : folds.filter(({ afterId }) => afterId === -1);
  expect(met.length).toBeLessThanOrEqual(1);
  const [fold] = met;
  if (!fold) {
    return row;
  }
  const kept = row && !fold.replaces ? Object.entries(row.data) : [];
  return {
    data: Object.fromEntries([...kept, ...Object.entries(fold.data)]),
    changeType: fold.changeType,
    createdAt: row ? (fold.createdAt ?? row.createdAt) : fold.firstCreatedAt,
    active: fold.activeStatus ?? row?.active ?? 0,
    changeId: fold.changeId,
  };
}

const key = fc.constantFrom(
  "price",
  "new_price",
  "new_",
  "new_new_price",
  "images",
  "__proto__",
  "constructor",
  "",
);
const fields = fc
  .array(fc.tuple(key, fc.oneof(fc.nat(5), fc.constant(null), fc.constant([1, { a: 2 }]))), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));
const aChange = fc.record({
  innerId: fc.constantFrom("a", "b", "c"),
  changeId: fc.nat(12),
  changeType: fc.constantFrom("added" as const, "changed" as const, "removed" as const),
  createdAt: fc.constantFrom("2025-01-01T00:00:00Z", "2025-02-02T00:00:00Z", "2025-03-03T00:00:00Z"),
  data: fields,
});
/** Any page: often in order, with repeats and out-of-order changes. */
const page = fc
  .tuple(fc.array(aChange, { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([changes, inOrder]) => (inOrder ? changes.sort((a, b) => a.changeId - b.changeId) : changes))
  .map((changes) =>
    changes.map((one, index): FeedChange => ({ ...one, index, hasOwnDate: true, repaired: 0 })),
  );
const aRow = fc.record({
  data: fields,
  changeType: fc.constantFrom("added", "changed", "removed"),
  createdAt: fc.constant("2024-12-12T00:00:00Z"),
  active: fc.constantFrom(0 as const, 1 as const),
  changeId: fc.option(fc.nat(13), { nil: null }),
});
const plain = (row: Row | undefined) => row && { ...row, data: Object.entries(row.data).sort() };

describe("folding the changes of a page", () => {
  test("has the effect of the changes one by one, on every row and on a missing one", () => {
    fc.assert(
      fc.property(page, fc.option(aRow, { nil: undefined }), (changes, row) => {
        const folds = foldChanges(changes);
        for (const innerId of ["a", "b", "c"]) {
          const own = changes.filter((change) => change.innerId === innerId);
          const oneByOne = own.reduce<Row | undefined>(applyOne, row);
          const folded = applyFolds(
            row,
            folds.filter((fold) => fold.innerId === innerId),
          );
          expect(plain(folded)).toEqual(plain(oneByOne));
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("counts every applied change, and has the time of each removal", () => {
    fc.assert(
      fc.property(page, (changes) => {
        const all = foldChanges(changes).filter(({ afterId }) => afterId === -1);
        const turns = new Map<string, FeedChange[]>();
        for (const change of changes) {
          const before = turns.get(change.innerId) ?? [];
          if (change.changeId > (before.at(-1)?.changeId ?? -1)) {
            turns.set(change.innerId, [...before, change]);
          }
        }
        expect(all.map(({ innerId, count, removedAt }) => ({ innerId, count, removedAt }))).toEqual(
          [...turns].map(([innerId, own]) => ({
            innerId,
            count: own.length,
            removedAt: own.filter((one) => one.changeType === "removed").map((one) => one.createdAt),
          })),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("no changes give no folds", () => {
    expect(foldChanges([])).toEqual([]);
  });
});

describe("the names of changed fields", () => {
  test("lose one prefix; a name that is only the prefix keeps it; the later of two equal names wins", () => {
    expect(unprefixed({ new_price: 1, new_new_x: 2, new_: 3, renew_x: 4, plain: 5 })).toEqual({
      ...{ price: 1, new_x: 2, new_: 3, renew_x: 4, plain: 5 },
    });
    expect(unprefixed({ price: 1, new_price: 2 })).toEqual({ price: 2 });
    expect(Object.entries(unprefixed(JSON.parse('{"new___proto__":{"a":1}}')))).toEqual([
      ["__proto__", { a: 1 }],
    ]);
  });
});
