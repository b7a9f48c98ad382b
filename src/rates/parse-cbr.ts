import { isDay } from "../util/days.ts";

/** Official rates of one day. */
export interface DailyRates {
  /** `YYYY-MM-DD`; the bank sets rates for the next working day. */
  readonly day: string;
  /** Roubles for one unit by ISO 4217 code, as decimal text. */
  readonly rates: Readonly<Record<string, string>>;
}

/** Currencies without which a response is incomplete. */
const REQUIRED = ["CNY", "EUR", "USD"];
const ENCODING = /^<\?xml[^>]*\bencoding="([\w-]+)"/i;
const DAY = /<ValCurs\b[^>]*\bDate="(\d{2})\.(\d{2})\.(\d{4})"/;
const CURRENCY = /<Valute\b[^>]*>(.*?)<\/Valute>/gs;
const NOMINAL = /^10*$/;
const VALUE = /^\d{1,9}(?:[,.]\d{1,8})?$/;

/**
 * The rates in the central bank's daily XML. `Value` has a decimal comma and is for `Nominal` units. Pure.
 *
 * @throws Error that names the invalid part; nothing of a damaged document is used
 */
export function parseCbrRates(body: Uint8Array): DailyRates {
  const head = new TextDecoder("latin1").decode(body.subarray(0, 200));
  const encoding = ENCODING.exec(head)?.[1]?.toLowerCase() ?? "windows-1251";
  if (encoding !== "windows-1251" && encoding !== "utf-8") {
    throw new Error(`the encoding ${encoding} is neither windows-1251 nor utf-8`);
  }
  const text = new TextDecoder(encoding).decode(body);
  const [, day, month, year] = DAY.exec(text) ?? [];
  if (day === undefined || /<!DOCTYPE|<!ENTITY/i.test(text) || !/<\/ValCurs>\s*$/.test(text)) {
    throw new Error("the response is not a complete ValCurs document");
  }
  const date = `${year}-${month}-${day}`;
  if (!isDay(date)) {
    throw new Error(`${day}.${month}.${year} is not a date`);
  }
  const rates: Record<string, string> = {};
  for (const [, currency = ""] of text.matchAll(CURRENCY)) {
    const code = memberOf(currency, "CharCode");
    if (!/^[A-Z]{3}$/.test(code) || code in rates) {
      throw new Error(`the currency code ${JSON.stringify(code.slice(0, 20))} is invalid or repeated`);
    }
    rates[code] = forOneUnit(code, memberOf(currency, "Value"), memberOf(currency, "Nominal"));
  }
  const missing = REQUIRED.filter((code) => !(code in rates));
  if (missing.length > 0) {
    throw new Error(`${missing.join(", ")} is missing`);
  }
  return { day: date, rates };
}

const memberOf = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim() ?? "";

/** Exact: nominals are powers of ten, so that a division moves the point. */
function forOneUnit(code: string, value: string, nominal: string): string {
  if (!VALUE.test(value) || !NOMINAL.test(nominal) || nominal.length > 8 || !/[1-9]/.test(value)) {
    throw new Error(`the rate of ${code} is invalid: ${value.slice(0, 20)} for ${nominal.slice(0, 20)}`);
  }
  const [whole = "", decimals = ""] = value.split(/[,.]/);
  const zeros = nominal.length - 1;
  const padded = whole.padStart(zeros + 1, "0");
  const point = padded.length - zeros;
  const fraction = padded.slice(point) + decimals;
  return fraction === "" ? padded : `${padded.slice(0, point)}.${fraction}`;
}
