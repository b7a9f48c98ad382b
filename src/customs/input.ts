import {
  type CustomsTrack,
  centikilowatts,
  engineCentikilowatts,
  trackOf,
} from "../listing/customs-facts.ts";
import { checkedDay, todayInMoscow } from "./age.ts";
import { type Fraction, fraction, hundredths, ofHundredths, plus, times } from "./fraction.ts";
import type { Sheet } from "./sheet.ts";
import { SHIPPED_TARIFFS } from "./shipped.ts";
import { type Amount, type Country, type TableKind, type TableOf, type Tariff, tableOn } from "./tables.ts";
import type { CustomsListing, CustomsOptions } from "./types.ts";

/** Everything that an estimate is computed from: checked, and exact. */
export interface Input {
  readonly date: string;
  /** Null: `missing` of the sheet names the unknown fact. */
  readonly track: CustomsTrack | null;
  readonly trackMissing: string | null;
  /** Exact displacement, or the ends of the interval that rounded litres represent. */
  readonly volumes: readonly number[];
  readonly isVolumeExact: boolean;
  /** Possible powers of the engine, ascending. */
  readonly engineKw: readonly Fraction[];
  /** Peak power of all motors. */
  readonly motorsKw: Fraction | null;
  readonly halfHourKw: Fraction | null;
  readonly mayEstimateHalfHour: boolean;
  readonly isEligible: boolean;
  readonly quotaOpen: boolean | null;
  readonly hasBenefit: boolean;
  readonly allowsSingleSource: boolean;
  /** Customs value in hundredths of the country's currency; null when the price or its rate is unknown. */
  readonly value: bigint | null;
  readonly valueMissing: readonly string[];
  /** The rate of a currency; undefined with `rate:CUR` missing. */
  rate(currency: string, sheet: Sheet): Fraction | undefined;
  /** The table in force; undefined with `tariff:KIND` missing. */
  table<K extends TableKind>(kind: K, sheet: Sheet): TableOf<K> | undefined;
  /** The table in force, also from a single source. */
  find<K extends TableKind>(kind: K): TableOf<K> | undefined;
  readonly usedTables: ReadonlyMap<TableKind, Tariff>;
  readonly usedRates: ReadonlyMap<string, Fraction>;
}

const MAX_UNCHECKED_DAYS = 90;

/**
 * Checks listing and options.
 *
 * @throws RangeError for an invalid date, rate or number
 */
export function readInput(
  car: CustomsListing,
  options: CustomsOptions,
  { country, currency }: { country: Country; currency: string },
): Input {
  const date = checkedDay(options.date ?? todayInMoscow(), "date");
  const tables = [...SHIPPED_TARIFFS, ...(options.tariffs ?? [])];
  const usedTables = new Map<TableKind, Tariff>();
  const usedRates = new Map<string, Fraction>();
  const allowed = {
    provisional: options.allow_provisional ?? false,
    single: options.allow_single_source ?? false,
  };
  const rateOf = (code: string): Fraction | undefined => {
    const given = Object.hasOwn(options.rates ?? {}, code) ? options.rates?.[code] : undefined;
    const rate = code === currency ? fraction(1) : given === undefined ? undefined : fraction(given);
    if (rate !== undefined && rate.n > 0n && code !== currency) {
      usedRates.set(code, rate);
    }
    return rate !== undefined && rate.n > 0n ? rate : undefined;
  };
  const find = <K extends TableKind>(kind: K, single: boolean): TableOf<K> | undefined =>
    tableOn(tables, kind, { country, date, allowed: { ...allowed, single } });
  const priced = customsValue(car, options, rateOf);
  const track = trackOf(car.engine_type ?? null, car.hybrid_kind ?? null);
  const exact = car.displacement_cc ?? null;
  const litres = car.displacement ?? null;
  const middle = litres === null ? 0 : Math.round(litres * 1000);
  return {
    date,
    track: typeof track === "string" ? track : null,
    trackMissing: typeof track === "string" ? null : track.missing,
    volumes: exact !== null ? [exact] : litres === null ? [] : [middle - 50, middle + 49],
    isVolumeExact: exact !== null,
    engineKw: enginePowers(car, options),
    motorsKw: motorPower(car, track === "electric"),
    halfHourKw: optional(options.power_30min_kw ?? car.power_30min_kw),
    mayEstimateHalfHour: options.estimate_30min ?? false,
    isEligible: ![options.personal_use_eligible, car.personal_use_eligible].includes(false),
    quotaOpen: options.ev_quota_open ?? car.ev_quota_open ?? null,
    hasBenefit: options.benefit_50 ?? car.benefit_50 ?? false,
    allowsSingleSource: allowed.single,
    ...priced,
    rate: (code, sheet) => {
      const rate = rateOf(code);
      if (rate === undefined) {
        sheet.missing.add(`rate:${code}`);
      }
      return rate;
    },
    table: (kind, sheet) => {
      const table = find(kind, allowed.single);
      if (table === undefined) {
        sheet.missing.add(`tariff:${kind}`);
        return undefined;
      }
      usedTables.set(kind, table as Tariff);
      for (const warning of warningsOf(table as Tariff, date)) {
        sheet.warnings.add(`${warning}:${kind}`);
      }
      return table;
    },
    find: (kind) => find(kind, true),
    usedTables,
    usedRates,
  };
}

/** The kinds of doubt about a table. */
function warningsOf(table: Tariff, date: string): string[] {
  const days = (Date.parse(date) - Date.parse(table.checked_on)) / 86_400_000;
  return [
    ...(table.status === "provisional" ? ["provisional"] : []),
    ...(table.confidence === "single" ? ["single_source"] : []),
    ...(table.valid_to === null && days > MAX_UNCHECKED_DAYS ? ["unchecked"] : []),
  ];
}

/** Price and transport in the country's currency, rounded to hundredths. */
function customsValue(
  car: CustomsListing,
  options: CustomsOptions,
  rateOf: (code: string) => Fraction | undefined,
): Pick<Input, "value" | "valueMissing"> {
  const code = options.price_currency ?? "CNY";
  const price = car.price ?? null;
  if (price === null) {
    return { value: null, valueMissing: ["price"] };
  }
  const rate = rateOf(code);
  if (rate === undefined) {
    return { value: null, valueMissing: [`rate:${code}`] };
  }
  const cost = plus(fraction(price), fraction(options.transport_cost ?? 0));
  return { value: hundredths(times(cost, rate)), valueMissing: [] };
}

function enginePowers(car: CustomsListing, options: CustomsOptions): Fraction[] {
  const certified = optional(options.certified_power_kw ?? car.certified_power_kw);
  return certified !== null
    ? [certified]
    : engineCentikilowatts({ power: car.power ?? null, power_kw: car.power_kw ?? null }).map(ofHundredths);
}

function motorPower(car: CustomsListing, isElectric: boolean): Fraction | null {
  const kw = car.motor_power_kw ?? (isElectric ? car.power_kw : null) ?? null;
  if (kw !== null) {
    return fraction(kw);
  }
  const hp = isElectric ? (car.power ?? null) : null;
  return hp === null ? null : ofHundredths(centikilowatts(hp));
}

const optional = (value: Amount | null | undefined): Fraction | null =>
  value === null || value === undefined ? null : fraction(value);
