/** A progress report of a long-running job. */
export interface ProgressEvent {
  readonly unit: "records" | "pages" | "changes" | "listings" | "rows";
  /** Done so far, including earlier runs. */
  readonly done: number;
  /** The part done by earlier runs, left out of the speed. */
  readonly before?: number;
  /** Estimated total; null when unknown. */
  readonly total: number | null;
  /** Name of the phase, when there are several. */
  readonly phase?: string | undefined;
}

interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly done: number;
}

/** State of a progress display: the last event and the samples that its speed is computed from. */
export interface Progress {
  readonly startedAt: number;
  /** The last event; undefined before the first. */
  readonly last: (ProgressEvent & { readonly at: number }) | undefined;
  /** Samples of the last five minutes, oldest first. */
  readonly samples: readonly Sample[];
}

/** Window of the moving average: a long wait an hour ago must not distort the ETA. */
const SPEED_WINDOW_MS = 300_000;
const SAMPLE_INTERVAL_MS = 5_000;
/** Minimum time span for a speed. */
const MIN_SPEED_SPAN_MS = 1_000;

/** Progress before the first event. `at` in milliseconds since the epoch. */
export function startProgress(at: number): Progress {
  return { startedAt: at, last: undefined, samples: [] };
}

/** Progress after an event. A new phase or unit resets the speed. */
export function advance(progress: Progress, event: ProgressEvent, at: number): Progress {
  const { last } = progress;
  const continues = last !== undefined && last.phase === event.phase && last.unit === event.unit;
  const startedAt = continues ? progress.startedAt : (last?.at ?? progress.startedAt);
  const counted = last?.unit === event.unit ? Math.min(last.done, event.done) : (event.before ?? 0);
  const samples = continues ? progress.samples : [{ at: startedAt, done: counted }];
  const recent = samples.filter(
    (sample, index) => index === samples.length - 1 || at - sample.at <= SPEED_WINDOW_MS,
  );
  const newest = recent.at(-1);
  const due = newest === undefined || at - newest.at >= SAMPLE_INTERVAL_MS;
  return {
    startedAt,
    last: { ...event, at },
    samples: due ? [...recent, { at, done: event.done }] : recent,
  };
}

/** The figures of a line or bar; undefined where unknown. */
export interface ProgressFigures {
  /** From 0 to 1. */
  readonly share: number | undefined;
  readonly perMinute: number | undefined;
  readonly remainingMs: number | undefined;
}

export function figuresOf({ last, samples }: Progress): ProgressFigures {
  const oldest = samples[0];
  if (last === undefined || oldest === undefined) {
    return { share: undefined, perMinute: undefined, remainingMs: undefined };
  }
  // The total is often that of an earlier load; once exceeded, it is meaningless.
  const total = last.total !== null && last.total > 0 && last.done <= last.total ? last.total : undefined;
  const elapsed = last.at - oldest.at;
  const perMinute =
    elapsed >= MIN_SPEED_SPAN_MS ? Math.max(0, ((last.done - oldest.done) / elapsed) * 60_000) : undefined;
  return {
    share: total === undefined ? undefined : last.done / total,
    perMinute,
    remainingMs:
      total === undefined || total === last.done || perMinute === undefined || perMinute === 0
        ? undefined
        : ((total - last.done) / perMinute) * 60_000,
  };
}

/**
 * `Progress: 45.2% (113,000 / 250,000 records) | Speed: 500 records/min | ETA 4h 34m`; without a total
 * `Progress: 113,000 records (total unknown) | Speed: 500 records/min`.
 */
export function progressLine(progress: Progress): string {
  const { last } = progress;
  if (last === undefined) {
    return "Progress: not started";
  }
  const { perMinute, remainingMs } = figuresOf(progress);
  return [
    `${last.phase === undefined ? "Progress" : `Progress (${last.phase})`}: ${amount(progress, last)}`,
    ...(perMinute === undefined ? [] : [`Speed: ${rate(perMinute)} ${last.unit}/min`]),
    ...(remainingMs === undefined ? [] : [`ETA ${duration(remainingMs)}`]),
  ].join(" | ");
}

/** The same, short enough for a bar in 80 columns. */
export function progressShort(progress: Progress): string {
  const { last } = progress;
  if (last === undefined) {
    return "";
  }
  const { perMinute, remainingMs } = figuresOf(progress);
  return [
    ...(last.phase === undefined ? [] : [last.phase]),
    amount(progress, last),
    ...(perMinute === undefined ? [] : [`${rate(perMinute)}/min`]),
    ...(remainingMs === undefined ? [] : [`ETA ${duration(remainingMs)}`]),
  ].join(" | ");
}

function amount(progress: Progress, { done, total, unit }: ProgressEvent): string {
  const { share } = figuresOf(progress);
  return share === undefined || total === null
    ? `${whole(done)} ${unit} (${total === null ? "total unknown" : `expected ${whole(total)}`})`
    : `${percent(share)} (${whole(done)} / ${whole(total)} ${unit})`;
}

const whole = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** Rounded down, so that 100% means complete. */
const percent = (share: number) => `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;

const rate = (perMinute: number) =>
  perMinute < 10 ? perMinute.toLocaleString("en-US", { maximumFractionDigits: 1 }) : whole(perMinute);

/** A time span in its two largest units: `1d 3h`, `4h 35m`, `2m 5s`, `12s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  return first === -1
    ? "0s"
    : parts
        .slice(first, first + 2)
        .filter(([value], index) => index === 0 || value > 0)
        .map(([value, unit]) => `${value}${unit}`)
        .join(" ");
}
