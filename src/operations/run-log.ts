import { setTimeout as delay } from "node:timers/promises";
import type { Database, OperationStatus, OperationType, Queryable } from "../database/index.ts";
import { isChe168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { errorMessage } from "../util/error-message.ts";

/** Counts and other facts of a run: the JSON in `operations_log.details`. */
export type OperationDetails = Readonly<Record<string, unknown>>;

/** An open row of `operations_log`. */
export interface Operation {
  readonly id: number;
  /** The committed counts of the run, under the names of `counts`. */
  recordedCounts<Counts extends object>(counts: Counts): Promise<Counts>;
  /** Closes the row; `details` are merged into the counts recorded by the run's transactions. */
  finish(status: OperationStatus, details: OperationDetails): Promise<void>;
  /**
   * Closes the row of a run that was stopped (`signal` is aborted) or failed. Never throws, because the run's own error
   * is being thrown; a row that cannot be closed keeps ERROR and `interrupted`. After a stop it waits at most a second.
   */
  fail(error: unknown, details: OperationDetails, signal?: AbortSignal): Promise<void>;
}

/** One machine-readable line with every count of a run. Pure. */
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

const STOP_TIMEOUT_MS = 1_000;

// The id is allocated first, so that the insert is idempotent and can be retried when its response is lost.
const NEXT_ID = "select nextval(pg_get_serial_sequence('operations_log', 'id'))::int as id";
const OPEN = `
  insert into operations_log (id, operation_type, status, duration, details) values ($1, $2, 'ERROR', 0, $3)
  on conflict (id) do nothing`;
// Waits for a statement of the previous run that the server still executes, and prevents a later one: see turnSql.
const FOLLOW = `
  update operations_log set details = (details::jsonb || jsonb_build_object('followedBy', $1::int))::text
   where id = (select max(id) from operations_log where operation_type = $2 and id < $1::int)
     and details::jsonb -> 'interrupted' is not null`;
const RECORDED = "select details::jsonb as details from operations_log where id = $1";
const CLOSE = `
  update operations_log
     set status = $2, details = ((details::jsonb - 'interrupted') || $3::jsonb)::text,
         duration = round(extract(epoch from clock_timestamp() - started_at))::int
   where id = $1
  returning details::jsonb as details`;

/** The committed counts in the row of a run, under the names of `counts`. */
async function readRunCounts<Counts extends object>(
  db: Queryable,
  operationId: number,
  counts: Counts,
): Promise<Counts> {
  const { rows } = await db.query<{ details: Record<string, unknown> }>(RECORDED, [operationId]);
  const found = rows[0]?.details ?? {};
  const recorded = Object.keys(counts).map((key) => [key, found[key]]);
  return { ...counts, ...Object.fromEntries(recorded) };
}

/**
 * The committed counts of a run, if they are those after a batch.
 *
 * @param counts after the batch, as far as they are known before it is stored; `pages` identifies the batch
 */
export async function countsWithBatch<Counts extends { readonly pages: number }>(
  db: Queryable,
  operationId: number,
  counts: Counts,
): Promise<Counts | undefined> {
  const recorded = await readRunCounts(db, operationId, counts);
  return recorded.pages === counts.pages ? recorded : undefined;
}

/**
 * SQL of the common table expression `turn`, which locks the run's row. Each statement that stores writes only if `turn` has
 * a row. It has none once the run has ended or another one has started: the server may receive or execute the last statement
 * of a killed process after that.
 *
 * @param id number of the parameter with the row's id
 * @param condition a further condition on the row
 */
export const turnSql = (id: number, condition = "true"): string => `turn as (
    select from operations_log
     where id = $${id}::int and details::jsonb ? 'interrupted' and not details::jsonb ? 'followedBy' and ${condition}
       for update)`;

/**
 * Opens a row with ERROR and `interrupted`, which is correct even after a SIGKILL; closing it sets the outcome. Each
 * transaction of the run records its counts in the row; closing also logs them. The row of a killed run gets
 * `followedBy`, the id of this one: see {@link turnSql}.
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
  // In this order: the row of a run that is killed in between would hide the previous one from the next run.
  await database.retrying(() => database.query(FOLLOW, [id, type]));
  await database.retrying(() => database.query(OPEN, [id, type, text]));
  /** @returns the row's final details */
  const close = async (status: OperationStatus, reached: OperationDetails, signal?: AbortSignal) => {
    const { rows } = await database.retrying(
      () => database.query<{ details: OperationDetails }>(CLOSE, [id, status, JSON.stringify(reached)]),
      { signal },
    );
    return rows[0]?.details ?? reached;
  };
  const log = (status: Parameters<typeof runLine>[1], reached: OperationDetails) => {
    logger.info(runLine(type, status, reached, performance.now() - started));
  };
  return {
    id,
    recordedCounts: (counts) => database.retrying(() => readRunCounts(database, id, counts)),
    finish: async (status, reached) => {
      log(status, await close(status, reached));
    },
    fail: async (error, reached, signal) => {
      // jsonb rejects NUL and lone surrogates.
      const message = errorMessage(error).replaceAll("\0", "\ufffd").toWellFormed();
      const isStop = signal?.aborted === true;
      const outcome = isStop
        ? { errors: 0, ...reached, stopped: message }
        : { errors: 1, ...reached, error: message, code: isChe168Error(error) ? error.code : undefined };
      const closed = close("ERROR", outcome, isStop ? AbortSignal.timeout(STOP_TIMEOUT_MS) : undefined);
      const logged = closed.catch(() => ({ ...details, ...outcome }));
      const timeout = delay(STOP_TIMEOUT_MS, { ...details, ...outcome }, { ref: false });
      log(isStop ? "STOPPED" : "ERROR", await (isStop ? Promise.race([logged, timeout]) : logged));
    },
  };
}
