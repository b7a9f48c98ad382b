import type { Database, Queryable } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import { readRecords, timeOf, tryOnce } from "../operations/index.ts";
import {
  createIdCheck,
  findRenumbered,
  MAX_END_JUMP,
  readPosition,
  recordFirstPosition,
} from "../updater/index.ts";
import type { CallOptions, ChangesPage, Client } from "../upstream/index.ts";
import { addDays, dayOf } from "../util/days.ts";
import type { SnapshotPosition } from "./source.ts";

/** Dependencies for finding a position in the feed. */
export interface FeedDeps {
  readonly database: Database;
  readonly client: Client;
  readonly logger: Logger;
  readonly timezone: string;
  readonly now: () => Date;
}

const idsOf = (page: ChangesPage, now: Date): number[] =>
  readRecords(page.parts, now).records.flatMap(({ changeId }) => changeId ?? []);

const positionOf = ({ database }: FeedDeps, { signal }: CallOptions) =>
  database.retrying(() => readPosition(database), { signal });

/** The first id of tomorrow, which is the next one; a hint only. */
async function requestEnd({ client, timezone, now }: FeedDeps, call: CallOptions): Promise<number | null> {
  const tomorrow = addDays(dayOf(now(), timezone), 1);
  return (await tryOnce(call, (single) => client.changeId(tomorrow, single))) ?? null;
}

/** The changes just below `end`; undefined when the service shows none, so that `end` may be beyond the feed's end. */
async function lastChanges(
  { client, now }: FeedDeps,
  end: number,
  call: CallOptions,
): Promise<ChangesPage | undefined> {
  const page = await tryOnce(call, (single) => client.changesPage(end - 1, single));
  return page !== undefined && idsOf(page, now()).some((id) => id >= end - 1) ? page : undefined;
}

/**
 * Where the feed is now: `/change_id` of tomorrow if it is a number at or above our own position, which otherwise is the
 * result, because every change below it has been received; for a copy without a position, the first change of today.
 */
export async function findFeedEnd(deps: FeedDeps, call: CallOptions): Promise<SnapshotPosition> {
  const { changeId: own } = await positionOf(deps, call);
  if (own === null) {
    const today = dayOf(deps.now(), deps.timezone);
    return { position: await deps.client.changeId(today, call) };
  }
  const end = await requestEnd(deps, call);
  if (end === null || end <= own || end - own > MAX_END_JUMP) {
    return { position: own };
  }
  // A reported end that no change proves may be beyond the feed: the changes up to it may be gone, or still to come.
  const isProven = (await lastChanges(deps, end, call)) !== undefined;
  return { position: isProven ? end : own, gapsBelow: end };
}

/** Makes the feed of a copy without a position start at the snapshot. */
export async function ensureFeedStart(deps: FeedDeps, { position }: SnapshotPosition): Promise<void> {
  await recordFirstPosition(deps.database, position, addDays(dayOf(deps.now(), deps.timezone), -1));
}

/** The end of a new numbering, and the time of its last change. */
interface NewEnd {
  readonly position: number;
  readonly lastMs: number;
}

/** Finds the end of the feed from `from` on: by `/change_id` of tomorrow if changes prove it, else by reading. */
async function findNewEnd(deps: FeedDeps, from: number, call: CallOptions): Promise<NewEnd> {
  const end = await requestEnd(deps, call);
  const shown =
    end !== null && end > from && end - from <= MAX_END_JUMP ? await lastChanges(deps, end, call) : undefined;
  let position = end ?? from;
  let lastMs = Number.NEGATIVE_INFINITY;
  let next: number | null = shown?.changeId ?? from;
  while (next !== null) {
    const page: ChangesPage = await deps.client.changesPage(next, call);
    const { records } = readRecords(page.parts, deps.now());
    position = Math.max(
      next,
      ...records.flatMap(({ changeId }) => (changeId === undefined ? [] : [changeId + 1])),
    );
    lastMs = Math.max(lastMs, ...records.map(({ createdAt }) => timeOf(createdAt)));
    next = page.nextChangeId;
  }
  return { position: Math.min(position, Number.MAX_SAFE_INTEGER), lastMs };
}

/**
 * Where the service's new numbering starts, when it has restarted its ids (an empty page at the position, newer changes
 * below it), or has moved them out of reach (impossible ids, twice); undefined otherwise.
 */
async function findNewNumbering(deps: FeedDeps, call: CallOptions): Promise<number | undefined> {
  const { client, timezone, now } = deps;
  const position = await positionOf(deps, call);
  const { changeId } = position;
  if (changeId === null) {
    return undefined;
  }
  const request = () => tryOnce(call, (single) => client.changesPage(changeId, single));
  const page = await request();
  if (page === undefined) {
    return undefined;
  }
  if (page.parts.length === 0) {
    const today = dayOf(now(), timezone);
    return (await findRenumbered(client, { ...position, changeId }, { today, now: now(), call }))?.changeId;
  }
  const check = createIdCheck(() => requestEnd(deps, call));
  for (const received of [page, await request()]) {
    if (received === undefined || (await check.validate(received, idsOf(received, now()))) === undefined) {
      return undefined;
    }
  }
  return changeId;
}

/**
 * When the service has renumbered its changes: continues from the new end, and forgets the old ids of all rows, in one
 * transaction. The catalogue, read afterwards, makes up for the changes in between.
 */
export async function followRenumberedFeed(deps: FeedDeps, call: CallOptions): Promise<boolean> {
  const from = await findNewNumbering(deps, call);
  if (from === undefined) {
    return false;
  }
  const { position, lastMs } = await findNewEnd(deps, from, call);
  // Changes up to now must not be taken for evidence of another restart.
  const newest = new Date(Math.max(lastMs, deps.now().getTime())).toISOString();
  const renumber = async (tx: Queryable) => {
    await tx.query("update raw_data set change_id = null where change_id is not null");
    await tx.query(
      `update sync_state
          set last_change_id = $1::bigint, newest_change_at = $2::timestamptz, renumbered_at = clock_timestamp(),
              id_steps = 0, id_holes = 0, updated_at = clock_timestamp()
        where id = 1`,
      [position, newest],
    );
    await tx.query("update reconcile_state set phase = 'done', covered_to = null where id = 1");
  };
  await deps.database.retrying(() => deps.database.transaction(renumber), { signal: call.signal });
  deps.logger.info(`The service has renumbered its changes; the feed continues from change ${position}`);
  return true;
}
