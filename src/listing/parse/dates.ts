import { memo } from "../memo.ts";
import type { IssueCode, ReportIssue } from "../types.ts";
import { readNumber } from "./numbers.ts";
import { halfWidth, isMissing, spellingKey } from "./text.ts";
import { YEAR_UNITS } from "./units.ts";

/** A calendar date without a time zone; a month is given as its first day. */
export interface CalendarDate {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly precision: "day" | "month";
}

/** Bounds of a date. */
export interface DateRule {
  /** Current time; no date is later than its day in China. */
  readonly now: Date;
  /** Model year: no date is before the year `year - 2`. */
  readonly year?: number | null;
}

/** The first registration, or its absence (`未上牌`). */
export interface Registration {
  readonly date: CalendarDate | null;
  /** Also of a value that is only a year. */
  readonly year: number | null;
  readonly neverRegistered: boolean;
}

const EARLIEST_YEAR = 1980;
const EARLIEST_CAR_YEAR = 1950;
const MAX_DATE_LENGTH = 60;
const CHINA_OFFSET_MS = 8 * 3_600_000;
const NEVER_REGISTERED = new Set([
  "未上牌",
  "未上牌照",
  "неставилсянаучет",
  "несостоялнаучете",
  "незарегистрирован",
  "neverregistered",
  "notregistered",
  "unregistered",
]);

const MONTHS: readonly (readonly string[])[] = [
  ["jan", "янв"],
  ["feb", "фев"],
  ["mar", "мар"],
  ["apr", "апр"],
  ["may", "май", "мая"],
  ["jun", "июн"],
  ["jul", "июл"],
  ["aug", "авг"],
  ["sep", "сен"],
  ["oct", "окт"],
  ["nov", "ноя"],
  ["dec", "дек"],
];

const YEAR = "((?:19|20)\\d{2})";
const BEFORE_DATE = /^(?:约|大约)?(?:首次)?(?:(?:上牌|登记)(?:时间|日期)?\s*:?)?\s*(?:约|大约)?\s*(?=\d)/u;
const AFTER_DATE = /\s*(?:首次)?(?:上牌|登记)$/u;
/** A time of day without a time zone is dropped. */
const TIME = "(?:[T\\s]\\d{1,2}:\\d{2}.*)?";
const PATTERNS: readonly { form: RegExp; order: "ymd" | "dmy" | "mdy" }[] = [
  { form: new RegExp(`^${YEAR}\\s*([-./])\\s*(\\d{1,2})(?:\\s*\\2\\s*(\\d{1,2}))?${TIME}$`), order: "ymd" },
  {
    form: new RegExp(`^${YEAR}\\s*()年\\s*(\\d{1,2})\\s*月份?(?:\\s*(\\d{1,2})\\s*[日号]?)?$`),
    order: "ymd",
  },
  { form: new RegExp(`^${YEAR}()(\\d{2})(\\d{2})?$`), order: "ymd" },
  { form: new RegExp(`^(?:(\\d{1,2})\\.)?(\\d{1,2})\\.${YEAR}(?:\\s*г\\.?)?$`), order: "dmy" },
  { form: new RegExp(`^()(\\d{1,2})/${YEAR}$`), order: "dmy" },
  // Only when the day cannot be a month: `15/09/2022`, `9/15/2022`.
  { form: new RegExp(`^(1[3-9]|2\\d|3[01])[-/](\\d{1,2})[-/]${YEAR}$`), order: "dmy" },
  { form: new RegExp(`^(\\d{1,2})/(1[3-9]|2\\d|3[01])/${YEAR}$`), order: "mdy" },
  {
    form: new RegExp(`^(?:(\\d{1,2})\\s+)?(\\p{L}{3,9})\\.?,?\\s+${YEAR}(?:\\s*г(?:\\.|ода)?)?$`, "u"),
    order: "dmy",
  },
];

/**
 * A date from `2022-09`, `2019.05`, `2019年5月`, `201905`, `2022-09-15`, `15.09.2022`, `Sep 2022` and similar forms.
 * Null with an issue when it does not exist (month 13), is in the future, before 1980 or more than two years before the
 * model year.
 */
export function parseDate(
  raw: unknown,
  report: ReportIssue,
  field: string,
  rule: DateRule,
): CalendarDate | null {
  if (isMissing(raw)) {
    return null;
  }
  const found = readDate(raw);
  const issue = found === null ? "unreadable" : outOfBounds(found, rule);
  if (issue !== null) {
    report(field, issue, raw);
  }
  return issue === null ? found : null;
}

