import { BANDS, type Band, bandOn } from "../age.ts";
import { customsValue, percentOf, unifiedDuty } from "../duty.ts";
import { fraction, hundredths, ofHundredths } from "../fraction.ts";
import type { Input } from "../input.ts";
import { copyOf, newSheet, type Sheet } from "../sheet.ts";
import type { Amount } from "../tables.ts";
import type { CountryRules } from "./country.ts";

const ENGINE_ITEMS = ["duty", "customs_fee", "recycling_fee"];
const ELECTRIC_ITEMS = ["duty", "vat", "customs_fee", "recycling_fee"];

/** Belarus: the unified rate for cars with an engine; the recycling fee does not depend on power. */
export const BELARUS: CountryRules<Band> = {
  currency: "BYN",
  classes: BANDS,
  classOn: bandOn,
  itemsOf: (track) => (track === "electric" || track === "series" ? ELECTRIC_ITEMS : ENGINE_ITEMS),
  compute: (input, band) => {
    const sheet = newSheet(BELARUS.itemsOf(input.track));
    fillFees(input, band, sheet);
    if (input.track === null) {
      return [sheet];
    }
    if (input.track === "electric") {
      const quota = input.quotaOpen === null ? [true, false] : [input.quotaOpen];
      return quota.map((isOpen) => electric(input, band, isOpen, copyOf(sheet)));
    }
    if (input.track === "series") {
      const table = input.table("series_hybrid", sheet);
      if (table !== undefined) {
        fillTaxes(input, table.duty_percent, table.vat_percent, sheet);
      }
      return [sheet];
    }
    const duty = unifiedDuty(input, band, sheet);
    sheet.items.duty = duty === null ? null : afterBenefit(input, duty, sheet);
    return [sheet];
  },
};

function fillFees(input: Input, band: Band, sheet: Sheet): void {
  const fee = input.table("customs_fee", sheet);
  const recycling = input.table("recycling_fee", sheet);
  if (fee?.byn !== undefined) {
    sheet.items.customs_fee = hundredths(fraction(fee.byn));
  }
  const amount = band === "up_to_3_years" ? recycling?.new : recycling?.old;
  if (amount !== undefined) {
    sheet.items.recycling_fee = hundredths(fraction(amount));
  }
}

function electric(input: Input, band: Band, isQuotaOpen: boolean, sheet: Sheet): Sheet {
  const duty = input.table("ev_duty", sheet);
  const vat = input.table("ev_vat", sheet);
  sheet.steps.ev_quota = isQuotaOpen ? "open" : "used up";
  if (duty !== undefined && vat !== undefined) {
    const isOld = band === "over_5_years";
    const percent = isQuotaOpen ? (duty.percent_in_quota ?? duty.percent) : duty.percent;
    fillTaxes(input, percent, isOld ? vat.percent_over_5_years : vat.percent_up_to_5_years, sheet);
    if (isOld && isQuotaOpen && vat.disputed !== undefined) {
      sheet.warnings.add("disputed:ev_vat");
    }
  }
  if (sheet.items.duty === 0n) {
    sheet.warnings.add("disputed:customs_fee");
  }
  return sheet;
}

/** The base of the VAT is value and full duty; a benefit is taken off afterwards. */
function fillTaxes(input: Input, dutyPercent: Amount, vatPercent: Amount, sheet: Sheet): void {
  const value = customsValue(input, sheet);
  if (value === null) {
    return;
  }
  const duty = hundredths(percentOf(dutyPercent, ofHundredths(value)));
  const vat = hundredths(percentOf(vatPercent, ofHundredths(value + duty)));
  sheet.items.duty = afterBenefit(input, duty, sheet);
  sheet.items.vat = afterBenefit(input, vat, sheet);
}

function afterBenefit(input: Input, amount: bigint, sheet: Sheet): bigint | null {
  if (!input.hasBenefit) {
    return amount;
  }
  const table = input.table("benefit_50", sheet);
  return table === undefined ? null : amount - hundredths(percentOf(table.percent, ofHundredths(amount)));
}
