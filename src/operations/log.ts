import type { OperationStatus, OperationType } from "../database/entities/operations-log.ts";
import type { Database, Queryable } from "../database/types.ts";

/** The counts of a run, and what else there is to say of it; becomes the JSON of `operations_log.details`. */
export type OperationDetails = Readonly<Record<string, unknown>>;

/** An open row of `operations_log`. */
export interface Operation {
  readonly id: number;
  /**
   * Brings `details` up to what has been reached; in the transaction that reached it, so that the row of a run that
   * is killed tells the truth.
   */
  note(tx: Queryable, details: OperationDetails): Promise<void>;
  /** Closes the row. */
  finish(status: OperationStatus, details: OperationDetails): Promise<void>;
}

/**
 * Opens a row that says ERROR and `interrupted` until {@link Operation.finish}: whatever ends the process
 * in between, the row is right.
 */
export async function startOperation(
  database: Database,
  type: OperationType,
  details: OperationDetails,
): Promise<Operation> {
  const text = (of: OperationDetails) => JSON.stringify({ ...details, ...of });
  const { rows } = await database.query<{ id: number }>(
    "insert into operations_log (operation_type, status, duration, details) values ($1, 'ERROR', 0, $2) returning id",
    [type, text({ interrupted: true })],
  );
  const id = Number(rows[0]?.id);
  const update = (tx: Queryable, status: OperationStatus, of: OperationDetails) =>
    tx.query(
      `update operations_log
          set status = $2, details = $3, duration = round(extract(epoch from clock_timestamp() - started_at))::int
        where id = $1`,
      [id, status, text(of)],
    );
  return {
    id,
    note: async (tx, reached) => {
      await update(tx, "ERROR", { ...reached, interrupted: true });
    },
    finish: async (status, reached) => {
      await database.retrying(() => update(database, status, reached));
    },
  };
}
