import { setImmediate } from "node:timers/promises";
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
  failedPagesByTurn,
  goBackTo,
  hasFeedStart,
  noteFeedStart,
  readCheckpoint,
  readFailedPages,
  skipPage,
} from "./checkpoint.ts";
import { type PreparedPage, preparePage, storePage, type Totals } from "./store-page.ts";

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
  /** Pages that could not be read; the next run tries them again. */
  readonly failedPages: readonly number[];
  /** Why the run gave up, when it did. */
  readonly error?: string;
  readonly durationMs: number;
}

export interface Loader {
  /**
   * Reads the catalogue page by page into `raw_data`, from where the last run stopped; then the pages that earlier
   * runs could not read.
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

/** Resolves when requests that were just begun are on the wire; this thread may then be busy with something else. */
async function requestsLeave(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** A page that has come, and what becomes of it. */
interface Arrival {
  readonly answer: OffersPage;
  /** Parts it into records when first asked. */
  readonly prepared: () => PreparedPage;
}

/** Why a run ended before its time, and how many pages it could not read. */
interface GivenUp {
  readonly error: string;
  readonly pages: number;
}

/** Everything that one run carries along. */
interface Run {
  readonly operation: Operation;
  readonly lock: Lock;
  readonly options: LoadRunOptions;
  readonly signal: AbortSignal;
  readonly before: number;
  readonly total: number | null;
  totals: Totals;
  records: number;
  pagesLeft: number;
  /** True while a page is on its way into the database, and this thread has time. */
  isStoring: boolean;
}

/** Loads the whole catalogue (contract §5). */
export function createLoader(options: LoaderOptions): Loader {
  const { database, client } = options;
  const logger = options.logger ?? silentLogger;
  const maxFailedPages = options.maxFailedPages ?? 3;
  const timezone = options.timezone ?? "Europe/Moscow";
  const now = options.now ?? (() => new Date());

  const callOptions = (run: Run) => ({
    signal: run.signal,
    ...(run.options.onRetry ? { onRetry: run.options.onRetry } : {}),
  });

  /** A statement that may be repeated without harm; one that writes, only while the lock is ours. */
  const read = <T>(run: Run, work: () => Promise<T>) => database.retrying(work, { signal: run.signal });
  const write = (run: Run, work: () => Promise<void>) =>
    read(run, async () => {
      await run.lock.ensure();
      await work();
    });

  /** The day's first change: what happens from now on is behind it, and the first daily run reads it. */
  async function ensureFeedStart(run: Run): Promise<void> {
    if (await read(run, () => hasFeedStart(database))) {
      return;
    }
    const today = dayOf(now(), timezone);
    const changeId = await client.changeId(today, callOptions(run));
    await write(run, () => noteFeedStart(database, changeId, addDays(today, -1)));
  }

  async function request(run: Run, page: number, signal: AbortSignal): Promise<Arrival> {
    const answer = await client.offersPage(page, { ...callOptions(run), signal });
    refuseEmptyPage(answer);
    let page_: PreparedPage | undefined;
    const prepared = () => {
      page_ ??= preparePage(answer, now());
      return page_;
    };
    if (run.isStoring) {
      prepared();
    }
    return { answer, prepared };
  }

  async function store(run: Run, page: PreparedPage, phase: LoadProgress["phase"]): Promise<void> {
    const { totals } = run;
    run.isStoring = true;
    try {
      run.totals = await storePage(database, page, {
        lock: run.lock,
        operationId: run.operation.id,
        totals,
        isRetry: phase === "failed pages",
        signal: run.signal,
      });
    } finally {
      run.isStoring = false;
    }
    run.records += page.size;
    run.options.onPage?.({
      page: page.page,
      loaded: run.totals.loaded - totals.loaded,
      duplicates: run.totals.duplicates - totals.duplicates,
    });
    run.options.onProgress?.({
      phase,
      unit: "records",
      done: run.records,
      before: run.before,
      total: run.total,
      page: page.page,
    });
  }

  /** Tries the pages again that earlier runs left; gives up after too many failures in a row. */
  async function retryFailedPages(run: Run, pages: readonly number[]): Promise<GivenUp | undefined> {
    let inARow = 0;
    for (const page of pages) {
      if (run.pagesLeft <= 0) {
        return undefined;
      }
      run.pagesLeft -= 1;
      try {
        const { prepared } = await request(run, page, run.signal);
        await store(run, prepared(), "failed pages");
        inARow = 0;
      } catch (error) {
        if (!isPageFailure(error)) {
          throw error;
        }
        logger.error(`Page ${page} of the catalogue failed again: ${error.message}`);
        await write(run, () => skipPage(database, page, error.message));
        inARow += 1;
        if (inARow >= maxFailedPages) {
          return { error: error.message, pages: 0 };
        }
      }
    }
    return undefined;
  }

  /** Walks from `first` to the end; the next page is on its way while one is stored. */
  async function walk(run: Run, first: number, phase: "load" | "verify"): Promise<GivenUp | undefined> {
    const ahead = new AbortController();
    const signal = AbortSignal.any([run.signal, ahead.signal]);
    const failed: number[] = [];
    let page: number | null = first;
    let coming: Promise<Arrival> | undefined;
    try {
      while (page !== null && run.pagesLeft > 0) {
        run.signal.throwIfAborted();
        run.pagesLeft -= 1;
        let next: number | null;
        try {
          const { answer, prepared }: Arrival = await (coming ?? request(run, page, signal));
          next = answer.nextPage;
          coming = next !== null && run.pagesLeft > 0 ? request(run, next, signal) : undefined;
          // Looked at when its turn comes; until then a failure is no unhandled one.
          coming?.catch(() => {});
          await requestsLeave();
          await store(run, prepared(), phase);
          failed.length = 0;
        } catch (error) {
          if (!isPageFailure(error)) {
            throw error;
          }
          coming = undefined;
          failed.push(page);
          const failedPage = page;
          logger.error(`Page ${page} of the catalogue is left for the next run: ${error.message}`);
          await write(run, () => skipPage(database, failedPage, error.message));
          if (failed.length >= maxFailedPages) {
            await write(run, () => goBackTo(database, failed[0] ?? failedPage));
            return { error: error.message, pages: failed.length };
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

  async function checkpointFor(runOptions: LoadRunOptions, lock: Lock): Promise<Checkpoint> {
    const retry = runOptions.signal ? { signal: runOptions.signal } : {};
    const found = await database.retrying(() => readCheckpoint(database), retry);
    const mustVerify = runOptions.verify === true && (found?.walk !== "verify" || found.nextPage === null);
    if (found !== undefined && !runOptions.restart && !mustVerify) {
      return found;
    }
    if (runOptions.verify && found?.nextPage !== null && found?.walk !== "verify") {
      logger.warn("The catalogue has not been read to its end yet: this walk does both.");
    }
    const begun = await database.retrying(async () => {
      await lock.ensure();
      await beginWalk(database, runOptions.verify ? "verify" : "load");
      return readCheckpoint(database);
    }, retry);
    if (begun === undefined) {
      throw new Error("The checkpoint that was just written is not there");
    }
    return begun;
  }

  async function execute(run: Run, checkpoint: Checkpoint): Promise<GivenUp | undefined> {
    await ensureFeedStart(run);
    const left = await read(run, () => failedPagesByTurn(database));
    if (checkpoint.nextPage !== null) {
      const givenUp = await walk(run, checkpoint.nextPage, checkpoint.walk);
      if (givenUp) {
        return givenUp;
      }
    } else if (left.length === 0) {
      logger.info(
        "The catalogue has been read to its end. --verify walks it once more, --restart begins anew.",
      );
    }
    return retryFailedPages(run, left);
  }

  /** Says in `operations_log` and to the caller what the run has reached. */
  async function conclude(run: Run, givenUp: GivenUp | undefined): Promise<Omit<LoadResult, "durationMs">> {
    const [failedPages, checkpoint] = await read(
      run,
      async () => [await readFailedPages(database), await readCheckpoint(database)] as const,
    );
    const finished = checkpoint?.nextPage === null;
    if (finished && run.totals.pages > 0) {
      await read(run, () => database.query("analyze raw_data"));
    }
    const status = givenUp === undefined && failedPages.length === 0 ? "OK" : "ERROR";
    const result = {
      status,
      ...run.totals,
      finished,
      nextPage: checkpoint?.nextPage ?? null,
      failedPages,
      ...(givenUp === undefined ? {} : { error: givenUp.error }),
    } as const;
    await run.operation.finish(status, { ...result, errors: failedPages.length + (givenUp?.pages ?? 0) });
    return result;
  }

  async function runLocked(lock: Lock, runOptions: LoadRunOptions): Promise<Omit<LoadResult, "durationMs">> {
    const operation = await startOperation(database, "data_fetch", {
      command: "initial",
      ...(runOptions.verify ? { verify: true } : {}),
      ...ZERO,
    });
    try {
      const checkpoint = await checkpointFor(runOptions, lock);
      const run: Run = {
        operation,
        lock,
        options: runOptions,
        signal: runOptions.signal ?? new AbortController().signal,
        before: checkpoint.records,
        total: runOptions.expect ?? checkpoint.lastRecords,
        totals: ZERO,
        records: checkpoint.records,
        pagesLeft: runOptions.maxPages ?? Number.POSITIVE_INFINITY,
        isStoring: false,
      };
      return await conclude(run, await execute(run, checkpoint));
    } catch (error) {
      await operation.fail(error, {}, runOptions.signal);
      throw error;
    }
  }

  return {
    run: async (runOptions = {}) => {
      const started = performance.now();
      runOptions.signal?.throwIfAborted();
      const lock = await database.lock(["data_fetch"], "che168-sync initial");
      try {
        const result = await runLocked(lock, runOptions);
        return { ...result, durationMs: Math.round(performance.now() - started) };
      } finally {
        await lock.release();
      }
    },
  };
}
