import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CursorPosition, decodeCursor, encodeCursor, SORTS } from "../../../src/api/query/sort.ts";

const REJECTED = expect.stringContaining("is not a cursor of this API");
const encoded = (text: string) => Buffer.from(text).toString("base64url");

const time = fc
  .tuple(
    fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    }),
    fc.integer({ min: 0, max: 999_999 }),
  )
  .map(([day, micros]) =>
    `${day.toISOString().slice(0, 19)}.${String(micros).padStart(6, "0")}`.replace(/\.?0*$/, "Z"),
  );
const integer = fc.option(fc.integer({ min: -2_147_483_647, max: 2_147_483_647 }).map(String));
const position: fc.Arbitrary<CursorPosition> = fc
  .record({
    sort: fc.constantFrom(...SORTS),
    integer,
    time,
    id: fc.integer({ min: 1, max: 2_147_483_647 }),
  })
  .map(({ sort, integer: value, time: text, id }) => ({
    sort,
    key: /(?:created|updated)_at$/.test(sort) ? text : value,
    id,
  }));

describe("cursors", () => {
  test("decode to the position that they encode, for every sort", () => {
    fc.assert(
      fc.property(position, (one) => {
        expect(decodeCursor(encodeCursor(one), one.sort)).toEqual(one);
      }),
      { numRuns: 1_000 },
    );
  });

  const MIDNIGHT = "2026-02-20T00:00:00Z";
  test.each([
    "",
    "abc",
    "W10",
    "eyJhIjoxfQ",
    "x".repeat(300),
    encoded('[1,"-created_at","now()",1]'),
    encoded('[1,"-created_at","0000-01-01T00:00:00Z",1]'),
    encoded('[1,"-created_at","2026-02-30T00:00:00Z",1]'),
    encoded('[1,"-created_at","2026-02-20T24:00:00Z",1]'),
    encoded('[1,"-created_at","2026-02-20T23:59:60Z",1]'),
    encoded('[1,"-created_at","20.02.2026 00:00:00.000000 UTC",1]'),
    encoded('[1,"-created_at","2026-02-20T00:00:00.10Z",1]'),
    encoded('[1,"-created_at","2026-02-20 00:00:00+00",1]'),
    encoded('[1,"-created_at",null,1]'),
    encoded(`[2,"-created_at","${MIDNIGHT}",1]`),
    encoded(`[1,"-created_at","${MIDNIGHT}",1.5]`),
    encoded(`[1,"-created_at","${MIDNIGHT}",0]`),
    encoded(`[1,"-created_at","${MIDNIGHT}",-1]`),
    encoded(`[1,"-created_at","${MIDNIGHT}",99999999999]`),
    // Other spellings of a valid position, which are never issued.
    encoded(`[1, "-created_at", "${MIDNIGHT}", 1]`),
    encoded(`[1,"-created_at","${MIDNIGHT}",1.0]`),
    `${encoded(`[1,"-created_at","${MIDNIGHT}",1]`)}=`,
  ])("%j is rejected", (text) => {
    expect(decodeCursor(text, "-created_at")).toEqual(REJECTED);
  });

  test.each(["007", "-0", "1.5", "2147483648", "-2147483648", "", " 5"])(
    "a price of %j is rejected",
    (key) => {
      expect(decodeCursor(encoded(JSON.stringify([1, "price", key, 1])), "price")).toEqual(REJECTED);
    },
  );

  test("of another sort are rejected with the reason", () => {
    const cursor = encodeCursor({ sort: "price", key: "5", id: 1 });
    expect(decodeCursor(cursor, "-price")).toEqual(expect.stringContaining("another sort"));
  });

  test("every accepted text is exactly one that encodes its position", () => {
    const near = fc
      .tuple(position, fc.nat(), fc.string({ minLength: 1, maxLength: 3 }))
      .map(([one, at, text]) => {
        const json = JSON.stringify([1, one.sort, one.key, one.id]);
        const index = at % json.length;
        return json.slice(0, index) + text + json.slice(index + text.length);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), near).map(encoded), fc.constantFrom(...SORTS), (text, sort) => {
        const decoded = decodeCursor(text, sort);
        expect(typeof decoded === "string" || encodeCursor(decoded) === text).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
