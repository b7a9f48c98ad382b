/** Exchange rates for import costs. */

export {
  type CountryRates,
  createRates,
  type Rates,
  type RatesOptions,
  type RatesSource,
  type RateTable,
} from "./rates.ts";
