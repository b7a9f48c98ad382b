import type { RawRow } from "./rows.ts";

/** A record of the catalogue or of the feed, as a test sends it. */
export interface SentRecord {
  readonly id: number;
  readonly inner_id: string;
  readonly change_type: string;
  readonly created_at: string;
  readonly data?: unknown;
}

type Row = Omit<RawRow, "is_processed">;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const without = (key: string) => (key.startsWith("new_") && key !== "new_" ? key.slice(4) : key);
const merge = (below: unknown, above: unknown) =>
  Object.fromEntries([...Object.entries(below as object), ...Object.entries(above as object)]);

/**
 * A reference model of raw_data: applies the rules of docs/data-rules.md to a map, record by record, in order. Shares no
 * code with the implementation that it is compared to.
 */
export function createModel() {
  const rows = new Map<string, Row>();
  const rejected = new Set<string>();

  /** True when the record is invalid. */
  function isRejected(record: SentRecord): boolean {
    const { change_type: kind, data } = record;
    const isEmpty = data === undefined || data === null || (Array.isArray(data) && data.length === 0);
    const fits =
      ["added", "changed", "removed"].includes(kind) && (isObject(data) || (kind === "removed" && isEmpty));
    return !fits || record.inner_id === "";
  }

  return {
    rows,
    /** The texts of the rejected records. */
    rejected,

    /** A record of the catalogue. */
    load(record: SentRecord): void {
      if (!rows.has(record.inner_id)) {
        rows.set(record.inner_id, {
          inner_id: record.inner_id,
          change_type: record.change_type,
          created_at: new Date(record.created_at).toISOString(),
          data: record.data,
          source: "initial_load",
          active_status: 0,
          change_id: null,
          completeness: "complete",
        });
      }
    },

    /** A record of the feed. */
    change(record: SentRecord): void {
      if (isRejected(record)) {
        rejected.add(JSON.stringify(record));
        return;
      }
      const known = rows.get(record.inner_id);
      if (known && known.change_id !== null && record.id <= known.change_id) {
        return;
      }
      const row: Row = {
        inner_id: record.inner_id,
        change_type: record.change_type,
        created_at: new Date(record.created_at).toISOString(),
        data: {},
        source: "daily_update",
        active_status: 0,
        completeness: "pending",
        ...known,
        change_id: record.id,
      };
      const common = { ...row, change_type: record.change_type };
      const dated = { ...common, created_at: new Date(record.created_at).toISOString() };
      const whole = row.completeness === "complete";
      if (record.change_type === "added") {
        rows.set(row.inner_id, { ...dated, data: record.data, active_status: 0, completeness: "complete" });
      } else if (record.change_type === "removed") {
        rows.set(row.inner_id, {
          ...common,
          active_status: 1,
          completeness: whole ? "complete" : "unavailable",
        });
      } else {
        const fields = Object.fromEntries(
          Object.entries(record.data as object).map(([key, value]) => [without(key), value]),
        );
        const partial = row.active_status === 0 ? "pending" : "unavailable";
        rows.set(row.inner_id, {
          ...dated,
          data: merge(row.data, fields),
          completeness: whole ? "complete" : partial,
        });
      }
    },

    /** Backfill at the end of an update: completes listings known only by a change, if the service has them. */
    complete(full: (innerId: string) => unknown): void {
      for (const [innerId, row] of rows) {
        if (row.completeness === "pending") {
          const found = full(innerId);
          rows.set(innerId, {
            ...row,
            data: found === undefined ? row.data : merge(found, row.data),
            completeness: found === undefined ? "unavailable" : "complete",
          });
        }
      }
    },
  };
}

/** Rows by inner_id for a comparison that ignores the order of rows and keys. */
export const comparable = (rows: Iterable<Row | RawRow>): Record<string, unknown> =>
  Object.fromEntries(
    [...rows].map((row) => {
      const { is_processed: _, ...rest } = row as RawRow;
      return [row.inner_id, rest];
    }),
  );
