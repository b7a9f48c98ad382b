import fc from "fast-check";
import { expect, test } from "vitest";
import { insertListings, type ListingRow, listings } from "../../../tools/processed.ts";
import { openApi } from "../../support/api/api.ts";
import { afterCorrection, matches, type Query, requestsFor } from "../../support/api/listing-model.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const ROWS = [...listings(1_200, { seed: 11 })];
const RUNS = 50;
const query = requestsFor(ROWS).map(({ sort, page, limit, ...rest }) => rest as Query);

const GROUPS = [
  ...([
    "series",
    "color",
    "body_type",
    "car_class",
    "doors",
    "seats",
    "engine_type",
    "transmission_type",
  ] as const),
  ...(["drive_type", "emission_standard", "seller_type", "salon_id", "province", "district"] as const),
] as const;
const FLAGS = { is_import: "is_import", has_vin: "vin", has_images: "images" } as const;
const RANGES = ["year", "price", "km_age", "power", "displacement", "battery_kwh", "transfers"] as const;

/** The rows of a request without its own parameters. */
function rowsWithout(wanted: Query, ...parameters: string[]): ListingRow[] {
  const rest = Object.fromEntries(Object.entries(wanted).filter(([name]) => !parameters.includes(name)));
  return ROWS.filter((row) => matches(row, rest));
}

/** Values with their counts, most frequent first. */
function counted(values: readonly unknown[]): { value: unknown; count: number }[] {
  const groups = Map.groupBy(
    values.filter((value) => value !== null),
    (value) => value,
  );
  return [...groups]
    .map(([value, list]) => ({ value, count: list.length }))
    .sort((one, other) => other.count - one.count || (String(one.value) < String(other.value) ? -1 : 1));
}

const plain = (list: readonly { value: unknown; count: number }[]) =>
  list.map(({ value, count }) => ({ value, count }));

onEachDatabase("GET /filters", ({ database }) => {
  test("counts what a plain loop over all listings counts, for random selections", async () => {
    await insertListings(database(), ROWS);
    const api = await openApi(database(), { cacheBytes: 0 });
    const requested = ["district", "salon_id", ...Object.keys(FLAGS)].join(",");
    await fc.assert(
      fc.asyncProperty(query, async (sent) => {
        const { status, body } = await api.ask(
          `/filters?${new URLSearchParams({ ...sent, facets: requested })}`,
        );
        expect(status, JSON.stringify(body)).toBe(200);
        const wanted = afterCorrection(ROWS, sent, body.meta?.corrected);
        expect(body.total).toBe(rowsWithout(wanted).length);
        for (const group of GROUPS) {
          expect(plain(body[group]), group).toEqual(
            counted(rowsWithout(wanted, group).map((row) => row[group])),
          );
        }
        expect(plain(body.mark)).toEqual(counted(rowsWithout(wanted, "mark").map((row) => row.mark)));
        for (const { value, models } of body.mark) {
          const own = rowsWithout(wanted, "model").filter((row) => row.mark === value);
          expect(models).toEqual(counted(own.map((row) => row.model)));
        }
        const cities = rowsWithout(wanted, "city").map(({ city, province }) => city && `${province} ${city}`);
        expect(
          body.city
            .map(({ value, province, count }: Record<string, unknown>) => [`${province} ${value}`, count])
            .sort(),
        ).toEqual(
          counted(cities)
            .map(({ value, count }) => [value, count])
            .sort(),
        );
        for (const [flag, column] of Object.entries(FLAGS)) {
          const rows = rowsWithout(wanted, flag);
          const yes = rows.filter((row) => {
            const value = row[column];
            return value !== null && (!Array.isArray(value) || value.length > 0);
          }).length;
          expect(body[flag]).toEqual([
            { value: true, count: yes },
            { value: false, count: rows.length - yes },
          ]);
        }
        for (const range of RANGES) {
          const numbers = rowsWithout(wanted, `${range}_from`, `${range}_to`).flatMap(
            (row) => row[range] ?? [],
          );
          const bounds = numbers.length === 0 ? [null, null] : [Math.min(...numbers), Math.max(...numbers)];
          expect([body.ranges[range].min, body.ranges[range].max], range).toEqual(bounds);
        }
      }),
      { numRuns: RUNS, seed: 42 },
    );
  });
});
