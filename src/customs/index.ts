/** Import costs of a car: pure, and safe for a browser. Entry `che168-sync/customs`. */

export { CUSTOMS_COUNTRIES, estimateCustoms } from "./estimate.ts";
export { createTariffCheck, type ExpiringTariffs, expiringTariffs } from "./expiry.ts";
export { type CustomsLabels, customsLabels } from "./labels.ts";
export { SHIPPED_TARIFFS } from "./shipped.ts";
export type {
  Amount,
  ByPower,
  ByVolume,
  Coefficients,
  Country,
  PowerRow,
  RegistrationRow,
  TableFacts,
  TableKind,
  TableOf,
  TablesByKind,
  Tariff,
  TariffFile,
} from "./tables.ts";
export type {
  CallerFacts,
  CustomsEstimate,
  CustomsItems,
  CustomsListing,
  CustomsOptions,
  CustomsSteps,
  CustomsVariant,
  UsedTable,
} from "./types.ts";
