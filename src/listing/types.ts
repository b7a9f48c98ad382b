/** Why a value could not be taken as it came. */
export type IssueCode =
  | "unreadable"
  | "out_of_range"
  | "unknown_value"
  | "conflict"
  | "foreign_spec"
  | "range";

/** One value that was not taken as it came. `value` is the raw value, shortened. */
export interface Issue {
  field: string;
  code: IssueCode;
  value: unknown;
}

/** An administrative division: GB/T 2260 code (six digits) and its name; `zh` is the full official name. */
export interface Place {
  code: string;
  zh: string;
  en: string;
  ru: string;
}

/** Where a listing is. A municipality is its own province and city. */
export interface Places {
  province: Place | null;
  city: Place | null;
  district: Place | null;
}

/** Parsers never throw: what they cannot take they report through this. */
export type Report = (field: string, code: IssueCode, value: unknown) => void;
