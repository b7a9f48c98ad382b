import fc from "fast-check";
import { expect, test } from "vitest";
import { type CustomsListing, type CustomsOptions, estimateCustoms } from "../../../src/customs/index.ts";

const OPTIONS: CustomsOptions = { date: "2026-11-27", rates: { CNY: "12.8849", EUR: "100.5693" } };
const COUNTRY = fc.constantFrom("ru" as const, "by" as const);
const BYN = { CNY: "0.45117", EUR: "3.4309" };

/** An age, with the day that the car was produced. */
const produced = fc.constantFrom("2025-05", "2022-10", "2018-01");
const engine = fc.constantFrom("gasoline", "diesel", "plug_in_hybrid", "range_extender", "electric");
const cc = fc.integer({ min: 300, max: 10_000 });
const kw = fc.integer({ min: 400, max: 180_000 }).map((value) => value / 100);
const price = fc.integer({ min: 500, max: 20_000_000 });
const facts = fc.record({
  country: COUNTRY,
  produced,
  engine,
  cc,
  kw,
  halfHour: kw,
  price,
  eligible: fc.boolean(),
});
type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

function totalOf(car: Facts): number {
  const listing: CustomsListing = { engine_type: car.engine, displacement_cc: car.cc, price: car.price };
  const { status, total } = estimateCustoms(listing, {
    ...OPTIONS,
    ...(car.country === "by" ? { rates: BYN } : {}),
    country: car.country,
    production_date: car.produced,
    certified_power_kw: car.kw.toFixed(2),
    power_30min_kw: car.halfHour.toFixed(2),
    personal_use_eligible: car.eligible,
    ev_quota_open: false,
  });
  expect(status).toBe("computed");
  return Number(total);
}

/** Of the rows by value, the first has the higher percentage: its end is the one place where a duty falls. */
function crossesFirstValueRow(cheaper: Facts, dearer: Facts): boolean {
  const limit = cheaper.country === "by" ? 8_500 * 3.4309 : 8_500 * 100.5693;
  const rate = cheaper.country === "by" ? 0.45117 : 12.8849;
  return cheaper.price * rate <= limit + 1 && dearer.price * rate >= limit - 1;
}

test.each(["kw", "halfHour", "cc", "price"] as const)(
  "more %s never costs less, with all other classes fixed",
  (name) => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: 100_000 }), (car, more) => {
        const step = name === "kw" || name === "halfHour" ? more / 100 : more;
        const dearer = { ...car, [name]: car[name] + step };
        fc.pre(!(name === "price" && car.produced === "2025-05" && crossesFirstValueRow(car, dearer)));
        expect(totalOf(dearer)).toBeGreaterThanOrEqual(totalOf(car));
      }),
      { numRuns: 400 },
    );
  },
);

test("a total is the sum of the items, to the kopeck", () => {
  fc.assert(
    fc.property(facts, (car) => {
      const result = estimateCustoms(
        { engine_type: car.engine, displacement_cc: car.cc, price: car.price },
        {
          ...OPTIONS,
          production_date: car.produced,
          certified_power_kw: car.kw,
          power_30min_kw: car.halfHour,
        },
      );
      const kopecks = (text: string | null) => BigInt((text ?? "").replace(".", ""));
      const sum = Object.values(result.items).reduce((total, amount) => total + kopecks(amount), 0n);
      expect(kopecks(result.total)).toBe(sum);
    }),
  );
});

const text = fc.option(
  fc.constantFrom("gasoline", "hybrid", "electric", "plug_in_hybrid", "other", "hydrogen"),
);
const whole = (max: number) => fc.option(fc.integer({ min: 1, max }));

test("no listing gives a total with a hole in it, or a missing fact beside a total", () => {
  const listing = fc.record({
    engine_type: text,
    hybrid_kind: fc.option(fc.constantFrom("parallel", "series")),
    body_type: fc.option(fc.constantFrom("suv", "pickup", "sedan")),
    price: whole(10_000_000),
    displacement: fc.option(fc.constantFrom(1.5, 2, 3, 6.2)),
    displacement_cc: whole(10_000),
    power: whole(2_500),
    power_kw: whole(1_850),
    motor_power_kw: whole(1_850),
    year: fc.option(fc.integer({ min: 1980, max: 2027 })),
    model_year: fc.option(fc.integer({ min: 1980, max: 2027 })),
    never_registered: fc.option(fc.constant(true)),
    first_registration: fc.option(fc.constantFrom("2026-12-01", "2023-11-01", "2021-11-15", "1999-02-28")),
  });
  const country = fc.constantFrom("ru" as const, "by" as const, "kz" as const);
  const date = fc.constantFrom("2026-11-27", "2027-01-01", "2017-12-31");
  fc.assert(
    fc.property(listing, country, date, fc.boolean(), (car, where, day, single) => {
      const options = {
        ...OPTIONS,
        country: where,
        date: day,
        estimate_30min: single,
        allow_single_source: single,
      };
      const result = estimateCustoms(car, options);
      const isComplete = Object.values(result.items).every((amount) => amount !== null);
      expect(result.status === "not_computed").toBe(result.missing.length > 0);
      if (result.status === "computed" || result.status === "estimate") {
        expect(isComplete).toBe(true);
        expect(result.total).not.toBeNull();
      }
      if (result.status === "range") {
        const totals = result.variants.map(({ total }) => Number(total));
        expect(totals).toEqual(totals.toSorted((a, b) => b - a));
        expect([Number(result.total_max), Number(result.total_min)]).toEqual([totals[0], totals.at(-1)]);
      }
    }),
    { numRuns: 500 },
  );
});
