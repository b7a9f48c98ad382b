import { setTimeout as delay } from "node:timers/promises";
import type { Database, OperationStatus, OperationType } from "../database/index.ts";
import { type Logger, silentLogger } from "../logging/types.ts";

/** The counts of a run, and what else there is to say of it; becomes the JSON of `operations_log.details`. */
export type OperationDetails = Readonly<Record<string, unknown>>;

/** An open row of `operations_log`. */
export interface Operation {
  readonly id: number;
  /** The counts that the transactions of the run have noted, by the names of `counts`. */
  noted<Counts extends object>(counts: Counts): Promise<Counts>;
  /** Closes the row; `details` come on top of what the transactions of the run have noted in it. */
  finish(status: OperationStatus, details: OperationDetails): Promise<void>;
  /**
   * Closes the row of a run that was stopped (`signal` is aborted) or failed. Never throws: the run's own error is on
   * its way, and without this the row still says ERROR and `interrupted`. A stop waits a second for the database, no more.
   */
  fail(error: unknown, details: OperationDetails, signal?: AbortSignal): Promise<void>;
}

/** One line with everything that can be counted, for whoever reads logs by machine. Pure. */
export function runLine(
  type: OperationType,
  status: OperationStatus | "STOPPED",
  details: OperationDetails,
  durationMs: number,
): string {
  const counts = Object.entries(details).filter(([, value]) => typeof value === "number");
  const facts = { status, duration: `${Math.round(durationMs / 1000)}s`, ...Object.fromEntries(counts) };
  const text = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
  return `Run ended: ${details.command ?? type} ${text.join(" ")}`;
}

/** How long a run that was asked to stop waits for its row. */
const STOP_PATIENCE_MS = 1_000;

// The number first and the row then: an insert whose answer was lost can be repeated without making a second row.
const NEXT_ID = "select nextval(pg_get_serial_sequence('operations_log', 'id'))::int as id";
const OPEN = `
  insert into operations_log (id, operation_type, status, duration, details) values ($1, $2, 'ERROR', 0, $3)
  on conflict (id) do nothing`;
const NOTED = "select details::jsonb as details from operations_log where id = $1";
const CLOSE = `
  update operations_log
     set status = $2, details = ((details::jsonb - 'interrupted') || $3::jsonb)::text,
         duration = round(extract(epoch from clock_timestamp() - started_at))::int
   where id = $1
  returning details::jsonb as details`;

/**
 * Opens a row that says ERROR and `interrupted` until it is closed: whatever ends the process in between, the row is
 * right. Each transaction of the run notes its counts in the row itself, so that they are right as well; when the row is
 * closed, the log is told them.
 */
export async function startOperation(
  database: Database,
  type: OperationType,
  details: OperationDetails,
  logger: Logger = silentLogger,
): Promise<Operation> {
  const started = performance.now();
  const text = JSON.stringify({ ...details, interrupted: true });
  const { rows } = await database.retrying(() => database.query<{ id: number }>(NEXT_ID));
  const id = Number(rows[0]?.id);
  await database.retrying(() => database.query(OPEN, [id, type, text]));
  /** Gives what the row says then. */
  const close = async (status: OperationStatus, reached: OperationDetails, signal?: AbortSignal) => {
    const { rows } = await database.retrying(
      () => database.query<{ details: OperationDetails }>(CLOSE, [id, status, JSON.stringify(reached)]),
      signal ? { signal } : {},
    );
    return rows[0]?.details ?? reached;
  };
  const tell = (status: Parameters<typeof runLine>[1], reached: OperationDetails) => {
    logger.info(runLine(type, status, reached, performance.now() - started));
  };
  return {
    id,
    noted: async (counts) => {
      const { rows } = await database.retrying(() =>
        database.query<{ details: Record<string, unknown> }>(NOTED, [id]),
      );
      const found = rows[0]?.details ?? {};
      const named = Object.keys(counts).map((key) => [key, found[key]]);
      return { ...counts, ...Object.fromEntries(named) };
    },
    finish: async (status, reached) => {
      tell(status, await close(status, reached));
    },
    fail: async (error, reached, signal) => {
      // What jsonb cannot hold must not cost the row its truth.
      const message = (error instanceof Error ? error.message : String(error))
        .replaceAll("\0", "\ufffd")
        .toWellFormed();
      const isStop = signal?.aborted === true;
      const why = isStop
        ? { errors: 0, ...reached, stopped: message }
        : { errors: 1, ...reached, error: message };
      const closed = close("ERROR", why, isStop ? AbortSignal.timeout(STOP_PATIENCE_MS) : undefined);
      const said = await Promise.race([
        closed.catch(() => ({ ...details, ...why })),
        ...(isStop ? [delay(STOP_PATIENCE_MS, { ...details, ...why }, { ref: false })] : []),
      ]);
      tell(isStop ? "STOPPED" : "ERROR", said);
    },
  };
}
