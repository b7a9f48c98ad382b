import { type } from "arktype";
import type { Country, CustomsOptions } from "../../customs/index.ts";
import { isDay } from "../../util/days.ts";
import { flag, type Parameters, type ValuesOf } from "../query/parameter-types.ts";

const DAY = "a date such as 2026-11-27";
const day = type("string")
  .pipe((text, context) => (isDay(text) ? text : context.error(DAY)))
  .to(type(/^(?:19|20)\d{2}-\d{2}-\d{2}$/).describe(DAY));

const PRODUCED = "a date, month or year such as 2022-10-20, 2022-10 or 2022";
const produced = type("string")
  .pipe((text, context) => (isDay(`${text}-07-01`.slice(0, 10)) ? text : context.error(PRODUCED)))
  .to(type(/^(?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?)?$/).describe(PRODUCED));

const KILOWATTS = "kilowatts from 0.01 to 9999.99 such as 117.68";
const kilowatts = type("string")
  .pipe((text, context) => (Number(text) > 0 ? text : context.error(KILOWATTS)))
  .to(type(/^\d{1,4}(?:\.\d{1,2})?$/).describe(KILOWATTS));

const country = type.enumerated("ru", "by", "kz");

/** Adds a short estimate to listings. */
export const ESTIMATE = {
  estimate: {
    type: country,
    meaning:
      "Adds `estimate`: the import costs of a private person in this country, with the configured rates. See `/offers/{inner_id}/customs`.",
    example: "ru",
  },
} as const satisfies Parameters;

/** Parameters of `GET /offers/{inner_id}/customs`. */
export const CUSTOMS = {
  country: { type: country, meaning: "Country of import. Default: ru.", example: "ru" },
  date: {
    type: day,
    meaning: "Expected day of the customs declaration. Default: today and `customs.transitDays`.",
    example: "2026-12-15",
  },
  production_date: {
    type: produced,
    meaning: "Production date from the car's documents; otherwise derived from the registration.",
    example: "2022-10",
  },
  certified_power_kw: {
    type: kilowatts,
    meaning: "Certified power of the engine, kW; replaces that of the listing.",
    example: "117.68",
  },
  power_30min_kw: {
    type: kilowatts,
    meaning: "Certified 30-minute power of the motors, kW; no listing has it.",
    example: "85",
  },
  personal_use_eligible: {
    type: flag,
    meaning: "`false` for a second car within 12 months, or not for personal use.",
    example: "false",
  },
  ev_quota_open: {
    type: flag,
    meaning: "Belarus: whether the quota of duty-free electric cars has any left. Without it both results.",
    example: "false",
  },
  benefit_50: { type: flag, meaning: "Belarus: half of duty and VAT (decree 140).", example: "true" },
  estimate_30min: {
    type: flag,
    meaning: "`true` estimates an unknown 30-minute power as 0.45 of the peak power.",
    example: "true",
  },
  allow_provisional: {
    type: flag,
    meaning: "`true` uses tables whose text in force was not read.",
    example: "true",
  },
  allow_single_source: { type: flag, meaning: "`true` uses tables from a single source.", example: "true" },
} as const satisfies Parameters;

/** The options of an estimate that the parameters state. */
export function customsOptions(values: ValuesOf<typeof CUSTOMS>): CustomsOptions & { country: Country } {
  const is = (value: "true" | "false" | undefined) => (value === undefined ? undefined : value === "true");
  return {
    country: values.country ?? "ru",
    date: values.date,
    production_date: values.production_date,
    certified_power_kw: values.certified_power_kw,
    power_30min_kw: values.power_30min_kw,
    personal_use_eligible: is(values.personal_use_eligible),
    ev_quota_open: is(values.ev_quota_open),
    benefit_50: is(values.benefit_50),
    estimate_30min: is(values.estimate_30min),
    allow_provisional: is(values.allow_provisional),
    allow_single_source: is(values.allow_single_source),
  };
}
