import type { Tariff } from "../../customs/index.ts";
import type { RatesSource } from "../../rates/index.ts";

/** Options of the import costs: the section `customs` of the configuration, with the files read. */
export interface CustomsApiOptions {
  /** Tables laid over those of the package. @default none */
  readonly tariffs?: readonly Tariff[] | undefined;
  /** Exchange rates: your own, or `"cbr"`. @default none: costs that need a rate are not computed */
  readonly rates?: RatesSource | undefined;
  /** Address of the bank's daily XML. @default that of the Central Bank of Russia */
  readonly ratesUrl?: string | undefined;
  /** Days until the declaration, added to today. @default 0 */
  readonly transitDays?: number | undefined;
}
