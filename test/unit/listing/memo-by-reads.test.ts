import { expect, test } from "vitest";
import { memoByReads } from "../../../src/listing/memo.ts";

/** A function that counts how often it computes, and reads `c` only for some values of `a`. */
function counted() {
  const memo = memoByReads<object, string>();
  let count = 0;
  const compute = (record: Readonly<Record<string, unknown>>) => {
    count += 1;
    return record.a === 1 ? `1 ${String(record.c)}` : String(record.a);
  };
  return {
    call: (subject: object, given: string, record: Readonly<Record<string, unknown>>) =>
      memo(subject, given, record, compute),
    count: () => count,
  };
}

test("a result is used again for a record with the same values of what was read", () => {
  const { call, count } = counted();
  const subject = {};
  expect(call(subject, "", { a: 1, b: 2, c: 3 })).toBe("1 3");
  expect(call(subject, "", { a: 1, b: "other", c: 3, d: 4 })).toBe("1 3");
  expect(count()).toBe(1);
});

test("a record with another value of what was read, or without it, has a result of its own", () => {
  const { call, count } = counted();
  const subject = {};
  for (const [record, result] of [
    [{ a: 1, c: 3 }, "1 3"],
    [{ a: 1, c: 4 }, "1 4"],
    [{ a: 1 }, "1 undefined"],
    [{ a: 2, c: 3 }, "2"],
    [{ a: 2, c: 9 }, "2"],
    [{ a: 1, c: 3 }, "1 3"],
  ] as const) {
    expect(call(subject, "", record)).toBe(result);
  }
  expect(count()).toBe(4);
});

test("results belong to their subject and to the given text", () => {
  const { call, count } = counted();
  const [one, two] = [{}, {}];
  const calls = [
    [one, ""],
    [two, ""],
    [one, "x"],
    [two, ""],
  ] as const;
  for (const [subject, given] of calls) {
    call(subject, given, { a: 5 });
  }
  expect(count()).toBe(3);
});

test("the oldest of many results of a subject is computed again", () => {
  const { call, count } = counted();
  const subject = {};
  for (let a = 10; a < 30; a += 1) {
    call(subject, "", { a });
  }
  call(subject, "", { a: 29 });
  expect(count()).toBe(20);
  call(subject, "", { a: 10 });
  expect(count()).toBe(21);
});

test("a function that looks at a record as a whole is refused: what it saw could not be compared", () => {
  const memo = memoByReads<object, unknown>();
  for (const look of [Object.keys, (record: object) => ({ ...record }), (record: object) => "a" in record]) {
    expect(() => memo({}, "", { a: 1 }, look)).toThrow("single members");
  }
});
