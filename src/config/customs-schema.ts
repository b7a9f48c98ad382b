import { type } from "arktype";
import { httpBase, wholeBetween } from "./schema-types.ts";

const EXPECTED = '"cbr", or rates such as { EUR: 100.5, CNY: 12.9 }';
const DECIMAL = /^\d{1,9}(?:\.\d{1,9})?$/;

const isRate = (value: unknown): boolean =>
  (typeof value === "number" || typeof value === "string") &&
  DECIMAL.test(String(value)) &&
  Number(value) > 0;

/** Currencies have three capitals; Belarus and Kazakhstan have tables of their own. */
function isEntry(key: string, value: unknown): boolean {
  return /^[A-Z]{3}$/.test(key)
    ? isRate(value)
    : (key === "by" || key === "kz") &&
        typeof value === "object" &&
        value !== null &&
        Object.entries(value).every(([code, rate]) => /^[A-Z]{3}$/.test(code) && isRate(rate));
}

const rate = type("number | string");
const rates = type({ "[string]": rate.or({ "[string]": rate }) })
  .narrow((table, context) => {
    const wrong = Object.entries(table).find(([key, value]) => !isEntry(key, value));
    return wrong === undefined || context.reject(`${EXPECTED}; ${wrong[0]} is not a positive rate`);
  })
  .describe(EXPECTED);

/** The section `customs`. */
export const customsSchema = type({
  "+": "reject",
  /** Files of tariff tables, laid over those of the package; of several tables for a day the last counts. */
  tariffs: type("string > 0")
    .describe("a path")
    .array()
    .describe("a list of paths")
    .default(() => []),
  /**
   * Official exchange rates: roubles for one unit, `{ EUR: 100.5, CNY: 12.9 }`, with tables for Belarus (`by`) and Kazakhstan
   * (`kz`) beside them; or `cbr`: the daily rates of the Central Bank of Russia.
   */
  "rates?": rates.or("'cbr'").describe(EXPECTED),
  /** Address of the bank's daily XML: tests, the sandbox. */
  "ratesUrl?": httpBase,
  /** Days until the declaration, added to today. */
  transitDays: wholeBetween(0, 365, "days").default(0),
});
