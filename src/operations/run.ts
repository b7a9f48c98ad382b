/** Mechanics shared by the runs of the loader and the updater. */
import { type Database, isUnstorable, type Lock } from "../database/index.ts";
import { isChe168Error, type UpstreamError } from "../errors.ts";
import type { CallOptions } from "../upstream/index.ts";
import { linkSignals } from "../util/abort.ts";
import { errorMessage } from "../util/error-message.ts";
import type { Rejection } from "./rejected.ts";

/** The statements of one run. All must be idempotent: they are retried after transient failures until `signal` aborts. */
export interface RunStatements {
  readonly read: <T>(work: () => Promise<T>) => Promise<T>;
  /** Checks before each attempt that the run still holds its lock. @param work gets the attempt, from 1 */
  readonly write: <T>(work: (attempt: number) => Promise<T>) => Promise<T>;
}

/** Binds a run's database, lock and signal. */
export function createRunStatements(
  database: Database,
  lock: Lock,
  signal: AbortSignal | undefined,
): RunStatements {
  return {
    read: (work) => database.retrying(work, { signal }),
    write: (work) =>
      database.retrying(
        async (attempt) => {
          await lock.ensure();
          return work(attempt);
        },
        { signal },
      ),
  };
}

/**
 * Stores a batch with one statement, which moves a checkpoint. When a retry finds the checkpoint elsewhere, an earlier
 * attempt has committed although its response was lost, or another run has moved it. The statement itself cannot tell the
 * two apart: it may have waited for the very row that the earlier attempt, still running on the server, was moving, and its
 * snapshot is older than that commit. `readStored` looks again, in a statement of its own.
 *
 * @param store executes the statement; undefined when the checkpoint is not at the batch, and nothing was stored
 * @param readStored the same result from what is committed; undefined when that does not include the batch
 */
export const storeOnce = <T>(
  statements: RunStatements,
  store: () => Promise<T | undefined>,
  readStored: () => Promise<T | undefined>,
): Promise<T | undefined> =>
  statements.write(async (attempt) => (await store()) ?? (attempt > 1 ? readStored() : undefined));

/** Writes a checkpoint, and reads it as it is stored. */
export async function writeCheckpoint<T>(
  statements: RunStatements,
  write: () => Promise<unknown>,
  read: () => Promise<T | undefined>,
): Promise<T> {
  await statements.write(write);
  const written = await statements.read(read);
  if (written === undefined) {
    throw new Error("The checkpoint is missing although it was just written");
  }
  return written;
}

/** True for a failed request that concerns this request only; a rejected key or a redirect concerns every request. */
export const isServiceFault = (error: unknown): error is UpstreamError =>
  isChe168Error(error) &&
  error.code.startsWith("UPSTREAM_") &&
  error.code !== "UPSTREAM_UNAUTHORIZED" &&
  error.code !== "UPSTREAM_REDIRECT";

/**
 * Awaits a request that may fail without ending the run.
 *
 * @returns its result, or the failure
 * @throws any other error, for example a rejected key
 */
export async function settled<T>(fetching: Promise<T>): Promise<T | { readonly failure: UpstreamError }> {
  try {
    return await fetching;
  } catch (failure) {
    if (!isServiceFault(failure)) {
      throw failure;
    }
    return { failure };
  }
}

/**
 * Makes an optional request, in a single attempt.
 *
 * @returns undefined when the service failed
 */
export async function tryOnce<T>(
  call: CallOptions,
  request: (single: CallOptions) => Promise<T>,
): Promise<T | undefined> {
  const attempt = linkSignals(call.signal);
  let hasFailed = false;
  const onRetry = () => {
    hasFailed = true;
    attempt.abort(new Error("An optional request is not retried"));
  };
  try {
    return await request({ signal: attempt.signal, onRetry });
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!hasFailed && !isServiceFault(error)) {
      throw error;
    }
    return undefined;
  } finally {
    attempt.unlink();
  }
}

/** One page that is requested while its predecessor is being stored. */
export interface ReadAhead<Page> {
  /** Starts the request, unless one for the same position is pending. */
  start(position: number, request: () => Promise<Page>): void;
  /** The pending page if it was requested for `position`; any other page is dropped. */
  take(position: number): Promise<Page> | undefined;
}

