import type { ReportIssue } from "../types.ts";
import { halfWidth, isMissing } from "./text.ts";

const VIN = /^[A-HJ-NPR-Z0-9]{17}$/;
/** Sellers mask the end of the number with these. */
const MASKED = /^(?=.*(?:\*|X{4}))[A-HJ-NPR-Z0-9*]{6,20}$/;
const ONE_CHARACTER_ONLY = /^(.)\1*$/;

/** The vehicle identification number: whole, or as far as the seller shows it (`LHGCV2650XXXXXXX`, `LHG****`). */
export interface Vin {
  readonly vin: string | null;
  /** Null unless `vin` is null. Stored in `normalized_data` only, without a column. */
  readonly masked: string | null;
}

/** Reads a VIN: 17 characters of A-H, J-N, P, R-Z, 0-9, in upper case. Anything else is null with an issue. */
export function parseVin(raw: unknown, report: ReportIssue): Vin {
  if (isMissing(raw)) {
    return { vin: null, masked: null };
  }
  const text = typeof raw === "string" && raw.length < 100 ? vinForm(raw) : "";
  if (MASKED.test(text)) {
    return { vin: null, masked: text };
  }
  if (VIN.test(text) && !ONE_CHARACTER_ONLY.test(text)) {
    return { vin: text, masked: null };
  }
  report("vin", "unreadable", raw);
  return { vin: null, masked: null };
}

/** Half-width, upper case, without white space and dashes. */
function vinForm(text: string): string {
  return halfWidth(text)
    .replace(/[\s-]+/gu, "")
    .toUpperCase();
}
