import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { readParameters } from "../query/parameters.ts";
import { readCounts, readRuns, readRunsFromStandby } from "../query/read-stats.ts";
import type { View } from "../replicas/view.ts";
import { statsToJson } from "../schema/to-json.ts";

/** Counting costs some milliseconds; operations go on without a new version of the data. */
const REMEMBER_MS = 2_000;

/** `GET /stats`: counts and the last operations. */
export function statsRoute({ database, sources }: ApiContext): Route {
  const isAlone = database.replicas.length === 0;
  const readStats = async ({ read }: View): Promise<string> => {
    const runs = sources.primary(() => readRuns(database));
    runs.catch(() => {});
    const counts = await read(readCounts);
    // Runs go on while standbys answer; what is at work, only the primary knows.
    return statsToJson(
      counts,
      await runs.catch((error) => (isAlone ? Promise.reject(error) : read(readRunsFromStandby))),
    );
  };
  let last: { readonly stats: Promise<string>; readonly at: number } | undefined;
  const stats = (view: View): Promise<string> => {
    if (last === undefined || performance.now() - last.at > REMEMBER_MS) {
      const reading = readStats(view);
      const mine = { stats: reading, at: performance.now() };
      last = mine;
      reading.catch(() => {
        if (last === mine) {
          last = undefined;
        }
      });
    }
    return last.stats;
  };
  return {
    path: "/stats",
    access: "token",
    operation: {
      id: "getStats",
      tag: "Service",
      summary: "Counts and the last operations",
      parameters: {},
      answer: { description: "Counts.", schema: { $ref: "#/components/schemas/Stats" } },
      tagged: false,
    },
    logged: () => "/stats",
    handle: async (request) => {
      readParameters({}, request.search.query);
      const text = await stats(await sources.look(request));
      return { cacheControl: PRIVATE, load: () => jsonBody(text) };
    },
  };
}
