import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type Figures, RUN_STATES } from "../../operations/index.ts";
import { version } from "../../version.ts";

/** Seconds; most answers take a few milliseconds, and none longer than the database is waited for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What a scrape is told besides the requests. */
export interface Scrape {
  /** Undefined while the database is away. */
  readonly figures: Figures | undefined;
  /** Seconds that each standby is behind, in the order of the configuration; null for one that is away. */
  readonly lags: readonly (number | null)[];
  /** Days of which not every change is stored; null before the feed has begun. */
  readonly daysBehind: number | null;
}

/** What is counted while requests are answered, and how it is told to Prometheus. */
export interface Metrics {
  /** Type of {@link Metrics.render}'s text. */
  readonly contentType: string;
  /** @param route the pattern of a route, never an address that was asked for: each value is kept for ever */
  count(route: string, status: number, seconds: number): void;
  render(scrape: Scrape): Promise<string>;
}

/** Metrics of one handler. They are its own: two handlers in one process do not share, and nothing is registered globally. */
export function createMetrics(options: { cacheBytes: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Counted by hand and told when somebody asks: a label costs more than the sum.
  const counts = new Map<string, Map<number, number>>();
  new Counter({
    name: "che168_api_requests_total",
    help: "Requests that were answered, by route and status.",
    labelNames: ["route", "status"],
    registers,
    collect() {
      this.reset();
      for (const [route, byStatus] of counts) {
        for (const [status, count] of byStatus) {
          this.inc({ route, status }, count);
        }
      }
    },
  });
  const durations = new Histogram({
    name: "che168_api_request_duration_seconds",
    help: "Time from a request's head to its answer, by route.",
    labelNames: ["route"],
    buckets: BUCKETS,
    registers,
  });
  new Gauge({
    name: "che168_api_cache_bytes",
    help: "Memory that remembered answers take.",
    registers,
    collect() {
      this.set(options.cacheBytes());
    },
  });
  new Gauge({ name: "che168_build_info", help: "1, with the version.", labelNames: ["version"], registers })
    .labels(version)
    .set(1);

  // They watch the process from then on: only where somebody looks.
  let isWatching = false;
  return {
    contentType: registry.contentType,
    count: (route, status, seconds) => {
      const byStatus = counts.get(route) ?? new Map<number, number>();
      counts.set(route, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
      durations.observe({ route }, seconds);
    },
    render: async (scrape) => {
      if (!isWatching) {
        isWatching = true;
        collectDefaultMetrics({ register: registry });
      }
      const own = await registry.metrics();
      return `${own}\n${await renderScrape(scrape)}`;
    },
  };
}

/**
 * What the database says, in a registry of its own: a figure that is not known is left out, where a gauge that stays would
 * go on telling the last one.
 */
async function renderScrape({ figures, lags, daysBehind }: Scrape): Promise<string> {
  const registry = new Registry();
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    samples: readonly (readonly [Partial<Record<Label, string>>, number | null])[],
  ) => {
    const known = samples.filter((sample): sample is [Partial<Record<Label, string>>, number] => {
      return sample[1] !== null;
    });
    if (known.length > 0) {
      const made = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
      for (const [labels, value] of known) {
        made.set(labels as Partial<Record<Label, string | number>>, value);
      }
    }
  };

  gauge("che168_database_up", "1 while the primary answers.", [], [[{}, figures === undefined ? 0 : 1]]);
  const ofReplicas = (name: string, help: string, value: (lag: number | null) => number | null) =>
    gauge(
      name,
      help,
      ["replica"],
      lags.map((lag, index) => [{ replica: String(index + 1) }, value(lag)]),
    );
  ofReplicas("che168_replica_up", "1 while the standby answers.", (lag) => (lag === null ? 0 : 1));
  ofReplicas("che168_replica_lag_seconds", "Age of what the standby has not replayed yet.", (lag) => lag);
  if (figures !== undefined) {
    const { rows, failedPages, feed, runs } = figures;
    gauge(
      "che168_rows",
      "Rows by state; incomplete ones are known only by a change so far.",
      ["state"],
      Object.entries(rows).map(([state, count]) => [{ state }, count]),
    );
    gauge("che168_failed_pages", "Pages of the catalogue that could not be read.", [], [[{}, failedPages]]);
    gauge("che168_feed_position", "The change that is read next.", [], [[{}, feed.position]]);
    gauge("che168_feed_days_behind", "Days of which not every change is stored.", [], [[{}, daysBehind]]);
    const ofRuns = (name: string, help: string, value: (run: Figures["runs"][number]) => number | null) =>
      gauge(
        name,
        help,
        ["command"],
        runs.map((run) => [{ command: run.command }, value(run)]),
      );
    gauge(
      "che168_run_state",
      "1 for the state of each command's last run.",
      ["command", "state"],
      runs.flatMap(({ command, state }) =>
        RUN_STATES.map((one) => [{ command, state: one }, one === state ? 1 : 0] as const),
      ),
    );
    ofRuns("che168_run_started_timestamp_seconds", "When the last run began.", (run) => run.startedAt);
    ofRuns("che168_run_duration_seconds", "How long the last run took.", (run) => run.durationSeconds);
    ofRuns("che168_run_succeeded_timestamp_seconds", "When the last run that succeeded ended.", (run) => {
      return run.succeededAt;
    });
  }
  return registry.metrics();
}
