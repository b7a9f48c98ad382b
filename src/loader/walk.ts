import { setImmediate } from "node:timers/promises";
import type { Lock } from "../database/lock.ts";
import type { Database } from "../database/types.ts";
import { Che168Error, isChe168Error, type UpstreamError } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import type { Operation } from "../operations/log.ts";
import type { Client, OffersPage } from "../upstream/client.ts";
import { type Checkpoint, goBackTo, readCheckpoint, skipPage } from "./checkpoint.ts";
import { type PreparedPage, preparePage } from "./prepare-page.ts";
import { storePage, type Totals } from "./store-page.ts";
import type { LoadProgress, LoadRunOptions } from "./types.ts";

/** What every run of a loader works with. */
export interface Means {
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
  totals: Totals;
  records: number;
  pagesLeft: number;
  /** True while a page is on its way into the database, and this thread has time. */
  isStoring: boolean;
}

/** Why a run ended before its time, and how many pages it could not read. */
export interface GivenUp {
  readonly error: string;
  readonly pages: number;
}

/** A page that has come. */
interface Arrival {
  readonly answer: OffersPage;
  /** Parts it into records when first asked. */
  readonly prepared: () => PreparedPage;
}

export interface Walker {
  /** Walks from where the checkpoint stands to the end; the next page is on its way while one is stored. */
  walk(run: Run, checkpoint: Checkpoint & { readonly nextPage: number }): Promise<GivenUp | undefined>;
  /** Tries the pages again that earlier runs left; gives up after too many failures in a row. */
  retryFailedPages(run: Run, pages: readonly number[]): Promise<GivenUp | undefined>;
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

/** Resolves when requests that were just begun are on the wire; this thread may then be busy with something else. */
async function requestsLeave(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** Reads pages of the catalogue and stores them, one after the other. */
export function createWalker({ database, client, logger, maxFailedPages, now }: Means): Walker {
  /** A statement that may be repeated without harm, while the lock is ours. */
  const write = (run: Run, work: () => Promise<void>) =>
    database.retrying(
      async () => {
        await run.lock.ensure();
        await work();
      },
      { signal: run.signal },
    );

  async function request(run: Run, page: number, signal: AbortSignal): Promise<Arrival> {
    const { onRetry } = run.options;
    const answer = await client.offersPage(page, { signal, ...(onRetry ? { onRetry } : {}) });
    let made: PreparedPage | undefined;
    const prepared = () => {
      made ??= preparePage(answer, now());
      return made;
    };
    if (run.isStoring) {
      prepared();
    }
    return { answer, prepared };
  }

  /** Stores a page, and gives the page to go on with when the checkpoint is found elsewhere. */
  async function store(
    run: Run,
    arrival: Arrival,
    phase: LoadProgress["phase"],
  ): Promise<number | undefined> {
    const page = arrival.prepared();
    const before = run.totals;
    run.isStoring = true;
    try {
      const stored = await storePage(database, page, arrival.answer.text, {
        lock: run.lock,
        operationId: run.operation.id,
        totals: before,
        isRetry: phase === "failed pages",
        signal: run.signal,
      });
      run.totals = stored.totals;
      if (!stored.moved) {
        return await goBack(run, page.page, before);
      }
    } finally {
      run.isStoring = false;
    }
    run.records += page.size;
    const { loaded, duplicates } = run.totals;
    run.options.onPage?.({
      page: page.page,
      loaded: loaded - before.loaded,
      duplicates: duplicates - before.duplicates,
    });
    const { before: earlier, total, records: done } = run;
    run.options.onProgress?.({ phase, unit: "records", done, before: earlier, total, page: page.page });
    return undefined;
  }

  /** A server that crashed may have lost the last pages, and their counts with them: they are read again. */
  async function goBack(run: Run, page: number, before: Totals): Promise<number> {
    const found = await database.retrying(() => readCheckpoint(database), { signal: run.signal });
    if (found === undefined || found.nextPage === null || found.nextPage >= page) {
      const message = `The initial load no longer stands at page ${page}: another run has moved it.`;
      throw new Che168Error("POSITION_MOVED", message);
    }
    logger.warn(`The database lost its last pages; going on with page ${found.nextPage} again`);
    run.records = found.records;
    run.pagesLeft += before.pages - run.totals.pages + 1;
    return found.nextPage;
  }

  return {
    walk: async (run, checkpoint) => {
      const ahead = new AbortController();
      const signal = AbortSignal.any([run.signal, ahead.signal]);
      const failed: number[] = [];
      let next: number | null = checkpoint.nextPage;
      let coming: Promise<Arrival> | undefined;
      try {
        while (next !== null && run.pagesLeft > 0) {
          const page: number = next;
          run.signal.throwIfAborted();
          run.pagesLeft -= 1;
          try {
            const arrival: Arrival = await (coming ?? request(run, page, signal));
            next = arrival.answer.nextPage;
            coming = next !== null && run.pagesLeft > 0 ? request(run, next, signal) : undefined;
            // Looked at when its turn comes; until then a failure is no unhandled one.
            coming?.catch(() => {});
            await requestsLeave();
            const elsewhere = await store(run, arrival, checkpoint.walk);
            failed.length = 0;
            if (elsewhere !== undefined) {
              coming = undefined;
              next = elsewhere;
            }
          } catch (error) {
            if (!isPageFailure(error)) {
              throw error;
            }
            coming = undefined;
            failed.push(page);
            logger.error(`Page ${page} of the catalogue is left for the next run: ${error.message}`);
            await write(run, () => skipPage(database, page, error.message));
            if (failed.length >= maxFailedPages) {
              await write(run, () => goBackTo(database, failed[0] ?? page));
              return { error: error.message, pages: failed.length };
            }
            next = page + 1;
          }
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
        try {
          await store(run, await request(run, page, run.signal), "failed pages");
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
    },
  };
}
