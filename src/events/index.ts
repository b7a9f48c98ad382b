/** Events of listings: reading and retention. The normaliser writes them. */
export { breakEvents, type PruneOptions, pruneEvents } from "./prune-events.ts";
export {
  EVENT_KINDS,
  type EventRange,
  type EventsPage,
  NEWEST_EVENT_SQL,
  OLDEST_EVENT_SQL,
  type PublicEvent,
  readEventRange,
  readEvents,
} from "./read-events.ts";
