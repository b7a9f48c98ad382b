import { addDays, dayOf } from "../../util/days.ts";
import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { whole } from "../query/parameter-types.ts";
import { readParameters } from "../query/parameters.ts";
import { readDailyState } from "../query/read-stats.ts";
import { dailyStatsToJson } from "../schema/stats-to-json.ts";

const DEFAULT_DAYS = 90;
const MAX_DAYS = 1_000;

const PARAMETERS = {
  days: {
    type: whole(1, MAX_DAYS),
    meaning: `Number of days, up to today; ${DEFAULT_DAYS} by default.`,
    example: "30",
  },
};

/** `GET /stats/daily`: statistics of the feed days, and the runs on them. */
export function dailyStatsRoute({ database, router, checkOptions: { timezone } }: ApiContext): Route {
  const isAlone = database.replicas.length === 0;
  return {
    path: "/stats/daily",
    access: "token",
    scope: "ops",
    operation: {
      id: "getDailyStats",
      tag: "Service",
      summary: "Changes, active listings and filled fields per feed day, and the runs",
      parameters: PARAMETERS,
      response: { description: "Days.", schema: { $ref: "#/components/schemas/DailyStats" } },
      tagged: false,
    },
    logged: () => "/stats/daily",
    handle: async ({ search }, snapshot) => {
      const { days = DEFAULT_DAYS } = readParameters(PARAMETERS, search.query);
      const first = addDays(dayOf(new Date(), timezone), 1 - days);
      // Time zones differ from UTC by 14 hours at most.
      const from = { day: first, at: new Date(Date.parse(first) - 14 * 3_600_000) };
      const { read } = await snapshot();
      const state = await router
        .primary(async () => readDailyState(database, await database.lockHolders(), from, days))
        // Only the primary knows which runs are running.
        .catch((error) =>
          isAlone ? Promise.reject(error) : read((db) => readDailyState(db, [], from, days)),
        );
      return { cacheControl: PRIVATE, load: () => jsonBody(dailyStatsToJson(state, timezone)) };
    },
  };
}
