import { addMonths } from "../../listing/customs-facts.ts";
import { customsValue, exactVolume, percentOf } from "../duty.ts";
import { fraction, hundredths, larger, ofHundredths, times } from "../fraction.ts";
import type { Input } from "../input.ts";
import { lacks, newSheet, type Sheet } from "../sheet.ts";
import { type Amount, rowFor } from "../tables.ts";
import type { CountryRules } from "./country.ts";

const ITEMS = ["duty", "excise", "vat", "customs_fee", "recycling_fee", "registration_fee"];
/** Up to this displacement the sources agree on the duty. */
const MAX_DUTY_CC = 3000;
const CLASSES = ["up_to_7_years/0", "up_to_7_years/2", "up_to_7_years/3", "over_7_years/3"] as const;
type AgeClass = (typeof CLASSES)[number];

/**
 * Kazakhstan. Only the recycling fee, the duty up to 3,000 cm³ and 7 years, and the excise have several sources; a total needs
 * `allow_single_source`. The age class ends with the difference of calendar years, which the registration fee counts by.
 */
export const KAZAKHSTAN: CountryRules<AgeClass> = {
  currency: "KZT",
  classes: CLASSES,
  classOn: (declared, produced) => {
    if (declared > addMonths(produced, 84)) {
      return "over_7_years/3";
    }
    const years = Number(declared.slice(0, 4)) - Number(produced.slice(0, 4));
    return years <= 1 ? "up_to_7_years/0" : years === 2 ? "up_to_7_years/2" : "up_to_7_years/3";
  },
  itemsOf: () => ITEMS,
  compute: (input, ageClass) => {
    const sheet = newSheet(ITEMS);
    const { items } = sheet;
    const mci = input.table("mci", sheet);
    const timesMci = (count: Amount | undefined): bigint | null =>
      mci === undefined || count === undefined
        ? null
        : hundredths(times(fraction(count), fraction(mci.value)));
    items.customs_fee = timesMci(input.table("customs_fee", sheet)?.mci);
    items.registration_fee = registrationFee(input, ageClass, timesMci, sheet);
    if (input.track !== null) {
      items.recycling_fee = recyclingFee(input, timesMci, sheet);
      items.duty = dutyOf(input, ageClass, sheet);
      items.excise = exciseOf(input, timesMci, sheet);
    }
    items.vat = vatOf(input, sheet);
    return [sheet];
  },
};

type TimesMci = (count: Amount | undefined) => bigint | null;

function registrationFee(input: Input, ageClass: AgeClass, timesMci: TimesMci, sheet: Sheet): bigint | null {
  const table = input.find("registration_fee");
  const years = Number(ageClass.split("/")[1]);
  const rows = input.track === "electric" ? table?.electric_rows : table?.rows;
  const row = rows?.find(({ up_to_years }) => up_to_years === null || years <= up_to_years);
  const confidence = row?.confidence ?? table?.confidence;
  if (row === undefined || !(confidence === "confirmed" || input.allowsSingleSource)) {
    return lacks(sheet, "tariff:registration_fee");
  }
  return timesMci(row.mci);
}

/** Null for rounded litres that leave the row open. */
function recyclingFee(input: Input, timesMci: TimesMci, sheet: Sheet): bigint | null {
  const table = input.table("recycling_fee", sheet);
  if (table === undefined) {
    return null;
  }
  if (input.track === "electric") {
    return hundredths(fraction(table.electric_kzt ?? 0));
  }
  if (input.track === "series") {
    return input.allowsSingleSource ? 0n : lacks(sheet, "tariff:recycling_fee");
  }
  const coefficients = input.volumes.map(
    (cc) => rowFor(table.rows ?? [], ({ up_to_cc }) => up_to_cc === null || cc <= up_to_cc).coefficient,
  );
  const [coefficient] = coefficients;
  if (coefficient === undefined || coefficients.some((other) => other !== coefficient)) {
    return lacks(sheet, "displacement_cc");
  }
  const base = timesMci(table.base_mci);
  return base === null ? null : hundredths(times(fraction(coefficient), ofHundredths(base)));
}

function dutyOf(input: Input, ageClass: AgeClass, sheet: Sheet): bigint | null {
  if (input.track !== "combustion") {
    return lacks(sheet, "tariff:customs_duty");
  }
  const isOld = ageClass.startsWith("over_7_years");
  const table = isOld ? input.table("customs_duty_over_7_years", sheet) : input.table("customs_duty", sheet);
  const value = customsValue(input, sheet);
  const cc = exactVolume(input, sheet);
  if (table === undefined || value === null || cc === null) {
    return null;
  }
  const byPercent = percentOf(table.percent, ofHundredths(value));
  if (table.kind === "customs_duty") {
    return cc <= MAX_DUTY_CC ? hundredths(byPercent) : lacks(sheet, "tariff:customs_duty");
  }
  const eur = input.rate("EUR", sheet);
  if (eur === undefined) {
    return null;
  }
  const row = rowFor(table.rows, ({ up_to_cc }) => up_to_cc === null || cc <= up_to_cc);
  return hundredths(larger(byPercent, times(times(fraction(cc), fraction(row.min_eur_per_cc)), eur)));
}

/** On the whole displacement of large engines; the rate of expensive cars lacks a known base, so it is refused. */
function exciseOf(input: Input, timesMci: TimesMci, sheet: Sheet): bigint | null {
  const table = input.table("excise", sheet);
  const limit = timesMci(input.find("excise_luxury")?.over_mci);
  if (input.value !== null && limit !== null && input.value > limit) {
    return lacks(sheet, "tariff:excise_luxury");
  }
  if (input.track === "electric") {
    return 0n;
  }
  const cc = exactVolume(input, sheet);
  if (table === undefined || cc === null) {
    return null;
  }
  return cc > (table.over_cc ?? 0) ? hundredths(times(fraction(cc), fraction(table.kzt_per_cc ?? 0))) : 0n;
}

function vatOf(input: Input, sheet: Sheet): bigint | null {
  const table = input.table("vat", sheet);
  if (table !== undefined && table.base === undefined && !input.allowsSingleSource) {
    return lacks(sheet, "tariff:vat");
  }
  const { duty, excise, customs_fee } = sheet.items;
  const value = customsValue(input, sheet);
  if (table === undefined || value === null || duty == null || excise == null || customs_fee == null) {
    return null;
  }
  return hundredths(percentOf(table.percent, ofHundredths(value + duty + excise + customs_fee)));
}
