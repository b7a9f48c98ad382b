import { type FieldOf, fieldsOf, vocabularyOf } from "../../fields.ts";
import type { ReportIssue } from "../../types.ts";
import type { Category, Lexicon, Vocabulary } from "../../vocabulary/index.ts";
import { simplified } from "../han.ts";
import { maskPersonal } from "../personal/personal.ts";
import { isBlank, textOf } from "../text.ts";
import { SPELLED_FREELY } from "./free-spelling.ts";

type CategoryField = FieldOf<"category">;

/** Result of {@link parseCategory}. */
export interface CategoryReading {
  readonly code: string | null;
  /** The text that yielded the code. */
  readonly text: string | null;
  /** The masked raw text, when the code is `other` because no vocabulary knows it. */
  readonly raw: string | null;
}

const NOTHING: CategoryReading = { code: null, text: null, raw: null };
/** Longer texts are not looked up. */
const MAX_NAME_LENGTH = 100;

/** Sources of a category, in order of preference. */
export interface CategorySources {
  /** Raw values. */
  readonly texts: readonly unknown[];
  /** Codes read from an engine string or a trim. */
  readonly facts?: readonly (string | null | undefined)[];
  /** Fallback: raw values from the table of another car. */
  readonly last?: readonly unknown[];
}

/**
 * The code of a category field: the first known source wins. Unknown texts leave an issue; when no source is known
 * the code is `other` and the raw text is kept.
 */
export function parseCategory(
  field: CategoryField,
  { texts, facts = [], last = [] }: CategorySources,
  context: { readonly vocabulary: Vocabulary; readonly report: ReportIssue },
): CategoryReading {
  let unknown: CategoryReading = NOTHING;
  for (const raw of texts) {
    const reading = readCategory(field, raw, context);
    if (reading.code !== null && reading.code !== "other") {
      return reading;
    }
    if (unknown === NOTHING) {
      unknown = reading;
    }
  }
  const fact = facts.find((code) => typeof code === "string");
  if (typeof fact === "string") {
    return { code: fact, text: null, raw: null };
  }
  if (unknown !== NOTHING || last.length === 0) {
    return unknown;
  }
  return parseCategory(field, { texts: last }, context);
}

const VOCABULARIES = Object.fromEntries(
  fieldsOf("category").map((field) => [field, vocabularyOf(field)]),
) as Readonly<Record<CategoryField, Category>>;

function readCategory(
  field: CategoryField,
  raw: unknown,
  { vocabulary, report }: { readonly vocabulary: Vocabulary; readonly report: ReportIssue },
): CategoryReading {
  if (raw === undefined || isBlank(raw)) {
    return NOTHING;
  }
  const text = textOf(raw);
  if (text === null || text.length > MAX_NAME_LENGTH) {
    report(field, "unreadable", raw);
    return NOTHING;
  }
  const category = VOCABULARIES[field];
  const lexicon = vocabulary.categories[category];
  const code = codeOf(category, text, lexicon) ?? codeOf(category, simplified(text), lexicon);
  if (code !== null) {
    return { code, text, raw: null };
  }
  report(field, "unknown_value", text);
  return { code: "other", text, raw: maskPersonal(text) };
}

function codeOf(category: Category, text: string, lexicon: Lexicon): string | null {
  return lexicon.find(text) ?? SPELLED_FREELY[category]?.(text, lexicon) ?? null;
}

const NO_RAW = Object.freeze({});

/** `{ color_raw: "…" }` for a code `other`, otherwise nothing. */
export function rawOf<F extends CategoryField>(
  field: F,
  { raw }: CategoryReading,
): { readonly [K in `${F}_raw`]?: string } {
  return raw === null ? NO_RAW : ({ [`${field}_raw`]: raw } as { [K in `${F}_raw`]?: string });
}
