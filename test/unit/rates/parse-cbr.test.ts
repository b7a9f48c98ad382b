import { describe, expect, test } from "vitest";
import { parseCbrRates } from "../../../src/rates/parse-cbr.ts";
import { bankResponse } from "../../../src/sandbox/http/bank.ts";

const currency = (code: string, value: string, nominal = "1") =>
  `<Valute ID="R1"><CharCode>${code}</CharCode><Nominal>${nominal}</Nominal><Name>x</Name><Value>${value}</Value></Valute>`;
const REQUIRED = [currency("CNY", "12,8849"), currency("EUR", "100,5693"), currency("USD", "86,5857")];
const documentOf = (currencies: readonly string[], { date = "27.11.2026", end = "</ValCurs>" } = {}) =>
  new TextEncoder().encode(
    `<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="${date}" name="x">${currencies.join("")}${end}`,
  );
const ratesOf = (...more: string[]) => parseCbrRates(documentOf([...REQUIRED, ...more])).rates;

test("the sandbox's document has its day in Moscow, in windows-1251", () => {
  const { body } = bankResponse(new Date("2026-11-26T21:00:00Z"));
  expect(new TextDecoder("windows-1251").decode(body)).toContain("<Name>Китайский юань</Name>");
  expect(parseCbrRates(body)).toEqual({
    day: "2026-11-27",
    rates: {
      USD: "86.5857",
      EUR: "100.5693",
      CNY: "12.8849",
      BYN: "28.5588",
      KZT: "0.184067",
      KRW: "0.0621104",
    },
  });
});

describe("rates are for one unit, exactly", () => {
  test.each([
    ["5,5", "1", "5.5"],
    ["83", "1", "83"],
    ["83", "10", "8.3"],
    ["83", "100", "0.83"],
    ["18,4067", "100", "0.184067"],
    ["0,0001", "10000", "0.00000001"],
    ["12.5", "1", "12.5"],
  ])("%s for %s is %s", (value, nominal, rate) => {
    expect(ratesOf(currency("XXX", value, nominal)).XXX).toBe(rate);
  });
});

test("a document in UTF-8 is read, too", () => {
  const text = new TextDecoder().decode(documentOf(REQUIRED)).replace("windows-1251", "UTF-8");
  expect(parseCbrRates(new TextEncoder().encode(text)).rates.EUR).toBe("100.5693");
});

describe("nothing of an invalid document is used", () => {
  test.each<[string, Uint8Array, RegExp]>([
    ["an empty body", new Uint8Array(), /not a complete ValCurs document/],
    ["an HTML page", new TextEncoder().encode("<html>503</html>"), /not a complete ValCurs document/],
    ["a truncated document", documentOf(REQUIRED, { end: "" }), /not a complete ValCurs document/],
    [
      "a document with entities",
      new TextEncoder().encode(
        `<!DOCTYPE x [<!ENTITY a "1">]>${new TextDecoder().decode(documentOf(REQUIRED))}`,
      ),
      /not a complete ValCurs document/,
    ],
    ["a day that does not exist", documentOf(REQUIRED, { date: "31.02.2026" }), /31\.02\.2026 is not a date/],
    ["a missing currency", documentOf(REQUIRED.slice(1)), /^CNY is missing$/],
    ["a repeated currency", documentOf([...REQUIRED, currency("EUR", "1")]), /"EUR" is invalid or repeated/],
    [
      "a currency without a code",
      documentOf([...REQUIRED, "<Valute></Valute>"]),
      /"" is invalid or repeated/,
    ],
    ["the code __proto__", documentOf([...REQUIRED, currency("__proto__", "1")]), /"__proto__" is invalid/],
    ["a rate of zero", documentOf([...REQUIRED, currency("XXX", "0,00")]), /rate of XXX is invalid/],
    ["a negative rate", documentOf([...REQUIRED, currency("XXX", "-5,0")]), /rate of XXX is invalid/],
    ["a rate with an exponent", documentOf([...REQUIRED, currency("XXX", "1e9")]), /rate of XXX is invalid/],
    [
      "a thousands separator",
      documentOf([...REQUIRED, currency("XXX", "1 000,5")]),
      /rate of XXX is invalid/,
    ],
    ["a nominal of zero", documentOf([...REQUIRED, currency("XXX", "1", "0")]), /rate of XXX is invalid/],
    ["a nominal of three", documentOf([...REQUIRED, currency("XXX", "1", "3")]), /rate of XXX is invalid/],
    [
      "another encoding",
      new TextEncoder().encode(`<?xml version="1.0" encoding="utf-16"?>`),
      /utf-16 is neither/,
    ],
  ])("%s", (_name, body, reason) => {
    expect(() => parseCbrRates(body)).toThrow(reason);
  });
});
