import type { Database } from "../database/index.ts";
import { Che168Error } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import {
  createReadAhead,
  type Operation,
  type RunStatements,
  settled,
  unusablePage,
} from "../operations/index.ts";
import type { Client, OffersPageOptions } from "../upstream/index.ts";
import { requestsSent } from "../upstream/internal.ts";
import { linkSignals } from "../util/abort.ts";
import { type Checkpoint, flushCheckpoint, goBackTo, readLoadCheckpoint, skipPage } from "./checkpoint.ts";
import { type PreparedPage, preparePage } from "./prepare-records.ts";
import { storePage } from "./store-records.ts";
import type { LoadTotals } from "./stored-counts.ts";
import type { LoadProgress, LoadRunOptions } from "./types.ts";

/** Dependencies shared by all runs of a loader. */
export interface LoaderDeps {
  readonly database: Database;
  readonly client: Client;
  readonly logger: Logger;
  readonly maxFailedPages: number;
  readonly now: () => Date;
}

/** State of one run. */
export interface LoadRun {
  readonly operation: Operation;
  readonly statements: RunStatements;
  readonly options: LoadRunOptions;
  readonly signal: AbortSignal;
  /** Records read by earlier runs. */
  before: number;
  readonly total: number | null;
  totals: LoadTotals;
  records: number;
  pagesLeft: number;
}

/** Why a run was aborted, and how many pages it failed to read. */
export interface AbortReason {
  readonly error: string;
  readonly pages: number;
}

/** Reads pages of the catalogue and stores them, one after the other. */
export interface PageReader {
  /** Walks from the checkpoint to the end of the catalogue. */
  walk(
    run: LoadRun,
    checkpoint: Checkpoint & { readonly nextPage: number },
  ): Promise<AbortReason | undefined>;
  /** Retries pages that earlier runs failed to read; aborts after `maxFailedPages` consecutive failures. */
  retryFailedPages(run: LoadRun, pages: readonly number[]): Promise<AbortReason | undefined>;
}

