import { type EventRange, type EventsPage, readEventRange, readEvents } from "../../events/index.ts";
import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { readParameters } from "../query/parameters.ts";
import { CHANGES, DEFAULT_EVENTS, readListings } from "../query/read-changes.ts";
import { changesToJson } from "../schema/to-json.ts";

/** @throws Problem 410 for a position whose next events are deleted */
function refuseDeleted(after: number, { oldest }: EventRange): void {
  if (after < oldest - 1) {
    throw Problem.gone(
      `Events after ${after} have been deleted; the oldest one kept is ${oldest}. Read all listings again, and continue from x-changes-after.`,
      { oldest },
    );
  }
}

/** @throws Problem 410 for a position that the database has not reached */
function refuseFuture(after: number, { latest }: EventRange): void {
  if (after > latest) {
    throw Problem.gone(
      `There is no event ${after}; the newest one is ${latest}: the database was restored. Read all listings again, and continue from x-changes-after.`,
      { latest },
    );
  }
}

/** `GET /changes`: events of listings, in the order of their commits. */
export function changesRoute(context: ApiContext): Route {
  const { database, router, pictures } = context;
  /** A standby may lag behind the server that the position is from: only the primary knows whether it exists. */
  const atStandbyEnd = async (after: number): Promise<EventsPage> => {
    const range = await router.primary(() => readEventRange(database));
    refuseFuture(after, range);
    return { ...range, events: [], nextAfter: after };
  };

  return {
    path: "/changes",
    access: "token",
    scope: "read",
    operation: {
      id: "listChanges",
      tag: "Listings",
      summary: "What changed, oldest first",
      details:
        "Events of complete listings: `added`; `price`, another price; `changed`, any other difference; `removed`; `returned`. Ids ascend in the order of commits, so a client that continues after the last id misses nothing.",
      parameters: CHANGES,
      response: { description: "Events.", schema: { $ref: "#/components/schemas/ChangesPage" } },
      tagged: false,
      gone: "Events after `after` are deleted (`oldest`), or it is beyond the newest one (`latest`).",
    },
    logged: () => "/changes",
    handle: async ({ search }, snapshot) => {
      const values = readParameters(CHANGES, search.query);
      const { after, kind: kinds, limit = DEFAULT_EVENTS } = values;
      const { read, shared } = await snapshot();
      let page = await read((db) => readEvents(db, { after, kinds, limit }));
      if (after !== undefined) {
        refuseDeleted(after, page);
        if (after > page.latest && database.replicas.length > 0) {
          page = await atStandbyEnd(after);
        }
        refuseFuture(after, page);
      }
      const { events } = page;
      await pictures.ready(shared.read);
      const listings =
        values.include === undefined ? undefined : await read((db) => readListings(db, events));
      return { cacheControl: PRIVATE, load: () => jsonBody(...changesToJson(page, listings, context)) };
    },
  };
}
