import { type ListRow, listStatement } from "../query/list-sql.ts";
import type { Condition } from "../query/offers-query.ts";
import { keyOf, type Position, type SortKey, sortOf } from "../query/sort.ts";
import type { Snapshot } from "../replicas/replica.ts";

/** Listings per statement: some 500 kB as cards. */
const BATCH = 500;

/** An exported listing: its position, and its JSON. */
export interface ExportedRow {
  readonly position: Position;
  readonly item: string;
}

/** What is exported. */
export interface ExportSelection {
  readonly conditions: readonly Condition[];
  readonly sort: SortKey;
  /** Members of each listing. */
  readonly fields: readonly string[];
  /** Continues after this position. */
  readonly after: Position | undefined;
}

/**
 * Reads a selection batch by batch, by keyset: short statements, and no transaction that would hold back vacuum. The next batch is
 * read while the last one is used.
 */
export async function* exportRows(
  read: Snapshot["read"],
  selection: ExportSelection,
): AsyncGenerator<readonly ExportedRow[]> {
  const { sort, after } = selection;
  const { nullable } = sortOf(sort);
  const readBatch = async (position: Position | undefined, isKeyless: boolean): Promise<ExportedRow[]> => {
    const branch = isKeyless ? "keyless" : "keyed";
    const { text, values } = listStatement(selection, { branch, limit: BATCH, after: position });
    const { rows } = await read((db) => db.query<ListRow>(text, values), "export");
    return rows.map(({ id, key, item }) => ({ position: { sort, key: keyOf(sort, key), id }, item }));
  };

  let isKeyless = nullable && after?.key === null;
  let next: Promise<ExportedRow[]> | undefined = readBatch(after, isKeyless);
  while (next !== undefined) {
    const rows: ExportedRow[] = await next;
    const isFull = rows.length === BATCH;
    if (isFull || (nullable && !isKeyless)) {
      isKeyless ||= !isFull;
      next = readBatch(isFull ? rows.at(-1)?.position : undefined, isKeyless);
      // Rejected while the rows are used: reported when they are, by awaiting it.
      next.catch(() => {});
    } else {
      next = undefined;
    }
    if (rows.length > 0) {
      yield rows;
    }
  }
}
