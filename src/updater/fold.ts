import type { ChangeType } from "../database/index.ts";
import type { ListingRecord } from "../operations/records.ts";

/** A change of the feed: a record whose id is known. */
export interface Change extends Omit<ListingRecord, "data"> {
  readonly changeId: number;
  /** Its `data`, exactly as it came; empty when it came without. */
  readonly data: Readonly<Record<string, unknown>>;
  /** How many characters of it were replaced because PostgreSQL cannot hold them. */
  readonly repaired: number;
}

/**
 * Several changes of one listing as one: what they leave of a row whose `change_id` lies at or above `afterId`
 * and below `beforeId`.
 */
export interface FoldedChange {
  readonly innerId: string;
  /** -1 for the fold of all changes, which also makes the row of a listing that is not there. */
  readonly afterId: number;
  /** The first change that is folded in. */
  readonly beforeId: number;
  /** The last change that is folded in. */
  readonly changeId: number;
  /** The kind of the last change. */
  readonly changeType: ChangeType;
  /** True when `data` is the whole listing, false when it is merged into what is there. */
  readonly replaces: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** What the row's `active_status` becomes; null leaves it. */
  readonly activeStatus: 0 | 1 | null;
  /** What the row's `created_at` becomes; null leaves it (a removal alone does not touch it). */
  readonly createdAt: string | null;
  /** `created_at` for a row that is not there yet. */
  readonly firstCreatedAt: string;
  /** `created_at` of each removal among them. */
  readonly removedAt: readonly string[];
  /** How many changes are folded in. */
  readonly count: number;
}

const PREFIX = "new_";

/** The fields of a `changed` record under the names that the listing has them by: `new_price` is `price`. */
export function unprefixed(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key.startsWith(PREFIX) && key.length > PREFIX.length ? key.slice(PREFIX.length) : key,
      value,
    ]),
  );
}

/** Folds changes of one listing, of which there is at least one, in the order of the feed. */
function fold(changes: readonly Change[], afterId: number): FoldedChange {
  let replaces = false;
  let data = new Map<string, unknown>();
  let activeStatus: 0 | 1 | null = null;
  let createdAt: string | null = null;
  const removedAt: string[] = [];
  for (const change of changes) {
    if (change.changeType === "removed") {
      activeStatus = 1;
      removedAt.push(change.createdAt);
      continue;
    }
    createdAt = change.createdAt;
    if (change.changeType === "added") {
      replaces = true;
      data = new Map(Object.entries(change.data));
      activeStatus = 0;
    } else {
      for (const [key, value] of Object.entries(unprefixed(change.data))) {
        data.set(key, value);
      }
    }
  }
  const [first] = changes;
  const last = changes.at(-1);
  if (first === undefined || last === undefined) {
    throw new RangeError("There is nothing to fold");
  }
  return {
    innerId: last.innerId,
    afterId,
    beforeId: first.changeId,
    changeId: last.changeId,
    changeType: last.changeType,
    replaces,
    data: Object.fromEntries(data),
    activeStatus,
    createdAt,
    firstCreatedAt: createdAt ?? first.createdAt,
    removedAt,
    count: changes.length,
  };
}

/**
 * Folds the changes of a page, listing by listing (contract §5: they apply in feed order, and one with an id not
 * above the row's does nothing). A listing with several changes gets one fold for each state that its row may be in:
 * when the row already has the first of them, the fold of the others applies. A row meets exactly one, or none.
 */
export function foldChanges(changes: readonly Change[]): FoldedChange[] {
  const byListing = new Map<string, Change[]>();
  for (const change of changes) {
    const earlier = byListing.get(change.innerId);
    if (earlier === undefined) {
      byListing.set(change.innerId, [change]);
    } else if (change.changeId > (earlier.at(-1)?.changeId ?? -1)) {
      earlier.push(change);
    }
  }
  return [...byListing.values()].flatMap((ofListing) =>
    ofListing.map((_change, index) => fold(ofListing.slice(index), ofListing[index - 1]?.changeId ?? -1)),
  );
}
