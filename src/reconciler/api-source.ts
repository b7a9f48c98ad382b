import type { Database } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import { createReadAhead, readRecords, settled, unusablePage } from "../operations/index.ts";
import type { CallOptions, Client, OffersPage } from "../upstream/index.ts";
import { repairJsonText, requestsSent } from "../upstream/internal.ts";
import { linkSignals } from "../util/abort.ts";
import { type FeedDeps, findFeedEnd } from "./feed-position.ts";
import type { SnapshotBatch, SnapshotCheckpoint, SnapshotEnd, SnapshotSource } from "./source.ts";

/** Progress of the walk through the pages. */
interface Walk {
  /** The page to read next; null at the end of the catalogue. */
  readonly nextPage: number | null;
  /** Pages that could not be read; the next run reads them again. */
  readonly failed: readonly number[];
}

interface FetchedPage {
  readonly nextPage: number | null;
  readonly batch: Omit<SnapshotBatch, "checkpoint">;
}

const walkOf = (checkpoint: SnapshotCheckpoint | null): Walk =>
  (checkpoint as unknown as Walk | null) ?? { nextPage: 1, failed: [] };

/** A page as a batch. A record marked `removed` is not an active listing. */
function toBatch({ body, parts }: OffersPage, now: Date): FetchedPage["batch"] {
  const { records, invalid } = readRecords(parts, now);
  return {
    records: records
      .filter(({ changeType }) => changeType !== "removed")
      .map(({ innerId, createdAt, data }) => ({
        innerId,
        createdAt,
        data: data === undefined ? "{}" : repairJsonText(body.toString("utf8", data.start, data.end)).text,
      })),
    rejections: invalid.map(({ index, ...rest }) => ({
      ...rest,
      text: body.toString("utf8", parts[index]?.start, parts[index]?.end),
    })),
  };
}

/** The catalogue, page by page. Listings move across page borders while it is read, so absence proves nothing. */
export function createApiSource(
  deps: FeedDeps & {
    readonly database: Database;
    readonly client: Client;
    readonly logger: Logger;
    /** Consecutive failures after which reading ends. */
    readonly maxFailedPages: number;
    readonly total: number | null;
  },
): SnapshotSource {
  const { client, logger, maxFailedPages, now } = deps;

  async function fetchPage(
    page: number,
    call: CallOptions,
    onNextPage?: (page: number) => Promise<void>,
  ): Promise<FetchedPage> {
    let batch: FetchedPage["batch"] | undefined;
    const response = await client.offersPage(page, {
      ...call,
      onNextPage,
      validate: (received) => {
        batch = toBatch(received, now());
        return unusablePage(received.parts.length, batch.rejections);
      },
    });
    return { nextPage: response.nextPage, batch: batch ?? toBatch(response, now()) };
  }

  /** Walks to the end. @returns the walk after it, or why it was aborted */
  async function* walkPages(
    from: Walk,
    call: CallOptions,
  ): AsyncGenerator<SnapshotBatch, Walk | string, void> {
    const ahead = createReadAhead<FetchedPage>();
    let { nextPage: next, failed } = from;
    let consecutiveFailures = 0;
    /** The page being waited for; only it may trigger read-ahead before it is parsed. */
    let awaited: number | undefined;
    const request = (page: number): Promise<FetchedPage> =>
      fetchPage(page, call, async (named) => {
        if (awaited === page) {
          ahead.start(named, () => request(named));
          await requestsSent();
        }
      });
    while (next !== null) {
      call.signal?.throwIfAborted();
      const page: number = next;
      const fetching = ahead.take(page) ?? request(page);
      awaited = page;
      const fetched = await settled(fetching);
      awaited = undefined;
      if ("failure" in fetched) {
        const { message } = fetched.failure;
        logger.error(`Page ${page} of the catalogue could not be compared: ${message}`);
        consecutiveFailures += 1;
        if (consecutiveFailures >= maxFailedPages) {
          return message;
        }
        failed = [...failed, page];
        next = page + 1;
        continue;
      }
      consecutiveFailures = 0;
      next = fetched.nextPage;
      if (next !== null) {
        const following = next;
        ahead.start(following, () => request(following));
      }
      yield { ...fetched.batch, checkpoint: { nextPage: next, failed } };
    }
    return { nextPage: null, failed };
  }

  /** Reads failed pages of earlier runs again. @returns the pages that are still missing */
  async function* retryPages(
    { failed }: Walk,
    retried: readonly number[],
    call: CallOptions,
  ): AsyncGenerator<SnapshotBatch, readonly number[], void> {
    let missing = failed;
    for (const page of retried) {
      call.signal?.throwIfAborted();
      const fetched = await settled(fetchPage(page, call));
      if ("failure" in fetched) {
        logger.error(`Page ${page} of the catalogue failed again: ${fetched.failure.message}`);
      } else {
        missing = missing.filter((one) => one !== page);
        yield { ...fetched.batch, checkpoint: { nextPage: null, failed: missing } };
      }
    }
    return missing;
  }

  return {
    name: "api",
    id: "api",
    absentIsGone: false,
    total: deps.total,
    findPosition: (call) => findFeedEnd(deps, call),
    read: async function* (checkpoint, call): AsyncGenerator<SnapshotBatch, SnapshotEnd, void> {
      // Aborted at the end: cancels a page that was requested ahead.
      const link = linkSignals(call.signal);
      const linked = { ...call, signal: link.signal };
      try {
        const start = walkOf(checkpoint);
        const reached = yield* walkPages(start, linked);
        if (typeof reached === "string") {
          return { complete: false, error: reached };
        }
        const missing = yield* retryPages(reached, start.failed, linked);
        return missing.length === 0
          ? { complete: true }
          : {
              complete: false,
              error: `pages ${missing.slice(0, 10).join(", ")} of the catalogue could not be read`,
            };
      } finally {
        link.abort(new Error("The walk has ended"));
        link.unlink();
      }
    },
  };
}
