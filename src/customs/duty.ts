import type { Band } from "./age.ts";
import {
  type Fraction,
  fraction,
  hundredths,
  isAtMost,
  larger,
  moneyText,
  ofHundredths,
  times,
} from "./fraction.ts";
import type { Input } from "./input.ts";
import { lacks, type Sheet } from "./sheet.ts";
import { type Amount, rowFor } from "./tables.ts";

/** A percentage of an amount. */
export const percentOf = (percent: Amount, amount: Fraction): Fraction =>
  times(times(fraction(percent), amount), { n: 1n, d: 100n });

/** Whether a value is at most an upper bound; a bound of null is none. */
export const within = (value: Fraction, bound: Amount | null): boolean =>
  bound === null || isAtMost(value, fraction(bound));

/** The exact displacement; null with `displacement_cc` missing: rounded litres never feed a duty. */
export function exactVolume(input: Input, sheet: Sheet): number | null {
  const [cc] = input.volumes;
  return input.isVolumeExact && cc !== undefined ? cc : lacks(sheet, "displacement_cc");
}

/** The customs value; null with its facts missing. */
export const customsValue = (input: Input, sheet: Sheet): bigint | null =>
  input.value ?? lacks(sheet, ...input.valueMissing);

/** The unified duty of the customs union, in hundredths of the country's currency; it replaces duty, VAT and excise. */
export function unifiedDuty(input: Input, band: Band, sheet: Sheet): bigint | null {
  return band === "up_to_3_years" ? dutyByValue(input, sheet) : dutyByVolume(input, band, sheet);
}

function dutyByVolume(input: Input, band: Exclude<Band, "up_to_3_years">, sheet: Sheet): bigint | null {
  const table = input.table(`unified_duty_${band}`, sheet);
  const cc = exactVolume(input, sheet);
  const eur = input.rate("EUR", sheet);
  if (table === undefined || cc === null || eur === undefined) {
    return null;
  }
  const { eur_per_cc } = rowFor(table.rows, (row) => row.up_to_cc === null || cc <= row.up_to_cc);
  const inEur = times(fraction(cc), fraction(eur_per_cc));
  sheet.steps.duty = { eur_per_cc: String(eur_per_cc), duty_eur: moneyText(hundredths(inEur)) };
  return hundredths(times(inEur, eur));
}

function dutyByValue(input: Input, sheet: Sheet): bigint | null {
  const table = input.table("unified_duty_up_to_3_years", sheet);
  const value = customsValue(input, sheet);
  const cc = exactVolume(input, sheet);
  const eur = input.rate("EUR", sheet);
  if (table === undefined || value === null || cc === null || eur === undefined) {
    return null;
  }
  const amount = ofHundredths(value);
  // The value in EUR is not rounded: the bound is converted instead.
  const row = rowFor(
    table.rows,
    ({ up_to_eur }) => up_to_eur === null || isAtMost(amount, times(fraction(up_to_eur), eur)),
  );
  const byPercent = percentOf(row.percent, amount);
  const byVolume = times(times(fraction(cc), fraction(row.min_eur_per_cc)), eur);
  sheet.steps.duty = {
    ...(row.up_to_eur === null ? {} : { value_row_up_to_eur: String(row.up_to_eur) }),
    percent: String(row.percent),
    by_percent: moneyText(hundredths(byPercent)),
    min_eur_per_cc: String(row.min_eur_per_cc),
    by_displacement: moneyText(hundredths(byVolume)),
    applies: isAtMost(byVolume, byPercent) ? "percent" : "displacement",
  };
  return hundredths(larger(byPercent, byVolume));
}
