import { hash } from "node:crypto";
import {
  type Country,
  type CustomsEstimate,
  type CustomsListing,
  type CustomsOptions,
  estimateCustoms,
  type Tariff,
} from "../../customs/index.ts";
import type { Rates } from "../../rates/index.ts";
import { addDays, dayOf } from "../../util/days.ts";
import { CARD_COLUMNS } from "../schema/schemas.ts";

/** Fields of a listing that an estimate reads. */
const ESTIMATED_FROM = [
  ...["price", "engine_type", "hybrid_kind", "body_type", "displacement", "displacement_cc"],
  ...["power", "power_kw", "motor_power_kw", "year", "model_year", "first_registration"],
  "never_registered",
] as const;

/** The part of an estimate that a listing in a list has. */
export type ShortEstimate = Pick<
  CustomsEstimate,
  "status" | "total" | "total_min" | "total_max" | "currency" | "date"
>;

/** Estimates with the rates and the date of one request. */
export interface Estimator {
  /** Equal for equal rates, date and country. */
  readonly key: string;
  estimate(car: CustomsListing, options?: CustomsOptions): CustomsEstimate;
  /** The members of a list to read: those of a listing in the response, and those that an estimate needs. */
  fields(shown: readonly string[] | undefined): readonly string[];
  /**
   * Adds `estimate` to a listing, and leaves out what only the estimate needed.
   *
   * @param shown members in the response; `all` for a whole listing. @default those of a card
   */
  added(shown: readonly string[] | "all" | undefined): (listing: Json) => Json;
}

/** Import costs for the routes. */
export interface Estimates {
  /**
   * Loads the rates of a country.
   *
   * @param date day of the declaration. Default: today and the configured days
   */
  prepare(country: Country, date?: string): Promise<Estimator>;
}

type Json = Readonly<Record<string, unknown>>;

const CARD_NAMES = CARD_COLUMNS.map(({ name }) => name);
/** In a card only for its estimate. */
const UNSHOWN = ESTIMATED_FROM.filter((name) => !CARD_NAMES.includes(name));

export function createEstimates(options: {
  readonly rates: Rates;
  readonly tariffs: readonly Tariff[];
  readonly transitDays: number;
}): Estimates {
  const { rates, tariffs, transitDays } = options;
  return {
    prepare: async (country, date) => {
      const current = await rates.current(country);
      const declared = date ?? addDays(dayOf(new Date(), "Europe/Moscow"), transitDays);
      const shared = { country, date: declared, rates: current.rates, rates_date: current.date, tariffs };
      const short = (car: CustomsListing): ShortEstimate => {
        const { status, total, total_min, total_max, currency } = estimateCustoms(car, shared);
        return { status, total, total_min, total_max, currency, date: declared };
      };
      return {
        key: `${country} ${declared} ${hash("sha256", JSON.stringify(current), "base64url")}`,
        estimate: (car, more = {}) => estimateCustoms(car, { ...more, ...shared }),
        fields: (shown = CARD_NAMES) => [...new Set([...shown, ...ESTIMATED_FROM])],
        added: (shown) => (listing) => ({ ...shownOf(listing, shown), estimate: short(listing) }),
      };
    },
  };
}

function shownOf(listing: Json, shown: readonly string[] | "all" | undefined): Json {
  if (shown === "all") {
    return listing;
  }
  const hidden: readonly string[] =
    shown === undefined ? UNSHOWN : ESTIMATED_FROM.filter((name) => !shown.includes(name));
  return Object.fromEntries(Object.entries(listing).filter(([name]) => !hidden.includes(name)));
}
