import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, test } from "vitest";
import { LISTING_FILE, printListing } from "../../../scripts/generate-listing.ts";
import type { ProcessedData } from "../../../src/database/entities/index.ts";
import type { ListingOption } from "../../../src/listing/equipment.ts";
import { FIELDS, type FieldName, type FieldOf, fieldOf, fieldsWith } from "../../../src/listing/fields.ts";
import type { Listing, Places } from "../../../src/listing/index.ts";

type Fields = typeof FIELDS;
interface JsonTypes {
  images: readonly string[];
  options: readonly ListingOption[];
  place: Places;
  customs_missing: readonly string[];
}
type ValueOf<N extends FieldName> = Fields[N] extends { values: infer V }
  ? keyof V | null
  : N extends keyof JsonTypes
    ? JsonTypes[N]
    : Fields[N]["kind"] extends "int" | "decimal"
      ? number | null
      : Fields[N]["kind"] extends "flag"
        ? boolean | null
        : Fields[N]["kind"] extends "marker"
          ? true | null
          : string | null;
type IsOptional<N extends FieldName> = Fields[N] extends { optional: true } ? true : false;
type WithRaw = {
  [N in FieldOf<"category">]: Fields[N] extends { raw: false } ? never : N;
}[FieldOf<"category">];
/** The type that the declaration describes. */
type DeclaredListing = {
  readonly [N in FieldName as IsOptional<N> extends true ? never : N]: ValueOf<N>;
} & { readonly [N in FieldName as IsOptional<N> extends true ? N : never]?: NonNullable<ValueOf<N>> } & {
  readonly [N in WithRaw as `${N}_raw`]?: string;
};
type Flat<T> = { [K in keyof T]: T[K] };

describe("the declaration of the fields", () => {
  test("the committed interface is what `npm run generate` prints", () => {
    expect(readFileSync(LISTING_FILE, "utf8")).toBe(printListing());
  });

  test("the generated interface has the declared types", () => {
    expectTypeOf<Flat<Listing>>().toEqualTypeOf<Flat<DeclaredListing>>();
  });

  test("the entity has a typed property per column", () => {
    expectTypeOf<ProcessedData["kmAge"]>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<ProcessedData["displacement"]>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<ProcessedData["engineType"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<ProcessedData["isDealer"]>().toEqualTypeOf<boolean | null | undefined>();
    expectTypeOf<ProcessedData["firstRegistration"]>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<ProcessedData["images"]>().toEqualTypeOf<string[] | null | undefined>();
    expectTypeOf<ProcessedData["options"]>().toEqualTypeOf<unknown[] | null | undefined>();
    expectTypeOf<ProcessedData>().not.toHaveProperty("frontSuspension");
  });

  test("every range has its lower bound first", () => {
    for (const name of fieldsWith("range")) {
      const [min, max] = fieldOf(name).range ?? [0, 0];
      expect(min, name).toBeLessThan(max);
    }
  });

  test.each(
    [...fieldsWith("filter"), ...fieldsWith("index"), ...fieldsWith("card")].filter(
      (name) => name !== "inner_id",
    ),
  )("%s has a column, because SQL uses it", (name) => {
    expect(FIELDS[name]).toHaveProperty("column");
  });

  test("sort keys are whole numbers, as cursors expect", () => {
    for (const name of fieldsWith("index")) {
      if (FIELDS[name].index === "covering") {
        expect(FIELDS[name].kind, name).toBe("int");
      }
    }
  });

  test("every field has a name in three languages, the Chinese one in Chinese characters", () => {
    for (const [name, { name: names }] of Object.entries(FIELDS)) {
      expect(new Set(names.map((one) => one.trim())).size, name).toBeGreaterThanOrEqual(
        name === "vin" ? 2 : 3,
      );
      expect(names[1], name).toMatch(/[а-яё]|VIN/iu);
      expect(names[2], name).toMatch(/\p{Script=Han}/u);
    }
  });
});
