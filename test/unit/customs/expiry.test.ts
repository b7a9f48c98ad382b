import { describe, expect, test } from "vitest";
import { expiringTariffs, type Tariff } from "../../../src/customs/index.ts";

const OWN = {
  country: "ru",
  kind: "customs_fee",
  valid_from: "2027-01-01",
  valid_to: "2027-12-31",
  checked_on: "2027-01-02",
  source: ["mine"],
  confidence: "confirmed",
  rows: [{ up_to_rub: null, rub: 1 }],
} as const satisfies Tariff;
const RU = ["ru"] as const;

describe("tariffs that end", () => {
  test("are reported 30 days ahead, and after their end", () => {
    expect(expiringTariffs([], { countries: RU, today: "2026-12-01" })).toBeNull();
    const ending = { ends_on: "2026-12-31", tables: ["ru customs_fee", "ru recycling_fee", "ru excise"] };
    expect(expiringTariffs([], { countries: RU, today: "2026-12-02" })).toEqual(ending);
    expect(expiringTariffs([], { countries: RU, today: "2027-06-01" })).toEqual(ending);
  });

  test("are not reported when a table of yours follows", () => {
    const options = { countries: RU, today: "2026-12-20" };
    expect(expiringTariffs([OWN], options)?.tables).toEqual(["ru recycling_fee", "ru excise"]);
    expect(expiringTariffs([{ ...OWN, status: "provisional" }], options)?.tables).toContain("ru customs_fee");
    expect(expiringTariffs([OWN], { ...options, today: "2027-12-15" })).toMatchObject({
      ends_on: "2026-12-31",
    });
  });

  test("of other countries are theirs; single-source tables are not in use", () => {
    expect(expiringTariffs([], { countries: ["by"], today: "2026-12-20" })?.tables).toEqual(["by ev_duty"]);
    expect(expiringTariffs([], { countries: ["kz"], today: "2026-12-20" })?.tables).not.toContain(
      "kz customs_fee",
    );
    expect(expiringTariffs([], { countries: [], today: "2026-12-20" })).toBeNull();
  });
});
