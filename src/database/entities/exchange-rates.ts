import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "ExchangeRates",
  tableName: "exchange_rates",
  properties: {
    /** `cbr`: the Central Bank of Russia. */
    source: p.string().length(16).primary(),
    /** The day that the rates are for. */
    day: p.date(),
    /** Units of the country's currency for one unit, by ISO 4217 code, as decimal text. */
    rates: p.json<Record<string, string>>(),
    fetchedAt: p.datetime().columnType("timestamptz"),
  },
});

/** The last valid exchange rates of a source. */
export class ExchangeRates extends schema.class {}
schema.setClass(ExchangeRates);
