import type { Database, Lock } from "../database/index.ts";
import { Che168Error, isChe168Error, type UpstreamError } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import type { Operation } from "../operations/run-log.ts";
import type { Client, OffersPage, OffersPageOptions } from "../upstream/index.ts";
import { requestsSent } from "../upstream/internal.ts";
import { type Checkpoint, goBackTo, readCheckpoint, settle, skipPage } from "./checkpoint.ts";
import { type PreparedPage, preparePage } from "./prepare-records.ts";
import { type LoadTotals, storePage } from "./store-records.ts";
import type { LoadProgress, LoadRunOptions } from "./types.ts";

/** What every run of a loader works with. */
export interface LoaderDeps {
  readonly database: Database;
  readonly client: Client;
  readonly logger: Logger;
  readonly maxFailedPages: number;
  readonly now: () => Date;
}

/** Everything that one run carries along. */
export interface Run {
  readonly operation: Operation;
  readonly lock: Lock;
  readonly options: LoadRunOptions;
  readonly signal: AbortSignal;
  /** Records that earlier runs had read. */
  readonly before: number;
  readonly total: number | null;
  totals: LoadTotals;
  records: number;
  pagesLeft: number;
}

/** Why a run ended before its time, and how many pages it could not read. */
export interface AbortReason {
  readonly error: string;
  readonly pages: number;
}

/** A page that has come. */
interface FetchedPage {
  readonly answer: OffersPage;
  readonly prepared: PreparedPage;
}

export interface Walker {
  /** Walks from where the checkpoint stands to the end; the next page is on its way while one is stored. */
  walk(run: Run, checkpoint: Checkpoint & { readonly nextPage: number }): Promise<AbortReason | undefined>;
  /** Tries the pages again that earlier runs left; gives up after too many failures in a row. */
  retryFailedPages(run: Run, pages: readonly number[]): Promise<AbortReason | undefined>;
}

/** A page that could not be read may be stepped over; a refused key, a stop or a bug may not. */
function isPageFailure(error: unknown): error is UpstreamError {
  return (
    isChe168Error(error) &&
    error.code.startsWith("UPSTREAM_") &&
    error.code !== "UPSTREAM_UNAUTHORIZED" &&
    error.code !== "UPSTREAM_REDIRECT"
  );
}

/** What came, or why the page could not be read. */
async function arrivalOf(
  coming: Promise<FetchedPage>,
): Promise<FetchedPage | { readonly failure: UpstreamError }> {
  try {
    return await coming;
  } catch (failure) {
    if (!isPageFailure(failure)) {
      throw failure;
    }
    return { failure };
  }
}

