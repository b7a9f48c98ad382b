import type { Database } from "../database/index.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { addDays, dayOf } from "../util/days.ts";
import { errorMessage } from "../util/error-message.ts";
import { CBR_URL, fetchCbrRates } from "./fetch-cbr.ts";
import type { DailyRates } from "./parse-cbr.ts";

/** Units of a country's currency for one unit, by ISO 4217 code. */
export type RateTable = Readonly<Record<string, string | number>>;

/**
 * Where rates come from: your own table in roubles, with tables for Belarus (`by`) and Kazakhstan (`kz`) beside it, or
 * `"cbr"`: the Central Bank of Russia, for Russia only.
 */
export type RatesSource = "cbr" | Readonly<Record<string, string | number | RateTable | undefined>>;

/** Rates of a country, and the day that they are for; null for your own. */
export interface CountryRates {
  readonly rates: RateTable;
  readonly date: string | null;
}

/** Exchange rates for import costs. */
export interface Rates {
  /** The rates of a country; empty when there are none, or none of the last {@link MAX_AGE_DAYS} days. Never throws. */
  current(country: string): Promise<CountryRates>;
}

/** Dependencies and options of {@link createRates}. */
export interface RatesOptions {
  /** Keeps the last valid rates. */
  readonly database: Pick<Database, "query">;
  readonly source: RatesSource | undefined;
  /** Address of the bank's XML. @default that of the Central Bank of Russia */
  readonly url?: string | undefined;
  readonly logger?: Logger | undefined;
  /** @default the clock */
  readonly now?: (() => Date) | undefined;
}

/** Older rates are not used. */
export const MAX_AGE_DAYS = 10;
/** Rates for days further ahead than the longest holidays are invalid. */
const MAX_DAYS_AHEAD = 14;
const REFRESH_AFTER_MS = 3_600_000;
const RETRY_AFTER_MS = 300_000;
const NONE: CountryRates = { rates: {}, date: null };

/** Exchange rates from the configuration or from the bank, whose last valid ones are kept in the database. */
export function createRates(options: RatesOptions): Rates {
  const { source } = options;
  if (source === undefined) {
    return { current: async () => NONE };
  }
  return source === "cbr" ? cbrRates(options) : { current: async (country) => ownRates(source, country) };
}

function ownRates(source: Exclude<RatesSource, "cbr">, country: string): CountryRates {
  const isRate = (entry: [string, unknown]): entry is [string, string | number] =>
    typeof entry[1] !== "object";
  const table =
    country === "ru" ? Object.fromEntries(Object.entries(source).filter(isRate)) : source[country];
  return typeof table === "object" ? { rates: table, date: null } : NONE;
}

interface KeptRates extends DailyRates {
  readonly fetchedAt: Date;
}

const READ = `
  select day::text as day, rates, fetched_at::text as fetched_at from exchange_rates where source = 'cbr'`;
/** An earlier day never replaces a later one. */
const KEEP = `
  insert into exchange_rates (source, day, rates, fetched_at) values ('cbr', $1::date, $2::jsonb, $3::timestamptz)
  on conflict (source) do update set day = excluded.day, rates = excluded.rates, fetched_at = excluded.fetched_at
   where exchange_rates.day <= excluded.day`;

function cbrRates({
  database,
  url = CBR_URL,
  logger = silentLogger,
  now = () => new Date(),
}: RatesOptions): Rates {
  let kept: KeptRates | undefined;
  let attempt: Promise<void> | undefined;
  let nextAttemptAt = Number.NEGATIVE_INFINITY;

  const accept = (rates: KeptRates): void => {
    if (kept === undefined || kept.day <= rates.day) {
      kept = rates;
    }
  };
  const isFresh = (rates: KeptRates | undefined) =>
    rates !== undefined && now().getTime() - rates.fetchedAt.getTime() < REFRESH_AFTER_MS;

  const readKept = async (): Promise<void> => {
    const { rows } = await database.query<{ day: string; rates: Record<string, string>; fetched_at: string }>(
      READ,
    );
    const [row] = rows;
    if (row !== undefined) {
      accept({ day: row.day, rates: row.rates, fetchedAt: new Date(row.fetched_at) });
    }
  };

  const fetchNew = async (): Promise<void> => {
    const received = await fetchCbrRates(url);
    const today = dayOf(now(), "Europe/Moscow");
    if (received.day > addDays(today, MAX_DAYS_AHEAD)) {
      throw new Error(`the rates are for ${received.day}`);
    }
    const fetchedAt = now();
    accept({ ...received, fetchedAt });
    await database.query(KEEP, [received.day, JSON.stringify(received.rates), fetchedAt.toISOString()]);
  };

  const refresh = async (): Promise<void> => {
    nextAttemptAt = now().getTime() + RETRY_AFTER_MS;
    try {
      // Another process may have fetched them.
      await readKept();
      if (!isFresh(kept)) {
        await fetchNew();
      }
      nextAttemptAt = now().getTime() + REFRESH_AFTER_MS;
    } catch (error) {
      const since = kept === undefined ? "no rates are known" : `those of ${kept.day} are kept`;
      logger.warn(`The central bank's rates could not be read, ${since}: ${errorMessage(error)}`);
    } finally {
      attempt = undefined;
    }
  };

  return {
    current: async (country) => {
      if (country !== "ru") {
        return NONE;
      }
      if (attempt === undefined && now().getTime() >= nextAttemptAt) {
        attempt = refresh();
      }
      const oldest = addDays(dayOf(now(), "Europe/Moscow"), -MAX_AGE_DAYS);
      if (attempt !== undefined && (kept === undefined || kept.day < oldest)) {
        await attempt;
      }
      if (kept === undefined) {
        return NONE;
      }
      return { rates: kept.day < oldest ? {} : kept.rates, date: kept.day };
    },
  };
}
