import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { readParameters } from "../query/parameters.ts";
import { readCopyState, readCopyStateFromStandby, readListingCounts } from "../query/read-stats.ts";
import { createRefreshed } from "../replicas/data-version.ts";
import type { ServerState } from "../replicas/replica.ts";
import { statsToJson } from "../schema/stats-to-json.ts";

/** Counting takes some milliseconds, and runs proceed without a new version of the data. */
const MAX_AGE_MS = 2_000;

/** `GET /stats`: counts and the last operations. */
export function statsRoute({ database, router, checkOptions }: ApiContext): Route {
  const isAlone = database.replicas.length === 0;
  const readStats = async ({ read }: ServerState): Promise<string> => {
    const state = router.primary(() => readCopyState(checkOptions));
    // Awaited later; the no-op catch prevents an unhandled rejection until then.
    state.catch(() => {});
    const counts = await read(readListingCounts);
    // Without the primary the standby's runs are shown; only the primary knows which of them are running.
    return statsToJson(
      counts,
      await state.catch((error) => (isAlone ? Promise.reject(error) : read(readCopyStateFromStandby))),
      new Date(),
    );
  };
  const stats = createRefreshed(readStats, MAX_AGE_MS);
  return {
    path: "/stats",
    access: "token",
    scope: "ops",
    operation: {
      id: "getStats",
      tag: "Service",
      summary: "Counts, age of the data, what needs attention, and the last operations",
      parameters: {},
      response: { description: "Counts.", schema: { $ref: "#/components/schemas/Stats" } },
      tagged: false,
    },
    logged: () => "/stats",
    handle: async ({ search }, snapshot) => {
      readParameters({}, search.query);
      const text = await stats.current((await snapshot()).shared);
      return { cacheControl: PRIVATE, load: () => jsonBody(text) };
    },
  };
}
