import { readFigures } from "../../operations/index.ts";
import { dayOf } from "../../util/days.ts";
import type { Webhooks } from "../../webhooks/index.ts";
import type { ApiContext } from "../api-context.ts";
import type { Metrics } from "../http/metrics.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { encodedBody } from "../http/response.ts";
import { readParameters } from "../query/parameters.ts";
import { createRefreshed } from "../replicas/data-version.ts";

/** Counting takes some milliseconds; several scrapers share it. */
const MAX_AGE_MS = 2_000;
const DAY_MS = 86_400_000;

/** `GET /metrics`: metrics for Prometheus. Works without the database, and reports it as unavailable. */
export function metricsRoute(
  context: ApiContext,
  metrics: Metrics,
  webhooks: Pick<Webhooks, "status"> | undefined,
): Route {
  const { router, checkOptions } = context;
  const { timezone } = checkOptions;
  const figures = createRefreshed(
    () =>
      router
        .primary(() => readFigures(checkOptions))
        .catch((error: unknown) => {
          if (error instanceof Problem) {
            return undefined;
          }
          throw error;
        }),
    MAX_AGE_MS,
  );
  return {
    path: "/metrics",
    access: "token",
    scope: "ops",
    operation: {
      id: "getMetrics",
      tag: "Service",
      summary: "Metrics for Prometheus",
      details: "Prometheus text format 0.0.4: runs, rows, feed lag, requests, process.",
      parameters: {},
      response: { description: "Metrics.", type: "text/plain", schema: { type: "string" } },
      tagged: false,
    },
    logged: () => "/metrics",
    handle: async ({ search }) => {
      readParameters({}, search.query);
      const found = await figures.current();
      const day = found?.feed.lastDay ?? null;
      const elapsed = day === null ? null : Date.parse(dayOf(new Date(), timezone)) - Date.parse(day);
      const text = await metrics.render({
        figures: found,
        lags: await router.lags(),
        webhooks: (found && (await webhooks?.status())) ?? [],
        daysBehind: elapsed === null ? null : Math.max(0, Math.round(elapsed / DAY_MS)),
      });
      return { cacheControl: "no-store", load: () => encodedBody(text, metrics.contentType) };
    },
  };
}
