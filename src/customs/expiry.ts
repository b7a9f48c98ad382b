import { todayInMoscow } from "./age.ts";
import { SHIPPED_TARIFFS } from "./shipped.ts";
import { type Country, type TableKind, type Tariff, tableOn } from "./tables.ts";

/** Tables that end soon, or have ended. */
export interface ExpiringTariffs {
  /** The first end, `YYYY-MM-DD`. */
  readonly ends_on: string;
  /** Country and kind: `ru customs_fee`. */
  readonly tables: readonly string[];
}

const CONFIRMED = { provisional: false, single: false };

/**
 * The tables that an estimate needs and that end within a period, without a table that follows them.
 *
 * @param own tables laid over those of the package
 * @param options.today `YYYY-MM-DD`
 * @param options.withinDays @default 30
 * @returns null when all of them apply for longer
 */
export function expiringTariffs(
  own: readonly Tariff[],
  options: { readonly countries: readonly Country[]; readonly today: string; readonly withinDays?: number },
): ExpiringTariffs | null {
  const { today, withinDays = 30 } = options;
  const tables = [...SHIPPED_TARIFFS, ...own];
  const until = new Date(Date.parse(today) + withinDays * 86_400_000).toISOString().slice(0, 10);
  const ending = options.countries.flatMap((country) => {
    const ofCountry = tables.filter((table) => table.country === country && table.confidence === "confirmed");
    const kinds = new Set<TableKind>(ofCountry.map(({ kind }) => kind));
    return [...kinds].flatMap((kind) => {
      if (tableOn(tables, kind, { country, date: until, allowed: CONFIRMED }) !== undefined) {
        return [];
      }
      const ends = ofCountry.flatMap((table) =>
        table.kind === kind &&
        table.valid_to !== null &&
        table.status !== "provisional" &&
        table.valid_to <= until
          ? [table.valid_to]
          : [],
      );
      const last = ends.sort().at(-1);
      return last === undefined ? [] : [{ name: `${country} ${kind}`, end: last }];
    });
  });
  const [first] = ending.map(({ end }) => end).sort();
  return first === undefined ? null : { ends_on: first, tables: ending.map(({ name }) => name) };
}

/** The countries that rates are for. */
function countriesOf(rates: "cbr" | Readonly<Record<string, unknown>>): Country[] {
  if (rates === "cbr") {
    return ["ru"];
  }
  const others = (["by", "kz"] as const).filter((country) => country in rates);
  return Object.values(rates).some((rate) => typeof rate !== "object") ? ["ru", ...others] : others;
}

/**
 * A check of the tariffs, to be called again and again: a server runs for months.
 *
 * @param customs.rates rates as configured: in roubles, with tables for other countries beside them; or `"cbr"`
 * @param customs.tariffs tables laid over those of the package
 * @returns undefined without rates: the tariffs are not used
 */
export function createTariffCheck(customs: {
  readonly rates?: "cbr" | Readonly<Record<string, unknown>> | undefined;
  readonly tariffs?: readonly Tariff[] | undefined;
}): (() => ExpiringTariffs | null) | undefined {
  const { rates, tariffs = [] } = customs;
  return rates === undefined
    ? undefined
    : () => expiringTariffs(tariffs, { countries: countriesOf(rates), today: todayInMoscow() });
}
