import type { Migration } from "@mikro-orm/migrations";
import { InitialSchema } from "./0001-initial-schema.ts";
import { TokenScopes } from "./0002-token-scopes.ts";
import { JobState } from "./0003-job-state.ts";
import { FeedGaps } from "./0004-feed-gaps.ts";
import { DailyStatistics } from "./0005-daily-stats.ts";
import { Events } from "./0006-events.ts";
import { ListingColumns } from "./0007-listing-columns.ts";
import { MirrorFeed } from "./0008-mirror-feed.ts";
import { ListingDates } from "./0009-listing-dates.ts";
import { ListingIndexes } from "./0010-listing-indexes.ts";
import { SyncStateDefault } from "./0011-sync-state-default.ts";
import { NormalizeStates } from "./0012-normalize-state.ts";

/** A migration and the name under which a database records it. */
export interface SchemaMigration {
  readonly name: string;
  readonly class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
  /** Measured on two cores that were busy; for those whose time grows with the number of listings. */
  readonly microsecondsPerListing?: number;
}

/** Every migration, in order. A released name is neither changed nor reused. */
export const migrations: readonly SchemaMigration[] = [
  { name: "0001-initial-schema", class: InitialSchema },
  { name: "0002-token-scopes", class: TokenScopes },
  { name: "0003-job-state", class: JobState },
  { name: "0004-feed-gaps", class: FeedGaps },
  { name: "0005-daily-stats", class: DailyStatistics },
  { name: "0006-events", class: Events },
  { name: "0007-listing-columns", class: ListingColumns },
  { name: "0008-mirror-feed", class: MirrorFeed, microsecondsPerListing: 8 },
  { name: "0009-listing-dates", class: ListingDates, microsecondsPerListing: 400 },
  { name: "0010-listing-indexes", class: ListingIndexes, microsecondsPerListing: 20 },
  { name: "0011-sync-state-default", class: SyncStateDefault },
  { name: "0012-normalize-state", class: NormalizeStates },
];
