import {
  type CheckReason,
  type HealthCheck,
  type OperationReport,
  type StatusReport,
  sizeOfGap,
} from "../operations/index.ts";
import { counted, formatCount, table } from "./output.ts";
import { duration } from "./progress/progress.ts";

/** Reasons that the attention items of a report cover. */
const COVERED: ReadonlySet<CheckReason["code"]> = new Set(["failed", "stuck", "rejected", "feed_restarted"]);

/**
 * The text of `status`, with times in the time zone of the report. Pure.
 *
 * @param options.isCheck whether to add the verdict of `--check`
 */
export function statusText(
  report: StatusReport,
  check: HealthCheck,
  { isCheck, now }: { readonly isCheck: boolean; readonly now: Date },
): string {
  const times = createTimes(report.timezone, now);
  const isEmpty = report.attention.some(({ code }) => code === "load_missing");
  const isNotable = ({ code }: CheckReason) => !COVERED.has(code) && !(isEmpty && code === "stale");
  const notable = isCheck ? [] : check.reasons.filter(isNotable);
  const sections = [
    `Database  ${report.database}\nTime zone ${report.timezone}`,
    headed("Listings", listings(report)),
    headed("Initial load", load(report, times)),
    headed("Feed", feed(report, times)),
    ...(report.operations.length === 0 ? [] : [headed("Recent runs", operations(report.operations, times))]),
    headed("Needs attention", times.localise(attention(report, notable))),
    ...(isCheck ? [headed("Check", times.localise(verdict(check)))] : []),
  ];
  return sections.join("\n\n");
}

interface Times {
  /** `2026-11-24 03:30` */
  local(iso: string): string;
  /** `2026-11-24 03:30 (5 min ago)` */
  withAge(iso: string): string;
  /** A text with each ISO time in UTC replaced by the local time. */
  localise(text: string): string;
}

const ISO_TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

function createTimes(timeZone: string, now: Date): Times {
  // The Swedish format is year-month-day hour:minute.
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  const local = (iso: string) => format.format(new Date(iso));
  return {
    local,
    withAge: (iso) => `${local(iso)} (${ago(now.getTime() - Date.parse(iso))})`,
    localise: (text) => text.replace(ISO_TIME, local),
  };
}

/** `5 min ago`, `3 h ago`, `2 days ago` */
function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) {
    return "just now";
  }
  const wholeHours = Math.floor(minutes / 60);
  return minutes < 60
    ? `${minutes} min ago`
    : wholeHours < 48
      ? `${wholeHours} h ago`
      : `${counted(Math.floor(wholeHours / 24), "day")} ago`;
}

const headed = (heading: string, text: string): string =>
  `${heading}\n${text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n")}`;

function listings({ rows }: StatusReport): string {
  const rest = [
    [rows.unprocessed, "unprocessed"],
    [rows.pending, "awaiting their full data"],
    [rows.unavailable, "permanently incomplete"],
    [rows.rejected, "rejected records"],
  ] as const;
  return [
    `${formatCount(rows.raw)} stored: ${formatCount(rows.active)} active, ${formatCount(rows.inactive)} inactive`,
    `${formatCount(rows.processed)} normalised`,
    ...rest.filter(([value]) => value > 0).map(([value, name]) => `${formatCount(value)} ${name}`),
  ].join("\n");
}

function load(
  { load: { state, nextPage, records, startedAt, finishedAt, failedPages } }: StatusReport,
  times: Times,
): string {
  if (state === "none") {
    return "not started";
  }
  const failed = failedPages.length === 0 ? "" : `, ${counted(failedPages.length, "page")} failed`;
  return state === "finished"
    ? `load finished ${times.withAge(finishedAt ?? "")}: ${formatCount(records)} records${failed}`
    : `load started ${times.withAge(startedAt ?? "")}, next page ${nextPage}: ${formatCount(records)} records so far${failed}`;
}

function feed({ feed: state, gaps }: StatusReport, times: Times): string {
  const { position, lastSuccessfulDate, updatedAt, newestChangeAt, daysBehind, changesBehind } = state;
  if (position === null) {
    return "not started";
  }
  const lag = [
    ...(daysBehind === null ? [] : [counted(daysBehind, "day")]),
    ...(changesBehind === null ? [] : [counted(changesBehind, "change")]),
  ];
  return [
    `newest change ${newestChangeAt === null ? "none yet" : times.withAge(newestChangeAt)}`,
    `next change ${position}, last read ${updatedAt === null ? "never" : times.withAge(updatedAt)}`,
    `last complete day ${lastSuccessfulDate ?? "none yet"}${lag.length === 0 ? "" : `; behind by ${lag.join(", ")}`}`,
    ...gaps.map(
      (gap) =>
        `gap: ${counted(sizeOfGap(gap), "change")} missing, ids ${gap.fromId} to ${gap.toId}, found ${times.withAge(gap.foundAt)}`,
    ),
  ].join("\n");
}

const COUNTS = [
  "loaded",
  "updated",
  "removed",
  "duplicates",
  "processed",
  "rejected",
  "errors",
  "pages",
] as const;

function operations(runs: readonly OperationReport[], times: Times): string {
  const rows = runs.map(({ startedAt, type, status, state, durationSeconds, details }) => [
    times.local(startedAt),
    typeof details.command === "string" ? details.command : type,
    state === "finished" ? status : state,
    duration(durationSeconds * 1000),
    COUNTS.filter((name) => typeof details[name] === "number" && details[name] !== 0)
      .map(
        (name) =>
          `${formatCount(details[name] as number)} ${details[name] === 1 ? name.replace(/s$/, "") : name}`,
      )
      .join(", "),
  ]);
  return table(["STARTED", "RUN", "STATUS", "DURATION", "COUNTS"], rows);
}

const reasonLines = ({ message, remedy }: CheckReason, prefix = ""): string[] => [
  `! ${prefix}${message}`,
  `  -> ${remedy}`,
];

function attention({ running, attention: found }: StatusReport, notable: readonly CheckReason[]): string {
  const lines = [
    ...running.map(({ holder }) => `running: ${holder}`),
    ...found.flatMap(({ message, remedy }) => [`! ${message}`, `  -> ${remedy}`]),
    ...notable.flatMap((reason) => reasonLines(reason)),
  ];
  return lines.length === 0 ? "nothing" : lines.join("\n");
}

const verdict = ({ ok, reasons, dataAsOf }: HealthCheck): string =>
  ok
    ? `ok, data as of ${dataAsOf ?? "(no data yet)"}`
    : reasons.flatMap((reason) => reasonLines(reason, `${reason.code}: `)).join("\n");
