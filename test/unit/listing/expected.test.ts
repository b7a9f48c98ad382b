import { describe, expect, test } from "vitest";
import { normalizeListing } from "../../../src/listing/index.ts";
import { readEngine } from "../../../src/listing/parse/engine.ts";
import { parsePlace } from "../../../src/listing/parse/place.ts";
import { readDimensions, readStructure } from "../../../src/listing/parse/structure.ts";
import { parseTrim } from "../../../src/listing/parse/trim.ts";
import cases from "../../fixtures/expected.json" with { type: "json" };
import { issueList } from "../../support/listing/issues.ts";

interface Case {
  kind: string;
  name?: string;
  field?: string;
  raw: unknown;
  expect: Record<string, unknown>;
  absent?: string[];
}

const now = new Date("2026-11-24T00:00:00Z");

/** What a case of each kind is compared with. */
function resultOf({ kind, field, raw }: Case): object {
  const { report } = issueList();
  const text = String(raw);
  if (kind === "trim") {
    return parseTrim(text, report, now);
  }
  if (kind === "engine") {
    return readEngine(text);
  }
  if (kind === "body") {
    return readStructure(text);
  }
  if (kind === "dimensions") {
    return readDimensions(text);
  }
  if (kind === "address") {
    return namesOf(parsePlace(raw, report));
  }
  return normalizeListing(kind === "field" ? { [String(field)]: raw } : raw, { now }).listing;
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

describe("the checked cases of the field rules", () => {
  test.each(
    (cases as Case[]).map(
      (one) => [one.kind, one.name ?? one.field ?? "", JSON.stringify(one.raw), one] as const,
    ),
  )("%s %s %s", (_kind, _name, _raw, one) => {
    const result = resultOf(one) as Record<string, unknown>;
    const compared = Object.fromEntries(Object.keys(one.expect).map((key) => [key, result[key] ?? null]));
    expect(compared).toEqual(one.expect);
  });

  test("nothing personal is anywhere in the result, not even in the issues", () => {
    for (const { raw, absent = [] } of cases as Case[]) {
      const text = JSON.stringify(normalizeListing(raw, { now }));
      for (const personal of absent) {
        expect(text).not.toContain(personal);
      }
    }
  });
});
