import { binderOf, conditionsSql } from "../query/conditions-sql.ts";
import type { Condition } from "../query/offers-query.ts";
import type { Snapshot } from "../replicas/replica.ts";
import { STORED, type StoredRows } from "./columns.ts";

/** Ids of the rows that a text search finds, ascending; a selection without words is undefined, and reads nothing. */
export async function searchIds(
  read: Snapshot["read"],
  conditions: readonly Condition[],
  stored: StoredRows = "listed",
): Promise<Int32Array | undefined> {
  const words = conditions.filter(({ kind }) => kind === "words");
  if (words.length === 0) {
    return undefined;
  }
  const values: unknown[] = [];
  const where = [STORED[stored], ...conditionsSql(words, binderOf(values))].join(" and ");
  const { rows } = await read((db) =>
    db.query<{ ids: string }>(
      `select coalesce(json_agg(id), '[]')::text as ids from processed_data where ${where}`,
      values,
    ),
  );
  return Int32Array.from(JSON.parse(rows[0]?.ids ?? "[]") as number[]).sort();
}
