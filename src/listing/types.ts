/** Why a value was rejected or corrected. */
export type IssueCode =
  | "unreadable"
  | "out_of_range"
  | "unknown_value"
  | "conflict"
  | "foreign_spec"
  | "range";

/** A value that was rejected or corrected. `value` is the raw value, shortened and masked. */
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

/** Location of a listing. A municipality is its own province and city. */
export interface Places {
  readonly province: Place | null;
  readonly city: Place | null;
  readonly district: Place | null;
}

/** Collects issues: parsers never throw. */
export type ReportIssue = (field: string, code: IssueCode, value: unknown) => void;
