import { isPassengerCar } from "../listing/customs-facts.ts";
import { type PossibleDates, productionDates } from "./age.ts";
import { BELARUS } from "./countries/belarus.ts";
import type { CountryRules } from "./countries/country.ts";
import { KAZAKHSTAN } from "./countries/kazakhstan.ts";
import { RUSSIA } from "./countries/russia.ts";
import { hundredths, moneyText, ofHundredths, over } from "./fraction.ts";
import { type Input, readInput } from "./input.ts";
import type { Sheet } from "./sheet.ts";
import type { Country } from "./tables.ts";
import type { CustomsEstimate, CustomsListing, CustomsOptions, CustomsVariant, UsedTable } from "./types.ts";

const COUNTRIES: Readonly<Record<Country, CountryRules>> = {
  ru: RUSSIA as CountryRules,
  by: BELARUS as CountryRules,
  kz: KAZAKHSTAN as CountryRules,
};
/** Countries that an estimate exists for. */
export const CUSTOMS_COUNTRIES = Object.keys(COUNTRIES) as Country[];

const DEFAULT_LAG_MONTHS = 6;

/** One possible result: an age class with its amounts. */
interface Outcome {
  readonly band: string;
  readonly sheet: Sheet;
}

/**
 * What a private person pays to the state for importing a car for personal use. An estimate, not advice. Pure; amounts are
 * exact. A missing fact is never replaced by a default: it makes the result `not_computed`, or a `range` of all possible ones.
 *
 * @param car a canonical listing; facts that only the caller knows may be here or in the options
 * @throws RangeError for an unknown country, and for an invalid date, rate or number
 * @example estimateCustoms(listing, { rates: { CNY: "12.88", EUR: "100.57" }, date: "2026-11-27" }).total
 */
export function estimateCustoms(car: CustomsListing, options: CustomsOptions = {}): CustomsEstimate {
  const country = options.country ?? "ru";
  const rules = Object.hasOwn(COUNTRIES, country) ? COUNTRIES[country] : undefined;
  if (rules === undefined) {
    throw new RangeError(`country must be one of ${CUSTOMS_COUNTRIES.join(", ")}, not ${String(country)}`);
  }
  const input = readInput(car, options, { country, currency: rules.currency });
  const head = { country, currency: rules.currency, date: input.date };
  if (!isPassengerCar(car.body_type ?? null)) {
    const items = Object.fromEntries(rules.itemsOf(input.track).map((name) => [name, null]));
    return {
      ...head,
      ...NOT_COMPUTED,
      items,
      missing: ["vehicle_category"],
      rates_date: options.rates_date ?? null,
    };
  }
  const possible = possibleDates(car, options, input.date);
  const known = rules.classes.filter((one) =>
    possible.dates.some((produced) => rules.classOn(input.date, produced) === one),
  );
  const outcomes = (known.length > 0 ? known : rules.classes).flatMap((ageClass) =>
    rules.compute(input, ageClass).map((sheet): Outcome => ({ band: labelOf(ageClass), sheet })),
  );
  const bands = [...new Set(known.map(labelOf))];
  const missing = new Set(outcomes.flatMap(({ sheet }) => [...sheet.missing]));
  if (known.length === 0) {
    missing.add("production_date");
  }
  if (input.trackMissing !== null) {
    missing.add(input.trackMissing);
  }
  return {
    ...head,
    ...resultOf(outcomes, [...missing].sort()),
    age_band: bands.length === 1 ? (bands[0] ?? null) : null,
    age_bands: bands,
    missing: [...missing].sort(),
    warnings: warningsOf(possible, outcomes),
    steps: stepsOf(input, rules.currency, outcomes),
    tables: tablesOf(input),
    rates: Object.fromEntries([...input.usedRates].map(([code, rate]) => [code, rateText(rate)])),
    rates_date: options.rates_date ?? null,
  };
}

const NOT_COMPUTED = {
  status: "not_computed",
  age_band: null,
  age_bands: [],
  total: null,
  total_min: null,
  total_max: null,
  warnings: [],
  variants: [],
  steps: {},
  tables: [],
  rates: {},
} as const;

const labelOf = (ageClass: string): string => ageClass.split("/")[0] ?? ageClass;

const possibleDates = (car: CustomsListing, options: CustomsOptions, declared: string): PossibleDates =>
  productionDates({
    production: options.production_date ?? car.production_date ?? null,
    registration: car.first_registration ?? null,
    neverRegistered: car.never_registered ?? false,
    modelYear: car.model_year ?? null,
    year: car.year ?? null,
    lagMonths: options.registration_lag_months ?? DEFAULT_LAG_MONTHS,
    declared,
  });