/** The first registration by {@link parseDate}; a year alone sets only `year`. */
export function parseRegistration(
  raw: unknown,
  report: ReportIssue,
  field: string,
  rule: DateRule,
): Registration {
  if (typeof raw === "string" && raw.length < MAX_DATE_LENGTH && NEVER_REGISTERED.has(spellingKey(raw))) {
    return { date: null, year: null, neverRegistered: true };
  }
  if (typeof raw === "string" && YEAR_ONLY.test(raw)) {
    return { date: null, year: parseYear(raw, report, field, rule.now), neverRegistered: false };
  }
  const date = parseDate(raw, report, field, rule);
  return { date, year: date === null ? null : Number(date.date.slice(0, 4)), neverRegistered: false };
}

const YEAR_ONLY = /^\s*(?:19|20)\d{2}\s*(?:年|г\.?|год)?\s*$/u;

/**
 * A year, 1950 to next year, from a number (`2017年`, `"2020.0"`) or a date. Null with an issue when unreadable or out of
 * bounds; 0 is null without an issue. Of several years (`2021-2022`) the first, with an issue.
 */
export function parseYear(raw: unknown, report: ReportIssue, field: string, now: Date): number | null {
  if (isMissing(raw)) {
    return null;
  }
  const max = Number(todayInChina(now).slice(0, 4)) + 1;
  const { value, issue } = readNumber(raw, {
    units: YEAR_UNITS,
    min: EARLIEST_CAR_YEAR,
    max,
    zeroIsNull: true,
  });
  if (value === null && issue === null) {
    return null;
  }
  if (value !== null && Number.isInteger(value)) {
    if (issue !== null) {
      report(field, issue, raw);
    }
    return value;
  }
  const date = readDate(raw);
  const year = Number(date?.date.slice(0, 4) ?? Number.NaN);
  if (year >= EARLIEST_CAR_YEAR && year <= max) {
    return year;
  }
  report(field, date === null ? (issue ?? "unreadable") : "out_of_range", raw);
  return null;
}

/** The date of a raw value, without bounds; null without a date or when the day does not exist. */
function readDate(raw: unknown): CalendarDate | null {
  if (typeof raw !== "string" && typeof raw !== "number") {
    return null;
  }
  // As numbers, October (2019.10) and January (2019.1) are the same.
  if (typeof raw === "number" && /\.1$/.test(String(raw))) {
    return null;
  }
  return dateOfInstant(String(raw)) ?? dateOfText(String(raw));
}

/** An instant (`2022-06-30T16:00:00Z`) is the day in China. */
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})$/iu;

function dateOfInstant(raw: string): CalendarDate | null {
  if (raw.length < 17 || raw.length > MAX_DATE_LENGTH || !INSTANT.test(raw)) {
    return null;
  }
  const time = Date.parse(raw.replace(" ", "T").replace(/\s/gu, ""));
  return Number.isNaN(time) ? null : { date: dayInChina(new Date(time)), precision: "day" };
}

const dateOfText = memo((raw): CalendarDate | null => {
  const text = halfWidth(raw.slice(0, 2 * MAX_DATE_LENGTH))
    .trim()
    .replace(BEFORE_DATE, "")
    .replace(AFTER_DATE, "");
  if (text.length > MAX_DATE_LENGTH) {
    return null;
  }
  for (const { form, order } of PATTERNS) {
    const match = form.exec(text);
    if (match === null) {
      continue;
    }
    const [, first, second, third, fourth] = match;
    if (order === "ymd") {
      return calendarDate(first, third, fourth);
    }
    return order === "dmy" ? calendarDate(third, second, first) : calendarDate(third, first, second);
  }
  return null;
});

function calendarDate(year = "", month = "", day = ""): CalendarDate | null {
  const number = /^\d+$/.test(month) ? Number(month) : monthByName(month);
  const dayNumber = day === "" ? 1 : Number(day);
  const date = `${year}-${String(number).padStart(2, "0")}-${String(dayNumber).padStart(2, "0")}`;
  const instant = new Date(`${date}T00:00:00Z`);
  // The 31st of June would silently become the 1st of July.
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== date) {
    return null;
  }
  return { date, precision: day === "" ? "month" : "day" };
}

function monthByName(name: string): number {
  const key = name.toLowerCase();
  return MONTHS.findIndex((stems) => stems.some((stem) => key.startsWith(stem))) + 1;
}

function outOfBounds(found: CalendarDate, { now, year }: DateRule): IssueCode | null {
  const dateYear = Number(found.date.slice(0, 4));
  const tooEarly = dateYear < Math.max(EARLIEST_YEAR, (year ?? 0) - 2);
  return tooEarly || found.date > todayInChina(now) ? "out_of_range" : null;
}

/** The current day in China (UTC+8, no summer time), `YYYY-MM-DD`. */
function todayInChina(now: Date): string {
  const known = daysInChina.get(now);
  if (known !== undefined) {
    return known;
  }
  const day = dayInChina(now);
  daysInChina.set(now, day);
  return day;
}

const dayInChina = (instant: Date): string =>
  new Date(instant.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10);

/** One current time serves a whole batch, and every date needs its day. */
const daysInChina = new WeakMap<Date, string>();
