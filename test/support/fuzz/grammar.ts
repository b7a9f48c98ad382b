import fc from "fast-check";
import { offersParameters } from "../../../src/api/query/parameters.ts";
import changes from "../../fixtures/changes-page.json" with { type: "json" };
import filters from "../../fixtures/filters-en.json" with { type: "json" };
import offer from "../../fixtures/offer.json" with { type: "json" };
import offers from "../../fixtures/offers-page-1.json" with { type: "json" };

// Inputs of the client, the normaliser and the API: real ones with parts replaced, repeated, wrapped or removed, and with
// damaged text.

/** Values that are known to break programs. */
const ODD: readonly unknown[] = [
  ...[null, true, false, "", " ", 0, -0, -1, 0.1, 1e308, 5e-324, 2 ** 53, -(2 ** 63), 1e21],
  ...[
    "null",
    "true",
    "[]",
    "{}",
    "NaN",
    "Infinity",
    "-0",
    "1e999",
    "0x10",
    "1_000",
    "٣",
    "１２３",
    "1,5",
    "007",
    " 7 ",
    "7.0",
    "9007199254740993",
    "-9223372036854775809",
    "9".repeat(400),
  ],
  ...[
    "\u0000",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\u202e",
    "\uffff",
    "a\u0300\u0301",
    "😀",
    "ﷺ",
    "\r\n",
    "\u2028",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "new_",
    "new_new_price",
    "' or 1=1 --",
    "$1",
    "%s",
    "#{7*7}",
    "../x",
    "<b>",
  ],
  ...[
    [],
    [[]],
    {},
    [null],
    { "": {} },
    { constructor: { prototype: 1 } },
    { length: 1e9 },
    Array(200).fill({ a: [] }),
  ],
  ...[
    "a".repeat(300),
    "车".repeat(5000),
    "13812345678",
    "2019年5月",
    "国VI(国V)",
    "5门5-6座SUV",
    "18.98万",
    "4462*1803*1446",
  ],
  ...[offer, { result: offer }, { data: offer }, JSON.stringify(offer), [offer]],
];
const odd = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);

/** Makes one change to a tree, at node `at` modulo the number of nodes. */
const operation = fc.record({
  at: fc.nat(5000),
  kind: fc.constantFrom("replace", "replace", "replace", "remove", "wrap", "repeat", "rename", "text"),
  by: odd,
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

type Place = readonly [holder: Record<string, unknown> | unknown[], key: string];

function placesOf(value: unknown, found: Place[] = []): Place[] {
  if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value)) {
      found.push([value as Record<string, unknown>, key]);
      placesOf((value as Record<string, unknown>)[key], found);
    }
  }
  return found;
}

