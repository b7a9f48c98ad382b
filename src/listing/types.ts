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
  readonly field: string;
  readonly code: IssueCode;
  readonly value: unknown;
}

/** An administrative division: GB/T 2260 code (six digits) and its name; `zh` is the full official name. */
export interface Place {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly ru: string;
}

/** Where a listing is. A municipality is its own province and city. */
export interface Places {
  readonly province: Place | null;
  readonly city: Place | null;
  readonly district: Place | null;
}

/** Parsers never throw: what they cannot take they report through this. */
export type ReportIssue = (field: string, code: IssueCode, value: unknown) => void;
