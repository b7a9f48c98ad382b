import { PRIVATE } from "../answer.ts";
import type { ApiContext } from "../context.ts";
import type { Route } from "../endpoint.ts";
import { jsonEntity } from "../entity.ts";
import { readParameters } from "../parameters.ts";
import { readStats, type Stats } from "../store-stats.ts";

/** Counting costs some milliseconds; operations go on without a new version of the data. */
const REMEMBER_MS = 2_000;

/** `GET /stats`: counts and the last operations. */
export function statsRoute({ database, gate }: ApiContext): Route {
  let last: { readonly stats: Promise<Stats>; readonly at: number } | undefined;
  const stats = (): Promise<Stats> => {
    if (last === undefined || performance.now() - last.at > REMEMBER_MS) {
      const reading = gate.run(() => readStats(database));
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
    handle: async ({ search }) => {
      readParameters({}, search.query);
      const text = JSON.stringify(await stats());
      return { cacheControl: PRIVATE, load: () => jsonEntity(text) };
    },
  };
}
