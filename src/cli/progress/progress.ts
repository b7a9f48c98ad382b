/** What long work reports. */
export interface ProgressEvent {
  readonly unit: "records" | "pages" | "changes" | "listings" | "rows";
  /** Done so far, that of earlier runs included. */
  readonly done: number;
  /** Of those, what earlier runs had done; it says nothing about the speed. */
  readonly before?: number;
  /** What there is to do in all, as far as anyone knows. */
  readonly total: number | null;
  /** Which part of the work, when there are several. */
  readonly phase?: string;
}

interface Mark {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly done: number;
}

/** What is known of the progress of some work. */
export interface Progress {
  readonly startedAt: number;
  /** The last event, undefined before the first. */
  readonly last: (ProgressEvent & { readonly at: number }) | undefined;
  /** Points of the last minutes, oldest first: the speed is what happened since the oldest. */
  readonly marks: readonly Mark[];
}

/** Speed is that of the last five minutes: a long wait an hour ago does not make the rest look slow. */
const SPEED_WINDOW_MS = 300_000;
const MARK_EVERY_MS = 5_000;
/** A shorter time than this tells nothing about a speed. */
const MEASURABLE_MS = 1_000;

/** Progress before anything has happened. `at` in milliseconds since the epoch. */
export function startProgress(at: number): Progress {
  return { startedAt: at, last: undefined, marks: [] };
}

/** Progress after an event. A new phase or another unit begins to count anew. */
export function advance(progress: Progress, event: ProgressEvent, at: number): Progress {
  const { last } = progress;
  const continues = last !== undefined && last.phase === event.phase && last.unit === event.unit;
  const startedAt = continues ? progress.startedAt : (last?.at ?? progress.startedAt);
  const counted = last?.unit === event.unit ? Math.min(last.done, event.done) : (event.before ?? 0);
  const marks = continues ? progress.marks : [{ at: startedAt, done: counted }];
  const recent = marks.filter((mark, index) => index === marks.length - 1 || at - mark.at <= SPEED_WINDOW_MS);
  const newest = recent.at(-1);
  const due = newest === undefined || at - newest.at >= MARK_EVERY_MS;
  return {
    startedAt,
    last: { ...event, at },
    marks: due ? [...recent, { at, done: event.done }] : recent,
  };
}

/** The figures that a line or a bar shows; undefined where nothing is known yet. */
export interface ProgressFigures {
  /** From 0 to 1. */
  readonly share: number | undefined;
  readonly perMinute: number | undefined;
  readonly remainingMs: number | undefined;
}

export function figuresOf({ last, marks }: Progress): ProgressFigures {
  const oldest = marks[0];
  if (last === undefined || oldest === undefined) {
    return { share: undefined, perMinute: undefined, remainingMs: undefined };
  }
  // A total is often that of an earlier load: when it has been passed, it tells nothing more.
  const total = last.total !== null && last.total > 0 && last.done <= last.total ? last.total : undefined;
  const elapsed = last.at - oldest.at;
  const perMinute =
    elapsed >= MEASURABLE_MS ? Math.max(0, ((last.done - oldest.done) / elapsed) * 60_000) : undefined;
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
    return "Progress: not begun";
  }
  const { perMinute, remainingMs } = figuresOf(progress);
  return [
    `${last.phase === undefined ? "Progress" : `Progress (${last.phase})`}: ${amount(progress, last)}`,
    ...(perMinute === undefined ? [] : [`Speed: ${rate(perMinute)} ${last.unit}/min`]),
    ...(remainingMs === undefined ? [] : [`ETA ${duration(remainingMs)}`]),
  ].join(" | ");
}

/** The same, short enough to stand beside a bar in 80 columns. */
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

/** Cut, not rounded: 100% is said when it is true. */
const percent = (share: number) => `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;

const rate = (perMinute: number) =>
  perMinute < 10 ? perMinute.toLocaleString("en-US", { maximumFractionDigits: 1 }) : whole(perMinute);

/** A span of time in its two largest units: `1d 3h`, `4h 35m`, `2m 5s`, `12s`. */
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
