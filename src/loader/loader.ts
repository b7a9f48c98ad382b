import type { Lock } from "../database/lock.ts";
import type { Database } from "../database/types.ts";
import { isChe168Error, UpstreamError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { type Operation, startOperation } from "../operations/log.ts";
import type { Client, OffersPage, RetryWait } from "../upstream/client.ts";
import { addDays, dayOf } from "../upstream/days.ts";
import {
  beginWalk,
  type Checkpoint,
  forgetFailedPages,
  goBackTo,
  hasFeedStart,
  noteFeedStart,
  readCheckpoint,
  readFailedPages,
  skipPage,
} from "./checkpoint.ts";
import { storePage, type Totals } from "./store-page.ts";

export interface LoaderOptions {
  readonly database: Database;
  readonly client: Client;
  readonly logger?: Logger | undefined;
  /** Pages that fail in a row before the load gives up. @default 3 */
  readonly maxFailedPages?: number | undefined;
  /** Whose midnight ends a day of the feed. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** How far a walk is. */
export interface LoadProgress {
  readonly phase: "load" | "verify" | "failed pages";
  readonly unit: "records";
  /** Records of the walk so far, those of earlier runs included. */
  readonly done: number;
  /** Records that earlier runs had read. */
  readonly before: number;
  /** Records to expect, from `expect` or from the last complete walk; null when nothing is known. */
  readonly total: number | null;
  readonly page: number;
}

export interface LoadRunOptions {
  /** Reads at most so many pages in this run. */
  readonly maxPages?: number | undefined;
  /** Begins at page 1 again; what is stored stays. */
  readonly restart?: boolean | undefined;
  /** Walks the whole catalogue once more and stores what moved past the first walk. */
  readonly verify?: boolean | undefined;
  /** Records to expect, for the progress only. */
  readonly expect?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Called after a page and its rows are in the database. */
  readonly onPage?: ((page: { page: number; loaded: number; duplicates: number }) => void) | undefined;
  readonly onRetry?: ((wait: RetryWait) => void) | undefined;
}

/** What a run reached. */
export interface LoadResult extends Totals {
  /** ERROR when pages are left that could not be read. */
  readonly status: "OK" | "ERROR";
  /** True when the catalogue has been read to its end. */
  readonly finished: boolean;
  /** Where the next run goes on; null at the end. */
  readonly nextPage: number | null;
  /** Pages that could not be read; the next run begins with them. */
  readonly failedPages: readonly number[];
  /** Why the run gave up, when it did. */
  readonly error?: string;
  readonly durationMs: number;
}

export interface Loader {
  /**
   * Reads the catalogue page by page into `raw_data`, from where the last run stopped.
   *
   * @throws LockedError when a load or an update is running
   * @throws UpstreamError when the key is refused
   * @throws the signal's reason when it was aborted; what was stored stays
   */
  run(options?: LoadRunOptions): Promise<LoadResult>;
}

const ZERO: Totals = {
  pages: 0,
  loaded: 0,
  duplicates: 0,
  rejected: 0,
  repaired: 0,
  undated: 0,
};

/** A page that could not be read may be stepped over; a refused key, a stop or a bug may not. */
function isPageFailure(error: unknown): error is UpstreamError {
  return (
    isChe168Error(error) &&
    error.code.startsWith("UPSTREAM_") &&
    error.code !== "UPSTREAM_UNAUTHORIZED" &&
    error.code !== "UPSTREAM_REDIRECT"
  );
}

/** A service that answers empty pages without an end must not keep the walk going for ever. */
function refuseEmptyPage({ page, nextPage, records }: OffersPage): void {
  if (records.length === 0 && nextPage !== null) {
    throw new UpstreamError(
      "UPSTREAM_INVALID_ANSWER",
      `Page ${page} of the catalogue is empty and still names page ${nextPage} as the next.`,
      { retryable: true },
    );
  }
}

/** Everything that one run carries along. */
interface Run {
  readonly operation: Operation;
  readonly lock: Lock;
  readonly options: LoadRunOptions;
  readonly signal: AbortSignal;
  totals: Totals;
  records: number;
  readonly before: number;
  readonly total: number | null;
  pagesLeft: number;
}

/** Loads the whole catalogue (contract §5). */
export function createLoader(options: LoaderOptions): Loader {
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const maxFailedPages = options.maxFailedPages ?? 3;
  const timezone = options.timezone ?? "Europe/Moscow";
  const now = options.now ?? (() => new Date());

  /** The day's first change: what happens from now on is behind it, and the first daily run reads it. */
  async function ensureFeedStart(run: Run): Promise<void> {
    if (await hasFeedStart(database)) {
      return;
    }
    const today = dayOf(now(), timezone);
    const changeId = await client.changeId(today, callOptions(run));
    await noteFeedStart(database, changeId, addDays(today, -1));
  }

  const callOptions = (run: Run) => ({
    signal: run.signal,
    ...(run.options.onRetry ? { onRetry: run.options.onRetry } : {}),
  });

  async function store(run: Run, answer: OffersPage, phase: LoadProgress["phase"]): Promise<void> {
    const stored = await storePage(
      database,
      { page: answer.page, nextPage: answer.nextPage, text: answer.text, records: answer.records },
      {
        lock: run.lock,
        operationId: run.operation.id,
        totals: run.totals,
        isRetry: phase === "failed pages",
        now: now(),
      },
    );
    run.totals = {
      pages: run.totals.pages + 1,
      loaded: run.totals.loaded + stored.loaded,
      duplicates: run.totals.duplicates + stored.duplicates,
      rejected: run.totals.rejected + stored.rejected,
      repaired: run.totals.repaired + stored.repaired,
      undated: run.totals.undated + stored.undated,
    };
    run.records += answer.records.length;
    run.options.onPage?.({ page: answer.page, loaded: stored.loaded, duplicates: stored.duplicates });
    run.options.onProgress?.({
      phase,
      unit: "records",
      done: run.records,
      before: run.before,
      total: run.total,
      page: answer.page,
    });
  }

  /** Tries the pages again that earlier runs left; gives up after too many failures in a row. */
  async function retryFailedPages(run: Run): Promise<string | undefined> {
    let inARow = 0;
    for (const page of await readFailedPages(database)) {
      if (run.pagesLeft <= 0) {
        return undefined;
      }
      run.pagesLeft -= 1;
      try {
        const answer = await client.offersPage(page, callOptions(run));
        await store(run, answer, "failed pages");
        inARow = 0;
      } catch (error) {
        if (!isPageFailure(error)) {
          throw error;
        }
        logger.error(`Page ${page} of the catalogue failed again: ${error.message}`);
        await database.retrying(() => skipPage(database, page, error.message));
        inARow += 1;
        if (inARow >= maxFailedPages) {
          return error.message;
        }
      }
    }
    return undefined;
  }

  /** Walks from `first` to the end; the next page is on its way while one is stored. */
  async function walk(run: Run, first: number, phase: "load" | "verify"): Promise<string | undefined> {
    const ahead = new AbortController();
    const signal = AbortSignal.any([run.signal, ahead.signal]);
    const request = (page: number): Promise<OffersPage> => {
      const answer = client.offersPage(page, { ...callOptions(run), signal });
      // Looked at when its turn comes; until then a failure is no unhandled one.
      answer.catch(() => {});
      return answer;
    };
    const failed: number[] = [];
    let page: number | null = first;
    let coming: Promise<OffersPage> | undefined;
    try {
      while (page !== null && run.pagesLeft > 0) {
        run.pagesLeft -= 1;
        let next: number | null;
        try {
          const answer: OffersPage = await (coming ?? request(page));
          refuseEmptyPage(answer);
          next = answer.nextPage;
          coming = next !== null && run.pagesLeft > 0 ? request(next) : undefined;
          await store(run, answer, phase);
          failed.length = 0;
        } catch (error) {
          if (!isPageFailure(error)) {
            throw error;
          }
          coming = undefined;
          failed.push(page);
          const failedPage = page;
          logger.error(`Page ${page} of the catalogue is left for the next run: ${error.message}`);
          await database.retrying(() => skipPage(database, failedPage, error.message));
          if (failed.length >= maxFailedPages) {
            await database.retrying(() => goBackTo(database, failed[0] ?? failedPage));
            return error.message;
          }
          next = page + 1;
        }
        page = next;
      }
      return undefined;
    } finally {
      ahead.abort();
    }
  }

  async function checkpointFor(runOptions: LoadRunOptions): Promise<Checkpoint> {
    const found = await readCheckpoint(database);
    const mustVerify = runOptions.verify === true && (found?.walk !== "verify" || found.nextPage === null);
    if (found !== undefined && !runOptions.restart && !mustVerify) {
      return found;
    }
    if (runOptions.verify && found?.nextPage !== null && found?.walk !== "verify") {
      logger.warn("The catalogue has not been read to its end yet: this walk does both.");
    }
    await beginWalk(database, runOptions.verify ? "verify" : "load");
    await forgetFailedPages(database);
    const begun = await readCheckpoint(database);
    if (begun === undefined) {
      throw new Error("The checkpoint that was just written is not there");
    }
    return begun;
  }

  async function execute(run: Run, checkpoint: Checkpoint): Promise<string | undefined> {
    await ensureFeedStart(run);
    const gaveUp = await retryFailedPages(run);
    if (gaveUp !== undefined) {
      return gaveUp;
    }
    if (checkpoint.nextPage === null) {
      logger.info(
        "The catalogue has been read to its end. --verify walks it once more, --restart begins anew.",
      );
      return undefined;
    }
    return walk(run, checkpoint.nextPage, checkpoint.walk);
  }

  return {
    run: async (runOptions = {}) => {
      const started = performance.now();
      const signal = runOptions.signal ?? new AbortController().signal;
      signal.throwIfAborted();
      const lock = await database.lock(["data_fetch"], "che168-sync initial");
      try {
        const operation = await startOperation(database, "data_fetch", {
          command: "initial",
          ...(runOptions.verify ? { verify: true } : {}),
          ...ZERO,
        });
        let totals = ZERO;
        try {
          const checkpoint = await checkpointFor(runOptions);
          const run: Run = {
            operation,
            lock,
            options: runOptions,
            signal,
            totals,
            records: checkpoint.records,
            before: checkpoint.records,
            total: runOptions.expect ?? checkpoint.lastRecords,
            pagesLeft: runOptions.maxPages ?? Number.POSITIVE_INFINITY,
          };
          const error = await execute(run, checkpoint).finally(() => {
            totals = run.totals;
          });
          const failedPages = await readFailedPages(database);
          const after = await readCheckpoint(database);
          const status = error === undefined && failedPages.length === 0 ? "OK" : "ERROR";
          const result = {
            status,
            ...totals,
            finished: after?.nextPage === null,
            nextPage: after?.nextPage ?? null,
            failedPages,
            ...(error === undefined ? {} : { error }),
          } as const;
          await operation.finish(status, { ...result, errors: failedPages.length });
          if (result.finished && run.totals.pages > 0) {
            await database.query("analyze raw_data");
          }
          return { ...result, durationMs: Math.round(performance.now() - started) };
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          await operation.finish("ERROR", {
            ...totals,
            ...(signal.aborted ? { stopped: message } : { error: message, errors: 1 }),
          });
          throw error;
        }
      } finally {
        await lock.release();
      }
    },
  };
}