/** A read-ahead of one page. */
export function createReadAhead<Page>(): ReadAhead<Page> {
  let pending: { readonly position: number; readonly page: Promise<Page> } | undefined;
  return {
    start: (position, request) => {
      if (pending?.position !== position) {
        const page = request();
        // Awaited later; the no-op catch prevents an unhandled rejection until then.
        page.catch(() => {});
        pending = { position, page };
      }
    },
    take: (position) => {
      const found = pending?.position === position ? pending.page : undefined;
      pending = undefined;
      return found;
    },
  };
}

/** A valid record: the part that both jobs have in common. */
export interface PreparedRecord {
  readonly index: number;
  readonly innerId: string;
  readonly changeId: number | undefined;
  readonly createdAt: string;
  readonly hasOwnDate: boolean;
  /** Characters that were replaced because PostgreSQL cannot store them. */
  readonly repaired: number;
}

/** Counts per page that both jobs keep. */
export interface PageCounts {
  readonly pages: number;
  readonly rejected: number;
  readonly repaired: number;
  readonly undated: number;
}

/** A run's counts plus those counts of a page that are known before it is stored. */
export const countPage = <T extends PageCounts>(
  totals: T,
  records: readonly PreparedRecord[],
  rejections: readonly Rejection[],
): T => ({
  ...totals,
  pages: totals.pages + 1,
  rejected: totals.rejected + rejections.length,
  repaired: totals.repaired + records.reduce((sum, { repaired }) => sum + repaired, 0),
  undated: totals.undated + records.filter(({ hasOwnDate }) => !hasOwnDate).length,
});

/**
 * Finds the records that PostgreSQL rejects (a number of 200,000 digits, say) by testing each on its own. Only for a
 * page that failed as a whole.
 *
 * @param documentOf the JSON of a record's data, as it would be stored
 * @returns PostgreSQL's message, by the record's index
 */
export async function findUnstorable<T extends PreparedRecord>(
  database: Database,
  records: readonly T[],
  documentOf: (record: T) => string,
  signal: AbortSignal | undefined,
): Promise<Map<number, string>> {
  const reasons = new Map<number, string>();
  for (const record of records) {
    const values = [documentOf(record), record.createdAt];
    try {
      await database.retrying(
        () => database.query("select $1::jsonb is null, $2::timestamptz is null", values),
        { signal },
      );
    } catch (error) {
      if (!isUnstorable(error)) {
        throw error;
      }
      reasons.set(record.index, unstorable(error));
    }
  }
  return reasons;
}

/** The reason for rejecting a record that PostgreSQL cannot store. */
export const unstorable = (error: unknown): string => `PostgreSQL cannot store it: ${errorMessage(error)}`;

/** A page that is ready to be stored. */
export interface StorablePage<Record extends PreparedRecord> {
  readonly records: readonly Record[];
  readonly rejections: readonly Rejection[];
  readonly documentOf: (record: Record) => string;
  /** A record as received. */
  readonly textOf: (record: { readonly index: number }) => string;
}

/**
 * Stores a page; when PostgreSQL rejects it, retries without the offending records, which are rejected.
 *
 * @param prepare makes a page of the remaining records and all rejections
 */
export async function storeRejecting<
  Record extends PreparedRecord,
  Page extends StorablePage<Record>,
  Result,
>(
  database: Database,
  page: Page & StorablePage<Record>,
  prepare: (records: readonly Record[], rejections: readonly Rejection[]) => Page,
  store: (page: Page) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  try {
    return await store(page);
  } catch (error) {
    if (!isUnstorable(error)) {
      throw error;
    }
  }
  const reasons = await findUnstorable(database, page.records, page.documentOf, signal);
  const refused = page.records.flatMap((record): Rejection[] => {
    const reason = reasons.get(record.index);
    const { innerId, changeId } = record;
    return reason === undefined ? [] : [{ reason, innerId, changeId, text: page.textOf(record) }];
  });
  const kept = page.records.filter(({ index }) => !reasons.has(index));
  return store(prepare(kept, [...page.rejections, ...refused]));
}

/**
 * SQL that sets `synchronous_commit = off` for the transaction when `condition` holds. Only where rows and position
 * commit together: a server crash then loses at most the last few pages, and the next run reads them again. PGlite
 * always waits for the disk, because its unwritten data is lost with the process.
 *
 * @param condition SQL of a boolean
 */
export const asyncCommit = (condition = "true"): string =>
  `set_config('synchronous_commit',
     case when (${condition}) and version() not like '%PGlite%' then 'off' else 'on' end, true)`;
