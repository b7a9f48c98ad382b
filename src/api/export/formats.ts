import { encodeCursor } from "../query/sort.ts";
import type { ExportedRow } from "./export-rows.ts";
import { CURSOR_COLUMN } from "./parameters.ts";

/** Formats the rows of an export. Pure. */
export interface ExportFormat {
  readonly type: string;
  /** Text before the first row. */
  readonly head: string;
  format(rows: readonly ExportedRow[]): string;
}

/** Needs quotes. */
const SPECIAL = /[",\r\n]/;
/** Makes a spreadsheet read a text as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A CSV field: quoted where it contains a quote, a comma or a line break; lists and objects are JSON. */
function csvField(value: unknown, escapesFormulas: boolean): string {
  if (value === null || value === undefined) {
    return "";
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  const json = typeof value === "string" ? value : JSON.stringify(value);
  const text = escapesFormulas && FORMULA.test(json) ? `'${json}` : json;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * CSV of RFC 4180 with a header line. A missing value is an empty field.
 *
 * @param names the columns
 * @param options.hasMark whether the text starts with a byte order mark
 * @param options.escapesFormulas whether an apostrophe precedes texts that spreadsheets would run
 * @param options.areArrays whether the rows are arrays of the values of all columns but the cursor; otherwise objects
 */
export function csvFormat(
  names: readonly string[],
  options: { readonly hasMark: boolean; readonly escapesFormulas: boolean; readonly areArrays: boolean },
): ExportFormat {
  const { hasMark, escapesFormulas, areArrays } = options;
  const members = names.filter((name) => name !== CURSOR_COLUMN);
  const cursorAt = names.indexOf(CURSOR_COLUMN);
  const valuesOf = (item: string): unknown[] => {
    const parsed = JSON.parse(item) as unknown[] | Readonly<Record<string, unknown>>;
    return areArrays
      ? (parsed as unknown[])
      : members.map((name) => (parsed as Readonly<Record<string, unknown>>)[name]);
  };
  const line = ({ item, position }: ExportedRow): string => {
    const fields = valuesOf(item).map((value) => csvField(value, escapesFormulas));
    if (cursorAt !== -1) {
      fields.splice(cursorAt, 0, encodeCursor(position));
    }
    const text = fields.join(",");
    // Readers skip an empty line.
    return `${text === "" ? '""' : text}\r\n`;
  };
  return {
    type: "text/csv; charset=utf-8; header=present",
    head: `${hasMark ? "\ufeff" : ""}${names.join(",")}\r\n`,
    format: (rows) => rows.map(line).join(""),
  };
}

/** The member in the text of a row. In a text the quotes are escaped, and in `jsonb` a space follows the colon: nothing else matches. */
const EMPTY_CURSOR = `"${CURSOR_COLUMN}":null`;

/** One JSON object per line, as PostgreSQL wrote it. A row has a null where the cursor is to be. */
export function ndjsonFormat(names: readonly string[]): ExportFormat {
  const line = names.includes(CURSOR_COLUMN)
    ? ({ item, position }: ExportedRow) =>
        `${item.replace(EMPTY_CURSOR, () => `"${CURSOR_COLUMN}":"${encodeCursor(position)}"`)}\n`
    : ({ item }: ExportedRow) => `${item}\n`;
  return { type: "application/x-ndjson", head: "", format: (rows) => rows.map(line).join("") };
}