function changed(root: { value: unknown }, { at, kind, by }: Operation): void {
  const places = placesOf(root);
  const place = places[at % places.length];
  if (place === undefined) {
    return;
  }
  const [holder, key] = place;
  const target = holder as Record<string, unknown>;
  const was = target[key];
  if (kind === "remove") {
    delete target[key];
  } else if (kind === "rename" && !Array.isArray(target)) {
    delete target[key];
    // Not String(by): a value may have a `toString` of its own.
    Object.defineProperty(target, typeof by === "string" ? by : JSON.stringify(by), {
      value: was,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (kind === "wrap") {
    target[key] = Array.isArray(was) ? { result: was } : [was];
  } else if (kind === "repeat" && Array.isArray(was)) {
    target[key] = [...was, ...structuredClone(was)];
  } else if (kind === "text") {
    target[key] = typeof was === "object" ? JSON.stringify(was) : String(was);
  } else {
    target[key] = structuredClone(by);
  }
}

const mutated = (bases: readonly unknown[], maxLength = 6): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...bases), fc.array(operation, { minLength: 1, maxLength }))
    .map(([base, operations]) => {
      const root = { value: structuredClone(base) };
      for (const one of operations) {
        changed(root, one);
      }
      return root.value;
    });

/** JSON that no JavaScript value is printed as, or that is deep or wide. */
const RAW: readonly string[] = [
  ...["9007199254740993", "18446744073709551616", "1e400", "-1e400", "-0", "1.0", "1E2", "9".repeat(400)],
  ...["[".repeat(2_000) + "]".repeat(2_000), `${'{"a":'.repeat(2_000)}0${"}".repeat(2_000)}`],
  ...[`[${"0,".repeat(20_000)}0]`, `[${"{},".repeat(20_000)}0]`, "[".repeat(5_000)],
  `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":0`).join(",")}}`,
];

/** JSON, mostly valid. */
const broken = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .tuple(
      value,
      fc.nat(12),
      fc.nat(1_000_000),
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom(...RAW),
    )
    .map(([json, kind, at, piece, raw]) => {
      const text = JSON.stringify(json) ?? "";
      const place = text.length === 0 ? 0 : at % text.length;
      if (kind === 0) {
        return text.slice(0, place);
      }
      if (kind === 1) {
        return text.slice(0, place) + piece.toWellFormed() + text.slice(place);
      }
      if (kind === 3 || kind === 4) {
        const numbers = [...text.matchAll(/(?<=[:[,])-?\d[\d.e+-]*(?=[,}\]])/g)];
        const number = numbers[at % Math.max(1, numbers.length)];
        return number === undefined
          ? text
          : text.slice(0, number.index) + raw + text.slice(number.index + number[0].length);
      }
      return kind === 2 ? text + text.slice(place) : text;
    });

/** Requests to the service, with responses. */
export interface Answer {
  readonly path: "/offers" | "/changes" | "/change_id" | "/offer" | "/filters";
  readonly body: string;
}

/** Positions and ids of changes. The feed is read from 1. */
const positions = fc.oneof(
  fc.constantFrom(null, -1, 0, 1, 2, 3, "2", " 3", "1e3", 5_000_001, 5_000_002, 2 ** 31, 2 ** 53, 1e21),
  fc.integer({ min: -5, max: 50 }),
);

/** Pages of the feed that continue forwards, backwards or nowhere. */
const feedPages = fc
  .tuple(positions, positions, fc.array(fc.tuple(positions, odd), { maxLength: 6 }))
  .map(([cur, next, ids]) => ({
    result: ids.map(([id, inner], index) => ({
      ...changes.result[index % changes.result.length],
      id,
      inner_id: inner,
    })),
    meta: { cur_change_id: cur, next_change_id: next },
  }));

/** Responses about a day: with changes, without, and unknown. */
const firstChanges = fc
  .constantFrom<unknown>(
    ...[892_145, 0, -1, 1, 2, "892145", null, 2 ** 53, 1e21].map((change_id) => ({ change_id })),
    ...[{ message: "no such day" }, {}, null, []],
  )
  .map((json) => JSON.stringify(json));

export const answers: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: answer("/offers", [offers]) },
  { weight: 4, arbitrary: answer("/changes", [changes]) },
  { weight: 3, arbitrary: fc.record({ path: fc.constant("/changes"), body: broken(feedPages) }) },
  { weight: 1, arbitrary: answer("/change_id", [{ change_id: 892_145 }]) },
  { weight: 1, arbitrary: fc.record({ path: fc.constant("/change_id"), body: firstChanges }) },
  { weight: 2, arbitrary: answer("/offer", [offer, { result: offer }, { inner_id: "1", data: offer }]) },
  { weight: 1, arbitrary: answer("/filters", [filters]) },
);

function answer(path: Answer["path"], bases: readonly unknown[]): fc.Arbitrary<Answer> {
  return fc.record({ path: fc.constant(path), body: broken(mutated(bases)) });
}

/** The data of a listing. */
export const listings: fc.Arbitrary<unknown> = mutated([offer, ...offers.result.map(({ data }) => data)], 12);

/** Cursors: valid ones, and other versions, sorts, times and encodings. */
const cursorQueries = fc
  .record({
    sort: fc.constantFrom("-created_at", "price", "-price", "mileage_km", "year", "constructor"),
    requested: fc.option(fc.constantFrom("-created_at", "price", "-price")),
    version: fc.constantFrom(1, 1, 1, 1, 1, 1, 0, 2, "1", null),
    key: fc.oneof(
      fc
        .tuple(
          fc.constantFrom(
            "0000",
            "0001",
            "0099",
            "1582",
            "1970",
            "2026",
            "9999",
            "-000001",
            "+010000",
            "+294277",
          ),
          fc.constantFrom("-02-29", "-02-28", "-10-10", "-12-31", "-00-00"),
          fc.constantFrom("T00:00:00", "T23:59:59", "T23:59:60", "T24:00:00", " 00:00:00"),
          fc.constantFrom("Z", ".1Z", ".100000Z", ".999999Z", ".9999999Z", "+00", "+14:00", ""),
        )
        .map((parts) => parts.join("")),
      fc.constantFrom("infinity", "-infinity", "now()", "0", "-1", "2147483647", "2147483648", "1.5", "007"),
      odd,
    ),
    id: fc.oneof(fc.integer({ min: -1, max: 60 }), odd),
    end: fc.constantFrom("", "", "", "=", "==", "%20", "%0A", "."),
    encoding: fc.constantFrom<BufferEncoding>("base64url", "base64url", "base64", "hex"),
  })
  .map(({ sort, requested, version, key, id, end, encoding }) => {
    const cursor = Buffer.from(JSON.stringify([version, sort, key, id])).toString(encoding);
    return `/offers?sort=${requested ?? sort}&cursor=${encodeURIComponent(cursor)}${end}`.slice(0, 6_000);
  });

/** Values of `X-Forwarded-For`. */
export const forwarded: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV6().map((address) => `[${address}]:443`),
      fc.ipV4().map((address) => `::ffff:${address}`),
      fc.constantFrom(
        "unknown",
        "_hidden",
        "203.0.113.8:4001",
        '"[2001:db8::1]"',
        "fe80::1%eth0",
        "127.0.0.1",
        "::1",
      ),
      fc.constantFrom(
        "",
        " ",
        ":",
        "::::",
        "[",
        "[]",
        "1.2.3.4.5",
        "256.1.1.1",
        "0x7f.1",
        "%",
        "9".repeat(2_000),
      ),
      fc.string({ maxLength: 20 }).map((text) => text.replace(/[^\x20-\x7e]/g, "")),
    ),
    { maxLength: 6 },
  )
  .map((hops) => hops.join(","));

const NAMES = Object.keys(offersParameters(100));
const query = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
        { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
      ),
      fc.oneof(
        odd.map((value) => (typeof value === "string" ? value : JSON.stringify(value))),
        fc.constantFrom("BMW", "1", "en", "-price", "10,20"),
      ),
      fc.boolean(),
    ),
    { maxLength: 5 },
  )
  .map((pairs) =>
    pairs
      .map(([name, value, raw]) => {
        const text = value.toWellFormed();
        return `${encodeURIComponent(name.toWellFormed())}=${raw ? encodeURI(text).replace(/[#?\s]/g, "") : encodeURIComponent(text)}`;
      })
      .join("&"),
  );

const otherQueries: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant("/offers") },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "/filters",
          "/stats",
          "/health",
          "/openapi.json",
          "/docs",
          "/nowhere",
          "//",
          "/%00",
        ),
      },
      {
        weight: 2,
        arbitrary: odd.map(
          (value) =>
            `/offers/${encodeURIComponent(String(JSON.stringify(value)).slice(0, 300).toWellFormed())}`,
        ),
      },
    ),
    query,
  )
  .map(([path, search]) => `${path}?${search}`.slice(0, 6000));

/** A path of the API with its query. */
export const queries: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: otherQueries },
  { weight: 1, arbitrary: cursorQueries },
);
