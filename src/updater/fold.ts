import type { ChangeType } from "../database/index.ts";
import type { ListingRecord } from "../operations/index.ts";

/** A change of the feed: a valid record with an id. */
export interface FeedChange extends Omit<ListingRecord, "data"> {
  readonly changeId: number;
  /** Its `data` with exact numbers; empty without any. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Characters that were replaced because PostgreSQL cannot store them. */
  readonly repaired: number;
}

/** Several changes of one listing as one, for a row whose `change_id` is at least `afterId` and below `beforeId`. */
export interface FoldedChange {
  readonly innerId: string;
  /** -1 for the fold of all changes, which also inserts a missing row. */
  readonly afterId: number;
  /** Id of the first folded change. */
  readonly beforeId: number;
  /** Id of the last folded change. */
  readonly changeId: number;
  /** Type of the last change. */
  readonly changeType: ChangeType;
  /** True when `data` replaces the row's document, false when it is merged into it. */
  readonly replaces: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** New `active_status`; null keeps the row's. */
  readonly activeStatus: 0 | 1 | null;
  /** New `created_at`; null keeps the row's (a removal alone does not change it). */
  readonly createdAt: string | null;
  /** `created_at` of an inserted row. */
  readonly firstCreatedAt: string;
  /** `created_at` of each folded removal. */
  readonly removedAt: readonly string[];
  /** Number of folded changes. */
  readonly count: number;
}

const PREFIX = "new_";

/** The fields of a `changed` record under their names in the listing: `new_price` becomes `price`. */
export function unprefixed(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key.startsWith(PREFIX) && key.length > PREFIX.length ? key.slice(PREFIX.length) : key,
      value,
    ]),
  );
}

/** Folds changes of one listing, at least one, in feed order. */
function fold(changes: readonly FeedChange[], afterId: number): FoldedChange {
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
 * Folds the changes of a page, listing by listing (docs/data-rules.md: they apply in feed order, and a change whose id
 * is not above the row's is a no-op). A listing with n changes yields n folds, one per prefix that may already be
 * stored; at most one of them matches the row's `change_id`.
 */
export function foldChanges(changes: readonly FeedChange[]): FoldedChange[] {
  const byListing = new Map<string, FeedChange[]>();
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
