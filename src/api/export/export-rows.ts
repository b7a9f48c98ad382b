import { type ListRow, listStatement } from "../query/list-sql.ts";
import type { Condition } from "../query/offers-query.ts";
import { type CursorPosition, keyOf, type SortKey, sortOf } from "../query/sort.ts";
import type { Snapshot } from "../replicas/replica.ts";

/** Listings of the first statement; the next ones read as many as make up {@link BATCH_BYTES}. */
const FIRST_BATCH = 500;
/** Fewer statements save planning, longer ones cost memory. */
const BATCH_BYTES = 300_000;
const MIN_BATCH = 20;
const MAX_BATCH = 2_000;

/** An exported listing: its position, and its JSON. */
export interface ExportedRow {
  readonly position: CursorPosition;
  readonly item: string;
}

/** The listings and members to export. */
export interface ExportSelection {
  readonly conditions: readonly Condition[];
  readonly sort: SortKey;
  /** Members of each listing. */
  readonly fields: readonly string[];
  /** Whether each listing is an array of their values, or an object. */
  readonly asArrays: boolean;
  /** Continues after this position. */
  readonly after: CursorPosition | undefined;
}

/**
 * Reads a selection batch by batch, by keyset: short statements, and no transaction that would hold back vacuum. The next batch is
 * read while the last one is used.
 */
export async function* exportRows(
  read: Snapshot["read"],
  selection: ExportSelection,
): AsyncGenerator<readonly ExportedRow[]> {
  const { sort, after, asArrays } = selection;
  const { nullable } = sortOf(sort);
  let limit = FIRST_BATCH;
  const readBatch = async (
    position: CursorPosition | undefined,
    isKeyless: boolean,
  ): Promise<ExportedRow[]> => {
    const branch = isKeyless ? "keyless" : "keyed";
    const { text, values } = listStatement(selection, { branch, limit, after: position, asArrays });
    const { rows } = await read((db) => db.query<ListRow>(text, values), "export");
    return rows.map(({ id, key, item }) => ({ position: { sort, key: keyOf(sort, key), id }, item }));
  };

  let isKeyless = nullable && after?.key === null;
  let next: Promise<ExportedRow[]> | undefined = readBatch(after, isKeyless);
  while (next !== undefined) {
    const rows: ExportedRow[] = await next;
    const isFull = rows.length === limit;
    limit = nextLimit(rows, limit);
    if (isFull || (nullable && !isKeyless)) {
      isKeyless ||= !isFull;
      next = readBatch(isFull ? rows.at(-1)?.position : undefined, isKeyless);
      // Awaited later; the no-op catch prevents an unhandled rejection until then.
      next.catch(() => {});
    } else {
      next = undefined;
    }
    if (rows.length > 0) {
      yield rows;
    }
  }
}

/** Listings of the next statement, by the length of those of the last one. */
function nextLimit(rows: readonly ExportedRow[], limit: number): number {
  const length = rows.reduce((sum, { item }) => sum + item.length, 0);
  return rows.length === 0
    ? limit
    : Math.max(MIN_BATCH, Math.min(MAX_BATCH, Math.round((BATCH_BYTES * rows.length) / length)));
}