/** Creates a reader of the catalogue. */
export function createPageReader(deps: LoaderDeps): PageReader {
  const { database, client, logger, maxFailedPages, now } = deps;

  async function request(run: LoadRun, page: number, call: OffersPageOptions): Promise<PreparedPage> {
    let prepared: PreparedPage | undefined;
    const response = await client.offersPage(page, {
      ...call,
      onRetry: run.options.onRetry,
      validate: (received) => {
        prepared = preparePage(received, now());
        return unusablePage(prepared.size, prepared.rejections);
      },
    });
    return prepared ?? preparePage(response, now());
  }

  /** Stores a page. @returns the page to continue with when the checkpoint has moved */
  async function store(
    run: LoadRun,
    page: PreparedPage,
    phase: LoadProgress["phase"],
  ): Promise<number | undefined> {
    const before = run.totals;
    const stored = await storePage(database, page, {
      statements: run.statements,
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

  /** Continues from the stored checkpoint: a crash of the server may have lost the last pages and their counts. */
  async function goBack(run: LoadRun, page: number | null): Promise<number> {
    const found = await run.statements.read(() => readLoadCheckpoint(database));
    const nextPage = found?.nextPage ?? Number.POSITIVE_INFINITY;
    if (found === undefined || nextPage >= (page ?? Number.POSITIVE_INFINITY)) {
      const where = page === null ? "the end of the catalogue" : `page ${page}`;
      throw new Che168Error(
        "POSITION_MOVED",
        `The checkpoint of the initial load is no longer ${where}: another run has moved it.`,
      );
    }
    logger.warn(`The database has lost its last pages; reading again from page ${nextPage}`);
    const totals = await run.operation.recordedCounts(run.totals);
    run.pagesLeft += run.totals.pages - totals.pages;
    run.totals = totals;
    run.records = found.records;
    return nextPage;
  }

  /** Makes everything before `nextPage` durable. @returns the page to continue with when some of it was lost */
  async function flush(run: LoadRun, nextPage: number | null): Promise<number | undefined> {
    const flushed = await run.statements.read(() => flushCheckpoint(database, nextPage));
    return flushed ? undefined : goBack(run, nextPage);
  }

  /** Defers a page to the next run; aborts after `maxFailedPages` consecutive failures. */
  async function deferPage(
    run: LoadRun,
    failed: readonly number[],
    error: Error,
  ): Promise<AbortReason | undefined> {
    const [first = 0, page = first] = [failed[0], failed.at(-1)];
    logger.error(`Page ${page} of the catalogue is deferred to the next run: ${error.message}`);
    await run.statements.write(() => skipPage(database, page, error.message));
    if (failed.length < maxFailedPages) {
      return undefined;
    }
    await run.statements.write(() => goBackTo(database, first));
    return { error: error.message, pages: failed.length };
  }

  /** Walks to the end, or until the run's pages are used up. @returns the next page, or why the walk was aborted */
  async function walkFrom(
    run: LoadRun,
    first: number | null,
    phase: LoadProgress["phase"],
    signal: AbortSignal,
  ): Promise<number | null | AbortReason> {
    const failed: number[] = [];
    const ahead = createReadAhead<PreparedPage>();
    /** The page we are blocked on; only it may trigger read-ahead before it is parsed. */
    let awaited: number | undefined;
    let next = first;

    function fetchPage(page: number): Promise<PreparedPage> {
      const onNextPage = async (named: number) => {
        if (awaited === page) {
          fetchAhead(named);
          await requestsSent();
        }
      };
      return request(run, page, { signal, onNextPage });
    }

    function fetchAhead(page: number): void {
      if (run.pagesLeft > 0) {
        ahead.start(page, () => fetchPage(page));
      }
    }

    while (next !== null && run.pagesLeft > 0) {
      const page: number = next;
      run.signal.throwIfAborted();
      run.pagesLeft -= 1;
      const fetching = ahead.take(page) ?? fetchPage(page);
      awaited = page;
      const fetched = await settled(fetching);
      awaited = undefined;
      if ("failure" in fetched) {
        failed.push(page);
        const reason = await deferPage(run, failed, fetched.failure);
        if (reason) {
          return reason;
        }
        next = page + 1;
        continue;
      }
      next = fetched.nextPage;
      if (next !== null) {
        fetchAhead(next);
      }
      const moved = await store(run, fetched, phase);
      failed.length = 0;
      if (moved !== undefined) {
        next = moved;
      }
    }
    return next;
  }

  return {
    walk: async (run, checkpoint) => {
      // Aborted at the end: cancels a page that was requested ahead.
      const link = linkSignals(run.signal);
      try {
        for (let next: number | null | undefined = checkpoint.nextPage; next !== undefined; ) {
          const reached: number | null | AbortReason = await walkFrom(run, next, "load", link.signal);
          if (typeof reached === "object" && reached !== null) {
            return reached;
          }
          next = await flush(run, reached);
        }
        return undefined;
      } finally {
        link.abort(new Error("The walk has ended"));
        link.unlink();
      }
    },

    retryFailedPages: async (run, pages) => {
      let consecutiveFailures = 0;
      for (const page of pages) {
        if (run.pagesLeft <= 0) {
          return undefined;
        }
        run.signal.throwIfAborted();
        run.pagesLeft -= 1;
        const fetched = await settled(request(run, page, { signal: run.signal }));
        if ("failure" in fetched) {
          const { message } = fetched.failure;
          logger.error(`Page ${page} of the catalogue failed again: ${message}`);
          await run.statements.write(() => skipPage(database, page, message));
          consecutiveFailures += 1;
          if (consecutiveFailures >= maxFailedPages) {
            return { error: message, pages: 0 };
          }
        } else {
          await store(run, fetched, "failed pages");
          consecutiveFailures = 0;
        }
      }
      return undefined;
    },
  };
}
