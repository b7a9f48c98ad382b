import type { SandboxResponse } from "./fault-effects.ts";

/** Path of the central bank's daily rates, as at www.cbr.ru. */
export const BANK_PATH = "/scripts/XML_daily.asp";

/** Sample rates: code, nominal, roubles for the nominal, Russian name. */
const RATES: readonly (readonly [code: string, nominal: number, value: string, name: string])[] = [
  ["USD", 1, "86,5857", "Доллар США"],
  ["EUR", 1, "100,5693", "Евро"],
  ["CNY", 1, "12,8849", "Китайский юань"],
  ["BYN", 1, "28,5588", "Белорусский рубль"],
  ["KZT", 100, "18,4067", "Тенге"],
  ["KRW", 1000, "62,1104", "Вон Республики Корея"],
];

/** Windows-1251, as far as these texts need it. */
const encoded = (text: string): Buffer =>
  Buffer.from(
    Array.from(text, (letter) => {
      const code = letter.codePointAt(0) ?? 0;
      return code >= 0x410 && code <= 0x44f ? code - 0x350 : code;
    }),
  );

/** The bank's rates for the day of `now` in Moscow. */
export function bankResponse(now: Date): SandboxResponse {
  const [year, month, day] = new Date(now.getTime() + 3 * 3_600_000).toISOString().slice(0, 10).split("-");
  const currencies = RATES.map(
    ([code, nominal, value, name], index) =>
      `<Valute ID="R0${1000 + index}"><NumCode>${String(index + 1).padStart(3, "0")}</NumCode><CharCode>${code}</CharCode>` +
      `<Nominal>${nominal}</Nominal><Name>${name}</Name><Value>${value}</Value></Valute>`,
  );
  const body =
    `<?xml version="1.0" encoding="windows-1251"?>` +
    `<ValCurs Date="${day}.${month}.${year}" name="Foreign Currency Market">${currencies.join("")}</ValCurs>`;
  return {
    status: 200,
    headers: { "content-type": "application/xml; charset=windows-1251" },
    body: encoded(body),
  };
}