/** Status, amounts and variants. */
function resultOf(
  outcomes: readonly Outcome[],
  missing: readonly string[],
): Pick<CustomsEstimate, "status" | "items" | "total" | "total_min" | "total_max" | "variants" | "bounds"> {
  const items = commonItems(outcomes);
  if (missing.length > 0) {
    const bounds = boundsOf(outcomes);
    const refused = { status: "not_computed", items, total: null, total_min: null, total_max: null } as const;
    return { ...refused, variants: [], ...(bounds === undefined ? {} : { bounds }) };
  }
  const totals = outcomes.map(({ sheet }) => totalOf(sheet)).sort((a, b) => (a < b ? -1 : 1));
  const [min = 0n] = totals;
  const max = totals.at(-1) ?? 0n;
  const limits = { total_min: moneyText(min), total_max: moneyText(max) };
  if (Object.values(items).every((amount) => amount !== null)) {
    const isEstimate = outcomes.some(({ sheet }) => sheet.isEstimate);
    return {
      status: isEstimate ? "estimate" : "computed",
      items,
      total: moneyText(min),
      ...limits,
      variants: [],
    };
  }
  return { status: "range", items, total: null, ...limits, variants: variantsOf(outcomes) };
}

/** The items that are equal in every outcome; others are null. */
function commonItems(outcomes: readonly Outcome[]): Record<string, string | null> {
  const names = Object.keys(outcomes[0]?.sheet.items ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const [first = null, ...others] = new Set(outcomes.map(({ sheet }) => sheet.items[name] ?? null));
      return [name, first === null || others.length > 0 ? null : moneyText(first)];
    }),
  );
}

const totalOf = (sheet: Sheet): bigint =>
  Object.values(sheet.items).reduce((sum: bigint, amount) => sum + (amount ?? 0n), 0n);

/** Distinct results, the dearest first. */
function variantsOf(outcomes: readonly Outcome[]): CustomsVariant[] {
  const ordered = outcomes.toSorted((a, b) => (totalOf(a.sheet) < totalOf(b.sheet) ? 1 : -1));
  const variants = ordered.map(({ band, sheet }) => ({
    age_band: band,
    items: commonItems([{ band, sheet }]),
    total: moneyText(totalOf(sheet)),
    steps: sheet.steps,
  }));
  return [...new Map(variants.map((one) => [`${one.age_band} ${JSON.stringify(one.items)}`, one])).values()];
}

function boundsOf(outcomes: readonly Outcome[]): CustomsEstimate["bounds"] {
  const all = outcomes.map(({ sheet }) => sheet.bounds);
  if (all.length === 0 || all.some((bounds) => bounds === undefined)) {
    return undefined;
  }
  const limits = all.filter((bounds) => bounds !== undefined);
  const min = limits.reduce(
    (least, bounds) => (bounds.min < least ? bounds.min : least),
    limits[0]?.min ?? 0n,
  );
  const max = limits.reduce<bigint | null>(
    (most, bounds) => (most === null || bounds.max === null ? null : bounds.max > most ? bounds.max : most),
    0n,
  );
  return { recycling_fee: { min: moneyText(min), max: max === null ? null : moneyText(max) } };
}

const warningsOf = (possible: PossibleDates, outcomes: readonly Outcome[]): string[] => [
  ...new Set([
    ...(possible.warning === null || possible.dates.length === 0 ? [] : [possible.warning]),
    ...outcomes.flatMap(({ sheet }) => [...sheet.warnings]),
  ]),
];

/** The customs value; with a single outcome also its other figures. */
function stepsOf(input: Input, currency: string, outcomes: readonly Outcome[]): CustomsEstimate["steps"] {
  const eur = input.usedRates.get("EUR");
  const value = input.value;
  return {
    ...(value === null ? {} : { [`customs_value_${currency.toLowerCase()}`]: moneyText(value) }),
    ...(value === null || eur === undefined
      ? {}
      : { customs_value_eur: moneyText(hundredths(over(ofHundredths(value), eur))) }),
    ...(outcomes.length === 1 ? outcomes[0]?.sheet.steps : {}),
  };
}

const tablesOf = (input: Input): UsedTable[] =>
  [...input.usedTables.values()].map(
    ({ kind, status, valid_from, valid_to, checked_on, confidence, source }) => ({
      kind,
      status: status ?? "in_force",
      valid_from,
      valid_to,
      checked_on,
      confidence,
      source,
    }),
  );

/** A rate has more digits than money. */
function rateText({ n, d }: { n: bigint; d: bigint }): string {
  const digits = d.toString().length - 1;
  const text = n.toString().padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
