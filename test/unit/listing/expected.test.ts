import { describe, expect, test } from "vitest";
import { normalizeListing } from "../../../src/listing/index.ts";
import { readEngine } from "../../../src/listing/parse/engine.ts";
import { parsePlace } from "../../../src/listing/parse/place.ts";
import { readDimensions, readStructure } from "../../../src/listing/parse/structure.ts";
import { parseTrim } from "../../../src/listing/parse/trim/trim.ts";
import cases from "../../fixtures/expected.json" with { type: "json" };
import cases2026 from "../../fixtures/expected-2026.json" with { type: "json" };
import { issueList } from "../../support/listing/issues.ts";

/** A verified case: only the keys of `expect` are compared; null there means null or missing. */
interface Case {
  readonly kind: string;
  readonly name?: string;
  readonly field?: string;
  readonly raw: unknown;
  readonly expect: Readonly<Record<string, unknown>>;
  /** `field: code`, each of which must be reported. */
  readonly issues?: readonly string[];
  /** Texts that must not occur anywhere in the result. */
  readonly absent?: readonly string[];
}

const now = new Date("2026-11-24T00:00:00Z");
const CASES: readonly Case[] = [...(cases as Case[]), ...(cases2026 as unknown as Case[])];

const dataOf = ({ kind, field, raw }: Case): unknown => (kind === "field" ? { [String(field)]: raw } : raw);

/** Runs the parser of a case's kind and returns its result. */
function resultOf(one: Case): object {
  const { report } = issueList();
  const text = String(one.raw);
  switch (one.kind) {
    case "trim":
      return parseTrim(text, report, now);
    case "engine":
      return readEngine(text);
    case "body":
      return readStructure(text);
    case "dimensions":
      return readDimensions(text);
    case "address":
      return namesOf(parsePlace(one.raw, report));
    default:
      return normalizeListing(dataOf(one), { now }).listing;
  }
}

function namesOf(places: ReturnType<typeof parsePlace>): Record<string, string | null> {
  return Object.fromEntries(
    (["province", "city", "district"] as const).flatMap((level) =>
      (["zh", "en", "ru"] as const).map((language) => [
        `${level}_${language}`,
        places[level]?.[language] ?? null,
      ]),
    ),
  );
}

describe("verified cases", () => {
  test.each(
    CASES.map((one) => [one.kind, one.name ?? one.field ?? "", JSON.stringify(one.raw), one] as const),
  )("%s %s %s", (_kind, _name, _raw, one) => {
    const result = resultOf(one) as Record<string, unknown>;
    const compared = Object.fromEntries(Object.keys(one.expect).map((key) => [key, result[key] ?? null]));
    expect(compared).toEqual(one.expect);
    if (one.issues !== undefined) {
      const issues = normalizeListing(dataOf(one), { now }).issues.map(
        ({ field, code }) => `${field}: ${code}`,
      );
      expect(issues).toEqual(expect.arrayContaining([...one.issues]));
    }
  });

  test("contain no personal data in the result, issues included", () => {
    for (const { raw, absent = [] } of CASES) {
      const text = JSON.stringify(normalizeListing(raw, { now }));
      for (const personal of absent) {
        expect(text).not.toContain(personal);
      }
    }
  });
});