/** Reads pages of the catalogue and stores them, one after the other. */
export function createWalker({ database, client, logger, maxFailedPages, now }: LoaderDeps): Walker {
  /** A statement that may be repeated without harm, while the lock is ours. */
  const write = (run: Run, work: () => Promise<void>) =>
    database.retrying(
      async () => {
        await run.lock.ensure();
        await work();
      },
      { signal: run.signal },
    );

  async function request(run: Run, page: number, call: OffersPageOptions): Promise<FetchedPage> {
    const answer = await client.offersPage(page, { ...call, onRetry: run.options.onRetry });
    return { answer, prepared: preparePage(answer, now()) };
  }

  /** Stores a page, and gives the page to go on with when the checkpoint is found elsewhere. */
  async function store(
    run: Run,
    arrival: FetchedPage,
    phase: LoadProgress["phase"],
  ): Promise<number | undefined> {
    const page = arrival.prepared;
    const before = run.totals;
    const stored = await storePage(database, page, arrival.answer, {
      lock: run.lock,
      operationId: run.operation.id,
      totals: before,
      isRetry: phase === "failed pages",
      signal: run.signal,
    });
    if (stored === undefined) {
      run.pagesLeft += 1;
      return goBack(run, page.page);
    }
    run.totals = stored.totals;
    run.records += page.size;
    for (const rejection of stored.rejections) {
      await run.options.onRejected?.(rejection);
    }
    const { loaded, duplicates, rejected } = run.totals;
    await run.options.onPage?.({
      page: page.page,
      loaded: loaded - before.loaded,
      duplicates: duplicates - before.duplicates,
      rejected: rejected - before.rejected,
    });
    const { before: earlier, total, records: done } = run;
    run.options.onProgress?.({ phase, unit: "records", done, before: earlier, total, page: page.page });
    return undefined;
  }

  /** A server that crashed may have lost the last pages, and their counts with them: they are read again. */
  async function goBack(run: Run, page: number | null): Promise<number> {
    const found = await database.retrying(() => readCheckpoint(database), { signal: run.signal });
    const nextPage = found?.nextPage ?? Number.POSITIVE_INFINITY;
    if (found === undefined || nextPage >= (page ?? Number.POSITIVE_INFINITY)) {
      const where = page === null ? "the end of the catalogue" : `page ${page}`;
      throw new Che168Error(
        "POSITION_MOVED",
        `The initial load no longer stands at ${where}: another run has moved it.`,
      );
    }
    logger.warn(`The database lost its last pages; going on with page ${nextPage} again`);
    const totals = await run.operation.noted(run.totals);
    run.pagesLeft += run.totals.pages - totals.pages;
    run.totals = totals;
    run.records = found.records;
    return nextPage;
  }

  /** Makes sure that everything before `nextPage` is there to stay; gives the page to go on with when it is not. */
  async function settleAt(run: Run, nextPage: number | null): Promise<number | undefined> {
    const settled = await database.retrying(() => settle(database, nextPage), { signal: run.signal });
    return settled ? undefined : goBack(run, nextPage);
  }

  /** Steps over a page that could not be read, or gives up when too many of them were in a row. */
  async function leave(run: Run, failed: readonly number[], error: Error): Promise<AbortReason | undefined> {
    const [first = 0, page = first] = [failed[0], failed.at(-1)];
    logger.error(`Page ${page} of the catalogue is left for the next run: ${error.message}`);
    await write(run, () => skipPage(database, page, error.message));
    if (failed.length < maxFailedPages) {
      return undefined;
    }
    await write(run, () => goBackTo(database, first));
    return { error: error.message, pages: failed.length };
  }

  /** Walks to the end, or as far as this run may; gives the page that comes next. */
  async function walkFrom(
    run: Run,
    first: number | null,
    phase: LoadProgress["phase"],
    signal: AbortSignal,
  ): Promise<number | null | AbortReason> {
    const failed: number[] = [];
    let next = first;
    let coming: { readonly page: number; readonly arrival: Promise<FetchedPage> } | undefined;
    /** The page that nothing else is done for than to wait for it. */
    let awaited: number | undefined;

    function ask(page: number): Promise<FetchedPage> {
      const onNextPage = async (named: number) => {
        if (awaited === page) {
          askAhead(named);
          await requestsSent();
        }
      };
      return request(run, page, { signal, onNextPage });
    }

    function askAhead(page: number): void {
      if (coming?.page !== page && run.pagesLeft > 0) {
        coming = { page, arrival: ask(page) };
        // Looked at when its turn comes; until then a failure is no unhandled one.
        coming.arrival.catch(() => {});
      }
    }

    while (next !== null && run.pagesLeft > 0) {
      const page: number = next;
      run.signal.throwIfAborted();
      run.pagesLeft -= 1;
      const asked = coming?.page === page ? coming.arrival : ask(page);
      coming = undefined;
      awaited = page;
      const arrival = await arrivalOf(asked);
      awaited = undefined;
      if ("failure" in arrival) {
        failed.push(page);
        const givenUp = await leave(run, failed, arrival.failure);
        if (givenUp) {
          return givenUp;
        }
        next = page + 1;
        continue;
      }
      next = arrival.answer.nextPage;
      if (next !== null) {
        askAhead(next);
      }
      const elsewhere = await store(run, arrival, phase);
      failed.length = 0;
      if (elsewhere !== undefined) {
        next = elsewhere;
      }
    }
    return next;
  }

  return {
    walk: async (run, checkpoint) => {
      const ahead = new AbortController();
      const signal = AbortSignal.any([run.signal, ahead.signal]);
      try {
        for (let next: number | null | undefined = checkpoint.nextPage; next !== undefined; ) {
          const reached: number | null | AbortReason = await walkFrom(run, next, checkpoint.walk, signal);
          if (typeof reached === "object" && reached !== null) {
            return reached;
          }
          next = await settleAt(run, reached);
        }
        return undefined;
      } finally {
        ahead.abort();
      }
    },

    retryFailedPages: async (run, pages) => {
      let inARow = 0;
      for (const page of pages) {
        if (run.pagesLeft <= 0) {
          return undefined;
        }
        run.signal.throwIfAborted();
        run.pagesLeft -= 1;
        const arrival = await arrivalOf(request(run, page, { signal: run.signal }));
        if ("failure" in arrival) {
          const { message } = arrival.failure;
          logger.error(`Page ${page} of the catalogue failed again: ${message}`);
          await write(run, () => skipPage(database, page, message));
          inARow += 1;
          if (inARow >= maxFailedPages) {
            return { error: message, pages: 0 };
          }
        } else {
          await store(run, arrival, "failed pages");
          inARow = 0;
        }
      }
      return undefined;
    },
  };
}
