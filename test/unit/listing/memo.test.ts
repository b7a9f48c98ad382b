import fc from "fast-check";
import { expect, test } from "vitest";
import { memo, memoInOrder, memoLong } from "../../../src/listing/memo.ts";

test.each([
  ["in any order", memo],
  ["mostly in order", memoInOrder],
])("a cached result equals a computed one, %s and for any cache size", (_, keep) => {
  const texts = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "long".repeat(60)), { maxLength: 60 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 6 }), (asked, limit) => {
      const compute = (text: string) => `${text.length}:${text}`;
      const kept = keep(compute, limit);
      expect(asked.map(kept)).toEqual(asked.map(compute));
    }),
  );
});

test("a repeated text is computed once", () => {
  const computed: string[] = [];
  const kept = memoInOrder((text) => computed.push(text));
  for (const text of ["a", "b", "c", "a", "b", "c", "b", "a"]) {
    kept(text);
  }
  expect(computed).toEqual(["a", "b", "c"]);
});

test("long texts are kept up to a total length, the least recently used one is dropped first", () => {
  const computed: string[] = [];
  const kept = memoLong((text) => ({ count: computed.push(text.slice(0, 1)) }), 30_000);
  const texts = ["a", "b", "c"].map((letter) => letter.repeat(10_000));
  const [a = "", b = "", c = ""] = texts;
  for (const text of [a, b, a, c, a, b]) {
    kept(text);
  }
  expect(computed).toEqual(["a", "b", "c", "b"]);
});
