import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { CHECK_REASONS, type Figures, RUN_STATES } from "../../operations/index.ts";
import { version } from "../../version.ts";
import type { WebhookStatus } from "../../webhooks/index.ts";
import type { SchedulerObserver } from "../replicas/scheduler.ts";

/** Seconds. Most responses take a few milliseconds; the database timeout limits the longest. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** State of the data at the time of a scrape. */
export interface Scrape {
  /** Undefined while the database is unavailable. */
  readonly figures: Figures | undefined;
  /** Lag of each standby in seconds, in the order of the configuration; null for an unavailable one. */
  readonly lags: readonly (number | null)[];
  /** Incomplete feed days; null before the first `daily`. */
  readonly daysBehind: number | null;
  readonly webhooks: readonly WebhookStatus[];
}

/** Counters of requests, and their output for Prometheus. */
export interface Metrics extends SchedulerObserver {
  /** Content type of {@link Metrics.render}. */
  readonly contentType: string;
  /** @param route the pattern of the route, not the requested path: each value stays in memory */
  count(route: string, status: number, seconds: number): void;
  /** Counts a statement that PostgreSQL cancelled at its time limit. */
  onStatementTimeout(): void;
  render(scrape: Scrape): Promise<string>;
}

/** Metrics of one handler. Nothing is registered globally, so handlers in one process do not mix. */
export function createMetrics(options: { cacheBytes: () => number; waiting: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Counted in maps and exported on scrape: looking up a label set costs more than the increment.
  const counts = new Map<string, Map<number, number>>();
  new Counter({
    name: "che168_api_requests_total",
    help: "Responses by route and status.",
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
    help: "Time from request head to response, by route.",
    labelNames: ["route"],
    buckets: BUCKETS,
    registers,
  });
  new Gauge({
    name: "che168_api_cache_bytes",
    help: "Memory of cached responses.",
    registers,
    collect() {
      this.set(options.cacheBytes());
    },
  });
  new Gauge({
    name: "che168_api_queue_length",
    help: "Requests that wait for the database.",
    registers,
    collect() {
      this.set(options.waiting());
    },
  });
  const waits = new Histogram({
    name: "che168_api_queue_wait_seconds",
    help: "Time until the turn of requests that had to wait for the database.",
    buckets: BUCKETS,
    registers,
  });
  const refusals = new Counter({
    name: "che168_api_queue_refused_total",
    help: "Requests that got 503: too many of one token waited (full), or the turn did not come in time (timeout).",
    labelNames: ["reason"],
    registers,
  });
  for (const reason of ["full", "timeout"]) {
    refusals.inc({ reason }, 0);
  }
  const statementTimeouts = new Counter({
    name: "che168_api_statement_timeouts_total",
    help: "Statements that PostgreSQL cancelled at the time limit.",
    registers,
  });
  new Gauge({ name: "che168_build_info", help: "1, with the version.", labelNames: ["version"], registers })
    .labels(version)
    .set(1);

  // Default metrics observe the process continuously, so they start with the first scrape.
  let isObserving = false;
  return {
    contentType: registry.contentType,
    count: (route, status, seconds) => {
      const byStatus = counts.get(route) ?? new Map<number, number>();
      counts.set(route, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
      durations.observe({ route }, seconds);
    },
    onWaited: (seconds) => waits.observe(seconds),
    onRefused: (reason) => refusals.inc({ reason }),
    onStatementTimeout: () => statementTimeouts.inc(),
    render: async (scrape) => {
      if (!isObserving) {
        isObserving = true;
        collectDefaultMetrics({ register: registry });
      }
      const own = await registry.metrics();
      return `${own}\n${await renderScrape(scrape)}`;
    },
  };
}

/** Adds a gauge with its known samples to a registry; none when all are unknown (null). */
type AddGauge = <Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  samples: readonly (readonly [Partial<Record<Label, string>>, number | null])[],
) => void;

/**
 * Metrics of the data, in a registry per scrape: an unknown figure is left out, where a permanent gauge would repeat the
 * last value.
 */
async function renderScrape({ figures, lags, daysBehind, webhooks }: Scrape): Promise<string> {
  const registry = new Registry();
  const gauge: AddGauge = (name, help, labelNames, samples) => {
    const known = samples.flatMap(([labels, value]) => (value === null ? [] : [{ labels, value }]));
    if (known.length > 0) {
      const added = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
      for (const { labels, value } of known) {
        added.set(labels as Partial<Record<string, string | number>>, value);
      }
    }
  };
  gauge("che168_database_up", "1 while the primary responds.", [], [[{}, figures === undefined ? 0 : 1]]);
  addReplicas(gauge, lags);
  addWebhooks(gauge, webhooks);
  if (figures !== undefined) {
    addData(gauge, figures, daysBehind);
    addRuns(gauge, figures.runs);
  }
  return registry.metrics();
}

function addReplicas(gauge: AddGauge, lags: Scrape["lags"]): void {
  const ofReplicas = (name: string, help: string, value: (lag: number | null) => number | null) =>
    gauge(
      name,
      help,
      ["replica"],
      lags.map((lag, index) => [{ replica: String(index + 1) }, value(lag)]),
    );
  ofReplicas("che168_replica_up", "1 while the standby responds.", (lag) => (lag === null ? 0 : 1));
  ofReplicas("che168_replica_lag_seconds", "Replication lag of the standby.", (lag) => lag);
}

function addWebhooks(gauge: AddGauge, webhooks: readonly WebhookStatus[]): void {
  const ofWebhooks = (name: string, help: string, value: (webhook: WebhookStatus) => number | null) =>
    gauge(
      name,
      help,
      ["endpoint"],
      webhooks.map((webhook) => [{ endpoint: webhook.url }, value(webhook)]),
    );
  ofWebhooks("che168_webhook_lag_events", "Ids after the last delivered event.", ({ lag }) => lag);
  ofWebhooks(
    "che168_webhook_failures",
    "Failed attempts since the last success.",
    ({ failures }) => failures,
  );
  ofWebhooks("che168_webhook_disabled", "1 after three days of failures.", ({ disabledAt }) =>
    disabledAt === null ? 0 : 1,
  );
  ofWebhooks("che168_webhook_delivered_timestamp_seconds", "Last delivery.", ({ deliveredAt }) =>
    deliveredAt === null ? null : Date.parse(deliveredAt) / 1_000,
  );
}

function addData(gauge: AddGauge, figures: Figures, daysBehind: number | null): void {
  const { rows, failedPages, feed, reasons, today } = figures;
  const single = (name: string, help: string, value: number | null) => gauge(name, help, [], [[{}, value]]);
  gauge(
    "che168_rows",
    "Rows by state; incomplete ones lack full data so far.",
    ["state"],
    Object.entries(rows).map(([state, count]) => [{ state }, count]),
  );
  single("che168_failed_pages", "Catalogue pages that failed.", failedPages);
  single("che168_feed_position", "Id of the next change to read.", feed.position);
  single("che168_feed_days_behind", "Feed days that are not complete.", daysBehind);
  single(
    "che168_newest_change_timestamp_seconds",
    "Time of the newest change received.",
    feed.newestChangeAt,
  );
  single("che168_data_timestamp_seconds", "Every change before this time is stored.", feed.dataAsOf);
  single(
    "che168_feed_missing_changes",
    "Changes that are missing until reconcile repairs the gap.",
    feed.position === null ? null : feed.missing,
  );
  gauge(
    "che168_check_reason",
    "1 while status --check reports the reason.",
    ["reason"],
    CHECK_REASONS.map((reason) => [{ reason }, reasons.some(({ code }) => code === reason) ? 1 : 0]),
  );
  if (today !== undefined) {
    gauge(
      "che168_day_changes",
      "Changes in the feed on the newest feed day, by kind.",
      ["kind"],
      (["added", "changed", "removed"] as const).map((kind) => [{ kind }, today[kind]]),
    );
    single("che168_active_listings", "Active listings, as counted by the last run.", today.active);
    gauge(
      "che168_filled_ratio",
      "Share of the active listings that have a value, by field.",
      ["field"],
      Object.entries(today.filled ?? {}).map(([field, share]) => [{ field }, share]),
    );
  }
}

function addRuns(gauge: AddGauge, runs: Figures["runs"]): void {
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
  ofRuns("che168_run_started_timestamp_seconds", "Start of the last run.", (run) => run.startedAt);
  ofRuns("che168_run_duration_seconds", "Duration of the last run.", (run) => run.durationSeconds);
  ofRuns("che168_run_succeeded_timestamp_seconds", "End of the last successful run.", (run) => {
    return run.succeededAt;
  });
}
