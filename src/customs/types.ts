import type { Amount, Country, TableFacts, TableKind, Tariff } from "./tables.ts";

/** Facts that che168 does not have. */
export interface CallerFacts {
  /** Production date: `2023-05-20`, `2023-05` (its 15th counts) or `2023` (1 July). Without it, derived from the registration. */
  readonly production_date?: string | null | undefined;
  /** Certified engine power, kW: replaces that of the listing. */
  readonly certified_power_kw?: Amount | null | undefined;
  /** Certified 30-minute power of the motors, kW. */
  readonly power_30min_kw?: Amount | null | undefined;
  /** Personal use, and the only car within 12 months. @default true */
  readonly personal_use_eligible?: boolean | null | undefined;
  /** Belarus: whether the quota of duty-free electric cars has cars left; unknown gives both results. */
  readonly ev_quota_open?: boolean | null | undefined;
  /** Belarus: half of duty and VAT (decree 140). @default false */
  readonly benefit_50?: boolean | null | undefined;
}

/** Fields of a canonical listing that an estimate reads; a whole `Listing` fits. */
export interface CustomsListing extends CallerFacts {
  readonly price?: number | null | undefined;
  readonly engine_type?: string | null | undefined;
  readonly hybrid_kind?: string | null | undefined;
  readonly body_type?: string | null | undefined;
  readonly displacement?: number | null | undefined;
  readonly displacement_cc?: number | null | undefined;
  readonly power?: number | null | undefined;
  readonly power_kw?: number | null | undefined;
  readonly motor_power_kw?: number | null | undefined;
  readonly year?: number | null | undefined;
  readonly model_year?: number | null | undefined;
  readonly first_registration?: string | null | undefined;
  readonly first_registration_precision?: string | null | undefined;
  readonly never_registered?: boolean | null | undefined;
}

/** Settings of {@link estimateCustoms}, and the facts that the caller knows. */
export interface CustomsOptions extends CallerFacts {
  /** @default "ru" */
  readonly country?: Country | undefined;
  /** Expected day of the declaration, `YYYY-MM-DD`. @default today in Moscow */
  readonly date?: string | undefined;
  /** Official rates: units of the country's currency for one unit, `{ CNY: "12.8849", EUR: 100.5693 }`. @default none */
  readonly rates?: Readonly<Record<string, Amount>> | undefined;
  /** Day of the rates, reported in the result. */
  readonly rates_date?: string | null | undefined;
  /** Currency of `price`. @default "CNY" */
  readonly price_currency?: string | undefined;
  /** Transport that belongs to the customs value, in the currency of the price. @default 0 */
  readonly transport_cost?: Amount | undefined;
  /** Months by which a registration may follow the production. @default 6 */
  readonly registration_lag_months?: number | undefined;
  /** Estimate an unknown 30-minute power from the peak power. @default false */
  readonly estimate_30min?: boolean | undefined;
  /** Use tables whose text in force was not read. @default false */
  readonly allow_provisional?: boolean | undefined;
  /** Use tables from a single source. @default false */
  readonly allow_single_source?: boolean | undefined;
  /** Tables laid over those of the package: of several that apply, the last counts. @default none */
  readonly tariffs?: readonly Tariff[] | undefined;
}

/** Amounts as decimal text in the country's currency; null: unknown, or different between the possible results. */
export type CustomsItems = Readonly<Record<string, string | null>>;
/** Figures of a calculation by name, as decimal text. */
export type CustomsSteps = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** One possible result. */
export interface CustomsVariant {
  readonly age_band: string;
  readonly items: CustomsItems;
  readonly total: string;
  readonly steps: CustomsSteps;
}

/** A table that a result depends on. */
export interface UsedTable
  extends Pick<TableFacts, "valid_from" | "valid_to" | "checked_on" | "confidence" | "source"> {
  readonly kind: TableKind;
  /** `in_force`, `provisional`, or the note of the table. */
  readonly status: string;
}

/**
 * Import costs of a private person.
 *
 * `computed`: every item has one value. `range`: several legal classes are possible, see `variants`. `estimate`: computed with an
 * estimated 30-minute power. `not_computed`: at least one item is unknown, see `missing`.
 */
export interface CustomsEstimate {
  readonly status: "computed" | "range" | "estimate" | "not_computed";
  readonly country: Country;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** Day of the declaration, `YYYY-MM-DD`. */
  readonly date: string;
  /** The age class; null when several are possible. */
  readonly age_band: string | null;
  /** Possible age classes; empty when the age is unknown. */
  readonly age_bands: readonly string[];
  readonly items: CustomsItems;
  /** The sum of the items; null unless the status is `computed` or `estimate`. */
  readonly total: string | null;
  /** Smallest and largest possible total; null when not computed. */
  readonly total_min: string | null;
  readonly total_max: string | null;
  /** Facts, rates (`rate:EUR`) and tables (`tariff:KIND`) that are missing, disputed or expired. */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
  /** Possible results of a `range`, the dearest first. */
  readonly variants: readonly CustomsVariant[];
  /** Smallest and largest recycling fee when only the 30-minute power is unknown; `max` is null when there is no limit. */
  readonly bounds?: { readonly recycling_fee: { readonly min: string; readonly max: string | null } };
  readonly steps: CustomsSteps;
  readonly tables: readonly UsedTable[];
  /** Rates used: units of `currency` for one unit. */
  readonly rates: Readonly<Record<string, string>>;
  readonly rates_date: string | null;
}
