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

const membersOf = ({ item }: ExportedRow) => JSON.parse(item) as Record<string, unknown>;

/** A CSV field: quoted where it contains a quote, a comma or a line break; lists and objects are JSON. */
function csvField(value: unknown): string {
  if (value === null || value === undefined) {
    return "";
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * CSV of RFC 4180 with a header line. A missing value is an empty field.
 *
 * @param hasMark whether the text starts with a byte order mark
 */
export function csvFormat(fields: readonly string[], hasMark: boolean): ExportFormat {
  const line = (row: ExportedRow): string => {
    const members = membersOf(row);
    const text = fields
      .map((name) => (name === CURSOR_COLUMN ? encodeCursor(row.position) : csvField(members[name])))
      .join(",");
    // Readers skip an empty line.
    return `${text === "" ? '""' : text}\r\n`;
  };
  return {
    type: "text/csv; charset=utf-8; header=present",
    head: `${hasMark ? "\ufeff" : ""}${fields.join(",")}\r\n`,
    format: (rows) => rows.map(line).join(""),
  };
}

/** One JSON object per line. */
export function ndjsonFormat(fields: readonly string[]): ExportFormat {
  const line = fields.includes(CURSOR_COLUMN)
    ? (row: ExportedRow) => {
        const members: Record<string, unknown> = {
          ...membersOf(row),
          [CURSOR_COLUMN]: encodeCursor(row.position),
        };
        return `${JSON.stringify(Object.fromEntries(fields.map((name) => [name, members[name]])))}\n`;
      }
    : ({ item }: ExportedRow) => `${item}\n`;
  return { type: "application/x-ndjson", head: "", format: (rows) => rows.map(line).join("") };
}
