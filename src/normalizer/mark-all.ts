import type { Database } from "../database/index.ts";
import { linkSignals } from "../util/abort.ts";

/** Rows per statement: a single statement over 250,000 rows would hold its locks for minutes. */
const MARK_BATCH = 5_000;
/** $1 id after which to mark. */
const MARK = `
  with next as (select id from raw_data where is_processed and id > $1::int order by id limit ${MARK_BATCH}),
  marked as (update raw_data set is_processed = false where id in (select id from next))
  select max(id) as last from next`;

/** The marking of every row as unprocessed. */
export interface Marking {
  /** Waits until rows after an id are marked. Resolves with the id up to which all are; infinity at the end. */
  reachedAfter(id: number): Promise<number>;
  /** Waits for the end. */
  finish(): Promise<void>;
  /** Ends the marking early. Never rejects. */
  stop(): Promise<void>;
}

/** Marks every row unprocessed, in the order of ids, while those that are marked can already be read. */
export function startMarking(database: Database, outer: AbortSignal | undefined): Marking {
  const { signal, abort, unlink } = linkSignals(outer);
  let reached = 0;
  let step = Promise.withResolvers<void>();

  const mark = async () => {
    while (reached < Number.POSITIVE_INFINITY) {
      signal.throwIfAborted();
      const { rows } = await database.retrying(
        () => database.query<{ last: number | null }>(MARK, [reached], { name: "che168_mark" }),
        { signal },
      );
      reached = rows[0]?.last ?? Number.POSITIVE_INFINITY;
      step.resolve();
      step = Promise.withResolvers();
    }
  };
  const marking = mark();
  // Awaited later; the no-op catch prevents an unhandled rejection until then.
  marking.catch(() => {});

  return {
    reachedAfter: async (id) => {
      while (reached <= id) {
        await Promise.race([step.promise, marking]);
      }
      return reached;
    },
    finish: () => marking,
    stop: async () => {
      abort(new Error("The run has ended"));
      unlink();
      await marking.catch(() => {});
    },
  };
}

/** For a run over the rows that are unprocessed anyway. */
export const NOTHING_TO_MARK: Marking = {
  reachedAfter: async () => Number.POSITIVE_INFINITY,
  finish: async () => {},
  stop: async () => {},
};
