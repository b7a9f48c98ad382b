import { addMonths } from "../listing/customs-facts.ts";
import { isDay } from "../util/days.ts";

/** Input of {@link productionDates}; dates are `YYYY-MM-DD` unless stated otherwise. */
export interface AgeFacts {
  /** Also `YYYY-MM` and `YYYY`. */
  readonly production: string | null;
  readonly registration: string | null;
  readonly neverRegistered: boolean;
  readonly modelYear: number | null;
  /** Year of registration. */
  readonly year: number | null;
  readonly lagMonths: number;
  /** Day of the declaration. */
  readonly declared: string;
}

/** Possible production dates, and the warning that names their source. */
export interface PossibleDates {
  /** Empty when unknown. */
  readonly dates: readonly string[];
  readonly warning: "age_from_registration" | "age_from_model_year" | null;
}

const PRODUCTION = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/**
 * The dates on which a car may have been produced. A month counts as its 15th, a year as 1 July. Without a production date, the
 * months before the registration or of the model year; none after the declaration.
 *
 * @throws RangeError when the production date is not a date
 */
export function productionDates(facts: AgeFacts): PossibleDates {
  if (facts.production !== null) {
    return { dates: [productionDay(facts.production)], warning: null };
  }
  const { registration, neverRegistered, modelYear, year, lagMonths } = facts;
  if (registration !== null) {
    const month = chineseDay(registration).slice(0, 7);
    return monthsOf(addMonths(`${month}-01`, -lagMonths), month, facts, "age_from_registration");
  }
  if (neverRegistered) {
    return modelYear === null
      ? { dates: [], warning: null }
      : monthsOf(`${modelYear - 1}-01-01`, facts.declared.slice(0, 7), facts, "age_from_model_year");
  }
  return year === null
    ? { dates: [], warning: null }
    : monthsOf(addMonths(`${year}-01-01`, -lagMonths), `${year}-12`, facts, "age_from_registration");
}

function productionDay(text: string): string {
  const [, year, month, day] = PRODUCTION.exec(text) ?? [];
  const date = month === undefined ? `${year}-07-01` : `${year}-${month}-${day ?? "15"}`;
  return checkedDay(date, "production_date", text);
}

/**
 * @returns the date itself
 * @throws RangeError when it does not exist
 */
export function checkedDay(date: string, name: string, received = date): string {
  if (!isDay(date)) {
    throw new RangeError(`${name} must be a date (YYYY-MM-DD), not ${JSON.stringify(received)}`);
  }
  return date;
}

/** The calendar day in China of a registration that is given as an instant. */
function chineseDay(registration: string): string {
  const time = registration.length > 10 ? Date.parse(registration) : Number.NaN;
  return Number.isNaN(time) ? registration : new Date(time + 8 * 3_600_000).toISOString().slice(0, 10);
}

function monthsOf(
  first: string,
  last: string,
  { declared }: AgeFacts,
  warning: NonNullable<PossibleDates["warning"]>,
): PossibleDates {
  const end = last < declared.slice(0, 7) ? last : declared.slice(0, 7);
  const dates: string[] = [];
  for (let month = first; month.slice(0, 7) <= end; month = addMonths(month, 1)) {
    dates.push(`${month.slice(0, 7)}-15`);
  }
  return { dates, warning };
}

/** Age bands of the unified duty; an anniversary belongs to the band before it. */
export const BANDS = ["up_to_3_years", "3_to_5_years", "over_5_years"] as const;
export type Band = (typeof BANDS)[number];

/** The band of a car on the day of its declaration. */
export function bandOn(declared: string, produced: string): Band {
  if (declared <= addMonths(produced, 36)) {
    return "up_to_3_years";
  }
  return declared <= addMonths(produced, 60) ? "3_to_5_years" : "over_5_years";
}

/** UTC+3, no summer time. */
export const todayInMoscow = (): string => new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 10);
