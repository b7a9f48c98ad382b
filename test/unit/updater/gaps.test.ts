import { describe, expect, test } from "vitest";
import { createGapDetector, findHoles } from "../../../src/updater/gaps.ts";

const NOW = new Date("2025-06-15T12:00:00Z");
const DAY = 86_400_000;
const NEWEST = NOW.getTime() - DAY;

const page = (changeId: number, nextChangeId: number | null) => ({ changeId, nextChangeId });
const changes = (ids: readonly number[], createdMs: number | undefined = undefined) =>
  ids.map((changeId) => ({ changeId, createdMs }));
const range = (first: number, count: number, step = 1) =>
  Array.from({ length: count }, (_, index) => first + index * step);
const bounds = (holes: readonly { from: number; to: number }[]) => holes.map(({ from, to }) => [from, to]);

describe("missing ranges of a page", () => {
  test.each<[what: string, position: number, ids: number[], next: number | null, holes: number[][]]>([
    ["none", 100, [100, 101], 102, []],
    ["before the first id", 100, [102, 103], 104, [[100, 101]]],
    ["inside the page", 100, [100, 105, 106], 107, [[101, 104]]],
    ["before the next page", 100, [100], 105, [[101, 104]]],
    [
      "several",
      100,
      [101, 103],
      null,
      [
        [100, 100],
        [102, 102],
      ],
    ],
    ["ids in any order, repeated, below the position", 100, [103, 101, 101, 99, 100], null, [[102, 102]]],
    ["an empty page", 100, [], null, []],
  ])("%s", (_what, position, ids, next, holes) => {
    expect(bounds(findHoles(page(position, next), changes(ids), NEWEST).holes)).toEqual(holes);
  });

  test("have the times of the changes around them", () => {
    const { holes } = findHoles(page(100, 110), changes([105], NOW.getTime()), NEWEST);
    expect(holes).toEqual([
      { from: 100, to: 104, after: "2025-06-14T12:00:00.000Z", before: "2025-06-15T12:00:00.000Z" },
      { from: 106, to: 109, after: "2025-06-15T12:00:00.000Z", before: null },
    ]);
  });
});

describe("gaps", () => {
  const detector = (position: { idSteps?: number; idHoles?: number; updatedMs?: number } = {}) =>
    createGapDetector({
      position: { idSteps: 0, idHoles: 0, updatedMs: NEWEST, newestChangeMs: NEWEST, ...position },
      tolerance: 20,
      now: NOW,
    });

  test.each([
    [1, 0, 1],
    [20, 0, 20],
    [21, 1, 0],
    [49_000, 1, 0],
  ])("of %d ids: %d is a gap, %d ids are only counted", (size, gaps, skipped) => {
    const found = detector().findGaps(page(1_000, null), changes(range(1_000 + size, 20)));
    expect(found.gaps.length).toBe(gaps);
    expect(found.skipped).toBe(skipped);
  });

  test("holes between more than 1 % of at least 100 neighbouring ids are only counted, earlier ones of the run too", () => {
    const one = detector();
    let withdrawn = 0;
    let gaps = 0;
    for (let first = 1_000, pages = 0; pages < 10; first += 20 * 50, pages += 1) {
      const found = one.findGaps(page(first, first + 20 * 50), changes(range(first, 20, 50)));
      gaps += found.gaps.length - found.withdrawn.length;
      withdrawn += found.withdrawn.length;
      expect(found.gaps.length).toBe(pages < 4 ? 20 : 0);
    }
    expect([gaps, withdrawn]).toEqual([0, 80]);
  });

  test("exactly 1 % of holes is not a sparse numbering", () => {
    const found = detector({ idSteps: 980, idHoles: 9 }).findGaps(
      page(1_000, null),
      changes(range(1_100, 20)),
    );
    expect(bounds(found.gaps)).toEqual([[1_000, 1_099]]);
  });

  describe("in a sparse numbering", () => {
    const sparse = { idSteps: 1_000, idHoles: 500 };
    const late = { ...sparse, updatedMs: NOW.getTime() - 6.1 * DAY };
    const first = (position: object, createdMs: number | undefined) =>
      detector(position).findGaps(page(1_000, null), changes(range(50_000, 20, 50), createdMs));

    test("a gap is concluded from time: the last run is over 6 days ago, the first change over 6 hours newer", () => {
      expect(bounds(first(late, NEWEST + 6.1 * 3_600_000).gaps)).toEqual([[1_000, 49_999]]);
    });

    test.each<[string, object, number | undefined]>([
      ["the last run is recent", sparse, NEWEST + DAY],
      ["the first change is hardly newer", late, NEWEST + 5.9 * 3_600_000],
      ["the first change has no date", late, undefined],
    ])("not when %s", (_what, position, createdMs) => {
      expect(first(position, createdMs).gaps).toEqual([]);
    });
  });

  test("everything up to the reported end is a gap when the page stays empty", () => {
    const found = detector().findGaps(page(1_000, null), [], 50_000);
    expect(bounds(found.gaps)).toEqual([[1_000, 49_999]]);
    expect(detector().findGaps(page(1_000, null), [], 1_020)).toMatchObject({ gaps: [], skipped: 20 });
  });
});
