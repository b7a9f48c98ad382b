/** Exchange rates for import costs. */

export {
  createRates,
  type Rates,
  type RatesSource,
  type RateTable,
} from "./rates.ts";
