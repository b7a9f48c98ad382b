/** Events of listings: reading and retention. The normaliser writes them. */
export { breakEvents, type PruneOptions, pruneEvents } from "./prune-events.ts";
export {
  EVENT_KINDS,
  type EventRange,
  type EventsPage,
  type ListingEvent,
  NEWEST_EVENT_SQL,
  OLDEST_EVENT_SQL,
  readEventRange,
  readEvents,
} from "./read-events.ts";
