import type { Queryable } from "../database/index.ts";
import { RULES_VERSION } from "../listing/fields.ts";
import { SHARED_PART_NAMES, type SharedPart } from "../upstream/json/document-parts.ts";
import { MAX_ID } from "./checkpoint.ts";
import type { Pieces, SharedText } from "./document.ts";
import { READ_SHARED, TAKE_EVERY, TAKE_MARKED } from "./read-sql.ts";
import type { RawRow } from "./row.ts";
import { createSharedTexts } from "./shared-texts.ts";

/** Reads unprocessed rows. */
export interface RowReader {
  /**
   * The next rows, in the order of ids; empty when there are no more.
   *
   * @param page.after id after which to read
   * @param page.upTo last id to read. @default {@link MAX_ID}
   * @param page.every whether to read every row, or only those that are marked as unprocessed. @default false
   */
  take(page: {
    readonly after: number;
    readonly upTo?: number;
    readonly size: number;
    readonly every?: boolean;
  }): Promise<RawRow[]>;
}

type TakenRow = Omit<RawRow, "document"> &
  Readonly<Record<"data" | "extra" | "option" | "inspection" | "keys" | SharedPart, string | null>>;

/**
 * Creates a reader of unprocessed rows. While most of the shared parts are ones that occurred before, rows carry their keys, and
 * a second statement fetches the texts that are missing, so that four fifths of a listing are neither sent nor parsed.
 */
export function createRowReader(db: Queryable): RowReader {
  const texts = createSharedTexts();

  /** The texts of all keys in `rows`; without those of a row that was changed meanwhile. */
  async function textsOf(rows: readonly TakenRow[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const missing = new Set<string>();
    const incomplete = new Set<number>();
    for (const row of rows) {
      for (const key of SHARED_PART_NAMES.flatMap((name) => row[name] ?? [])) {
        const text = found.get(key) ?? texts.find(key);
        if (text === undefined) {
          missing.add(key);
          incomplete.add(row.id);
        } else {
          found.set(key, text);
        }
      }
    }
    if (incomplete.size > 0) {
      const values = [[...incomplete], [...missing]];
      const read = await db.query<{ key: string; text: string }>(READ_SHARED, values, {
        name: "che168_read_shared",
      });
      for (const { key, text } of read.rows) {
        found.set(key, text);
        texts.keep(key, text);
      }
    }
    return found;
  }

  return {
    take: async ({ after, upTo = MAX_ID, size, every = false }) => {
      const byKey = texts.areMostlyKnown();
      const values = [after, upTo, size, RULES_VERSION, byKey];
      const [statement, name] = every
        ? [TAKE_EVERY, "che168_take_every"]
        : [TAKE_MARKED, "che168_take_marked"];
      const { rows } = await db.query<TakenRow>(statement, values, { name });
      if (!byKey) {
        return rows.map((row) => {
          const keys = row.keys?.split(",");
          return rawRow(row, (text, index) => texts.meet(text, keys?.[index]));
        });
      }
      const found = await textsOf(rows);
      return rows.map((row) =>
        rawRow(row, (key) => {
          const text = found.get(key);
          return text === undefined ? undefined : { key, text, isKnown: true };
        }),
      );
    },
  };
}

/** @param sharedText undefined when the text is gone, because the row was changed after it was read */
function rawRow(row: TakenRow, sharedText: (sent: string, index: number) => SharedText | undefined): RawRow {
  const { id, inner_id, version, content_hash, is_current, data, extra, option, inspection } = row;
  const shared = Object.fromEntries(
    SHARED_PART_NAMES.map((name, index) => [name, row[name] === null ? null : sharedText(row[name], index)]),
  );
  // A changed row is not stored, whatever is computed for it, because its version differs.
  const isWhole = data !== null && Object.values(shared).every((part) => part !== undefined);
  const document = isWhole ? { data, extra, option, inspection, shared: shared as Pieces["shared"] } : null;
  return { id, inner_id, version, content_hash, is_current, document };
}
