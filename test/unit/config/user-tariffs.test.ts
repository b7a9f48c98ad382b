import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig, readTariffs } from "../../../src/config/index.ts";
import { tariffProblems } from "../../../src/config/tariff-schema.ts";
import { SHIPPED_FILES } from "../../../src/customs/shipped.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "che168-tariffs-"));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const FEE = {
  country: "ru",
  kind: "customs_fee",
  valid_from: "2027-01-01",
  valid_to: null,
  checked_on: "2027-01-02",
  source: ["the decree"],
  confidence: "confirmed",
  rows: [
    { up_to_rub: 200_000, rub: "1231" },
    { up_to_rub: null, rub: 2_462 },
  ],
};
const problems = (table: object) =>
  tariffProblems({ tables: [{ ...FEE, ...table }] }).map(
    ({ path, expected }) => `${path.slice(2).join(".")}: ${expected}`,
  );

test("the tables of the package are valid", () => {
  expect(SHIPPED_FILES.map((file) => tariffProblems(file))).toEqual(SHIPPED_FILES.map(() => []));
  expect(SHIPPED_FILES).toHaveLength(4);
});

describe("a table is rejected", () => {
  test.each<[string, object, RegExp]>([
    ["with a day that does not exist", { valid_from: "2027-02-30" }, /valid_from: a date/],
    ["that ends before it starts", { valid_to: "2026-01-01" }, /valid_from before valid_to/],
    ["without a source", { source: [] }, /source: /],
    ["with an unknown confidence", { confidence: "sure" }, /confidence: /],
    ["of an unknown country", { country: "us" }, /country: /],
    ["of a kind that the country lacks", { kind: "mci" }, /kind: one of unified_duty_up_to_3_years/],
    ["with a decimal comma", { rows: [{ up_to_rub: null, rub: "1,5" }] }, /rows.0.rub: a number/],
    ["with a negative amount", { rows: [{ up_to_rub: null, rub: -5 }] }, /rows.0.rub: /],
    ["without a last row", { rows: [{ up_to_rub: 5, rub: 5 }] }, /rows in ascending order of up_to_rub/],
    ["without rows", { rows: [] }, /rows in ascending order of up_to_rub/],
    [
      "with rows in another order",
      {
        rows: [...["9", "10", "8"].map((up_to_rub) => ({ up_to_rub, rub: 1 })), { up_to_rub: null, rub: 1 }],
      },
      /rows in ascending order/,
    ],
  ])("%s", (_name, table, problem) => {
    expect(problems(table)).toEqual([expect.stringMatching(problem)]);
  });

  test("unless it is valid", () => {
    expect(problems({ note: "unknown keys are notes" })).toEqual([]);
  });
});

test("files are read in order; every problem is reported with its place", async () => {
  const good = join(cwd, "good.json");
  const bad = join(cwd, "bad.yaml");
  await writeFile(good, JSON.stringify({ country: "ru", year: 2027, tables: [FEE] }));
  await writeFile(bad, "tables:\n  - country: ru\n    kind: vat\n");
  expect(await readTariffs([good, good])).toEqual([FEE, FEE]);
  await expect(readTariffs([good, bad, join(cwd, "none.json")])).rejects.toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({
        key: "bad.yaml tables.0.valid_from",
        message: "is missing",
      }),
      expect.objectContaining({ message: expect.stringMatching(/none\.json/) }),
    ]),
  });
});

describe("the section customs", () => {
  // A file of its own, because a loaded one is cached.
  let files = 0;
  const load = async (customs: object) => {
    files += 1;
    const configFile = join(cwd, `${files}.json`);
    await writeFile(configFile, JSON.stringify({ customs }));
    return (await loadConfig({ cwd, configFile, env: {} })).customs;
  };

  test("has no rates by default; paths become absolute", async () => {
    expect(await load({ tariffs: ["a.json"] })).toEqual({ tariffs: [join(cwd, "a.json")], transitDays: 0 });
  });

  test.each([["cbr"], [{ EUR: 100.5, CNY: "12.9" }], [{ EUR: 100.5, by: { EUR: 3.4 } }]])(
    "takes rates %j",
    async (rates) => {
      expect((await load({ rates })).rates).toEqual(rates);
    },
  );

  test.each([
    ["ecb"],
    [{ EUR: 0 }],
    [{ EUR: -1 }],
    [{ EUR: "100,5" }],
    [{ eur: 100.5 }],
    [{ EUR: { CNY: 1 } }],
    [{ by: { EUR: "x" } }],
    [{ us: { EUR: 1 } }],
    [5],
  ])("rejects rates %j", async (rates) => {
    await expect(load({ rates })).rejects.toThrow(/customs\.rates: must be /);
  });
});
