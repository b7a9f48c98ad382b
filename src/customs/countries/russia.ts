import { BANDS, type Band, bandOn } from "../age.ts";
import { customsValue, percentOf, unifiedDuty, within } from "../duty.ts";
import { type Fraction, fraction, fractionText, hundredths, ofHundredths, over, times } from "../fraction.ts";
import type { Input } from "../input.ts";
import { estimatedHalfHour, withRecyclingFee } from "../recycling.ts";
import { lacks, newSheet, type Sheet } from "../sheet.ts";
import { rowFor } from "../tables.ts";
import type { CountryRules } from "./country.ts";

const ENGINE_ITEMS = ["duty", "customs_fee", "recycling_fee"];
const ELECTRIC_ITEMS = ["duty", "excise", "vat", "customs_fee", "recycling_fee"];

/** Russia: the unified rate for cars with an engine; duty, excise and VAT for electric cars and series hybrids. */
export const RUSSIA: CountryRules<Band> = {
  currency: "RUB",
  classes: BANDS,
  classOn: bandOn,
  itemsOf: (track) => (track === "electric" || track === "series" ? ELECTRIC_ITEMS : ENGINE_ITEMS),
  compute: (input, band) => {
    const sheet = newSheet(RUSSIA.itemsOf(input.track));
    sheet.items.customs_fee = customsFee(input, sheet);
    if (input.track === null) {
      return [sheet];
    }
    if (input.track === "electric" || input.track === "series") {
      fillElectric(input, sheet);
    } else {
      sheet.items.duty = unifiedDuty(input, band, sheet);
    }
    return withRecyclingFee(input, band === "up_to_3_years" ? "new" : "old", sheet);
  },
};

function customsFee(input: Input, sheet: Sheet): bigint | null {
  const table = input.table("customs_fee", sheet);
  const value = customsValue(input, sheet);
  if (table === undefined || value === null) {
    return null;
  }
  const amount = ofHundredths(value);
  return hundredths(fraction(rowFor(table.rows ?? [], ({ up_to_rub }) => within(amount, up_to_rub)).rub));
}

function fillElectric(input: Input, sheet: Sheet): void {
  const rate = input.table("ev_duty", sheet);
  const value = customsValue(input, sheet);
  const excise = exciseOf(input, sheet);
  const vat = input.table("vat", sheet);
  const duty =
    rate === undefined || value === null ? null : hundredths(percentOf(rate.percent, ofHundredths(value)));
  sheet.items.duty = duty;
  sheet.items.excise = excise;
  if (value !== null && duty !== null && excise !== null && vat !== undefined) {
    sheet.items.vat = hundredths(percentOf(vat.percent, ofHundredths(value + duty + excise)));
  }
}

/** By the 30-minute power, which never exceeds the peak power: if that is in the free row, no excise is due. */
function exciseOf(input: Input, sheet: Sheet): bigint | null {
  const table = input.table("excise", sheet);
  if (table === undefined) {
    return null;
  }
  const rows = table.rows ?? [];
  const [free] = rows;
  const isFree =
    input.motorsKw !== null && Number(free?.rub) === 0 && within(input.motorsKw, free?.up_to_kw ?? 0);
  const powerKw = input.halfHourKw ?? (isFree ? input.motorsKw : estimatedHalfHour(input, sheet));
  if (powerKw === null) {
    return lacks(sheet, "power_30min_kw");
  }
  const { rub } = rowFor(rows, ({ up_to_kw }) => within(powerKw, up_to_kw));
  if (Number(rub) !== 0 && table.disputed !== undefined) {
    sheet.warnings.add("disputed:excise_power_basis");
  }
  sheet.steps.excise = { rub_per_hp: String(rub), power_kw: fractionText(powerKw) };
  return hundredths(times(taxHorsepower(powerKw, table.hp_kw ?? "0.75"), fraction(rub)));
}

/** Not rounded. */
const taxHorsepower = (powerKw: Fraction, kwPerHp: string | number): Fraction =>
  over(powerKw, fraction(kwPerHp));
