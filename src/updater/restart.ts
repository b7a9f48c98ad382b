import { Che168Error } from "../errors.ts";
import { readRecords, timeOf, tryOnce } from "../operations/index.ts";
import type { CallOptions, Client } from "../upstream/index.ts";
import { addDays } from "../util/days.ts";
import type { FeedPosition } from "./position.ts";

/** A new change with an id below the position. */
export interface RenumberedChange {
  readonly changeId: number;
  readonly createdAt: string;
}

/**
 * Searches for evidence that the service has restarted its ids: a change of today or yesterday that is newer than every
 * change received, with an id below the position. An empty page at the position alone proves nothing.
 *
 * @param today in the feed's time zone
 */
export async function findRenumbered(
  client: Client,
  { changeId: position, newestChangeMs }: FeedPosition & { readonly changeId: number },
  { today, now, call }: { readonly today: string; readonly now: Date; readonly call: CallOptions },
): Promise<RenumberedChange | undefined> {
  for (const day of [today, addDays(today, -1)]) {
    const first = await tryOnce(call, (single) => client.changeId(day, single));
    if (first !== undefined && first !== null && first < position) {
      const page = await tryOnce(call, (single) => client.changesPage(first, single));
      const records = page === undefined ? [] : readRecords(page.parts, now).records;
      const found = records.find(
        ({ changeId, createdAt, hasOwnDate }) =>
          changeId !== undefined && changeId < position && hasOwnDate && timeOf(createdAt) > newestChangeMs,
      );
      if (found?.changeId !== undefined) {
        return { changeId: found.changeId, createdAt: found.createdAt };
      }
      if (records.length > 0) {
        return undefined;
      }
    }
  }
  return undefined;
}

/**
 * Call it when the page at the position is empty.
 *
 * @throws Che168Error `FEED_RESTARTED` when the service has restarted its ids
 */
export async function refuseRestartedFeed(
  client: Client,
  position: FeedPosition,
  options: { readonly today: string; readonly now: Date; readonly call: CallOptions },
): Promise<void> {
  const { changeId, newestChangeMs } = position;
  if (changeId === null) {
    return;
  }
  const found = await findRenumbered(client, { ...position, changeId }, options);
  if (found) {
    throw new Che168Error(
      "FEED_RESTARTED",
      `The service has restarted its change ids: change ${found.changeId} of ${found.createdAt} is newer than every change received (the newest: ${new Date(newestChangeMs).toISOString()}), but below the position ${changeId}. No further change would be read. Run che168-sync reconcile, which continues from the new ids.`,
      { details: { position: changeId, changeId: found.changeId } },
    );
  }
}
