import type { ChangesPage } from "../upstream/index.ts";

/** Largest distance between the ids of neighbouring pages while the end of the feed is unknown: some 160 days. */
const MAX_ID_JUMP = 5_000_000;
/** An end further ahead is not credible: the busiest feed seen would take 50 years to reach it. */
export const MAX_END_JUMP = 1_000_000_000;

/** Detects impossible ids, which would move the position past all future changes. */
export interface IdCheck {
  /** Requests the end of the feed anew; null when the service does not report one. */
  refreshEnd(): Promise<number | null>;
  /** The end of the feed as reported in this run, if it is usable at `position`; null otherwise. */
  reportedEnd(position: number): Promise<number | null>;
  /** Ids up to `end`, the first change of a day that has already started, need no further check. */
  allowTo(end: number): void;
  /**
   * @param ids of the page's changes, without those of rejected records
   * @returns why the page is an invalid response; undefined when its ids are possible
   */
  validate(
    page: Pick<ChangesPage, "changeId" | "nextChangeId">,
    ids: readonly number[],
  ): Promise<string | undefined>;
}

/**
 * Creates the id check of one run. The end of the feed is `/change_id` of a future date, which is only a hint: it is used
 * when it is at or above the position, and requested again before an id is rejected as impossible, because the feed grows
 * while it is read. Without it, ids may exceed the position by {@link MAX_ID_JUMP}.
 *
 * @param requestEnd never rejects on a failure of the service; null without a usable response
 */
export function createIdCheck(requestEnd: () => Promise<number | null>): IdCheck {
  let end: number | null = null;
  let wasRequested = false;
  let hasEnd = true;
  let allowed = -1;

  const isUsable = (position: number) => end !== null && end >= position && end - position <= MAX_END_JUMP;

  async function refreshEnd(): Promise<number | null> {
    wasRequested = true;
    end = await requestEnd();
    return end;
  }

  return {
    refreshEnd,
    reportedEnd: async (position) => {
      if (!wasRequested) {
        await refreshEnd();
      }
      return isUsable(position) ? end : null;
    },
    allowTo: (border) => {
      allowed = border;
    },
    validate: async ({ changeId: position, nextChangeId }, ids) => {
      const highest = Math.max(position, ...ids);
      // The successor of a possible id is possible, regardless of the reported end.
      const next = nextChangeId === null || nextChangeId <= highest + 1 ? highest : nextChangeId;
      const isAllowed = next <= allowed && allowed - position <= MAX_END_JUMP;
      if (next === position || isAllowed || (isUsable(position) && next <= (end ?? 0))) {
        return undefined;
      }
      if (hasEnd) {
        await refreshEnd();
        hasEnd = isUsable(position);
      }
      const limit = isUsable(position) ? (end ?? 0) : position + MAX_ID_JUMP;
      if (next <= limit) {
        return undefined;
      }
      const id = highest > limit ? `change id ${highest}` : `next_change_id ${next}`;
      const why = isUsable(position)
        ? `the feed ends at ${limit}`
        : `it is more than ${MAX_ID_JUMP} above the position ${position}`;
      return `${id} is impossible: ${why}. Nothing of this page is stored; if it stays, the service has renumbered its changes, and che168-sync reconcile starts from its new ids`;
    },
  };
}
