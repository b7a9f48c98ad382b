import type { HealthCheck, OperationReport, StatusReport } from "../operations/index.ts";
import { count, counted, table } from "./output.ts";
import { duration } from "./progress/progress.ts";

/** The text of `status`. Pure; times in UTC. */
export function statusText(report: StatusReport, check?: HealthCheck): string {
  const sections = [
    `Database  ${report.database}`,
    headed("Listings", listings(report)),
    headed("Initial load", load(report)),
    headed("Feed", feed(report)),
    ...(report.operations.length === 0 ? [] : [headed("Recent runs", operations(report.operations))]),
    headed("Needs attention", attention(report)),
    ...(check === undefined ? [] : [headed("Check", verdict(check))]),
  ];
  return sections.join("\n\n");
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
    `${count(rows.raw)} stored: ${count(rows.active)} active, ${count(rows.inactive)} inactive`,
    `${count(rows.processed)} normalised`,
    ...rest.filter(([value]) => value > 0).map(([value, name]) => `${count(value)} ${name}`),
  ].join("\n");
}

function load({
  load: { state, nextPage, records, startedAt, finishedAt, failedPages },
}: StatusReport): string {
  if (state === "none") {
    return "not started";
  }
  const failed = failedPages.length === 0 ? "" : `, ${counted(failedPages.length, "page")} failed`;
  return state === "finished"
    ? `load finished ${finishedAt}: ${count(records)} records${failed}`
    : `load started ${startedAt}, next page ${nextPage}: ${count(records)} records so far${failed}`;
}

function feed({
  feed: { position, lastSuccessfulDate, updatedAt, daysBehind, changesBehind },
}: StatusReport): string {
  if (position === null) {
    return "not started";
  }
  const lag = [
    ...(daysBehind === null ? [] : [counted(daysBehind, "day")]),
    ...(changesBehind === null ? [] : [counted(changesBehind, "change")]),
  ];
  return [
    `next change ${position}, last read ${updatedAt}`,
    `last complete day ${lastSuccessfulDate ?? "none yet"}${lag.length === 0 ? "" : `; behind by ${lag.join(", ")}`}`,
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

function operations(runs: readonly OperationReport[]): string {
  const rows = runs.map(({ startedAt, type, status, state, durationSeconds, details }) => [
    startedAt,
    typeof details.command === "string" ? details.command : type,
    state === "finished" ? status : state,
    duration(durationSeconds * 1000),
    COUNTS.filter((name) => typeof details[name] === "number" && details[name] !== 0)
      .map((name) => `${count(details[name] as number)} ${name}`)
      .join(", "),
  ]);
  return table(["STARTED", "RUN", "STATUS", "DURATION", "COUNTS"], rows);
}

function attention({ running, attention: found }: StatusReport): string {
  const lines = [
    ...running.map(({ holder }) => `running: ${holder}`),
    ...found.flatMap(({ message, remedy }) => [`! ${message}`, `  -> ${remedy}`]),
  ];
  return lines.length === 0 ? "nothing" : lines.join("\n");
}

const verdict = ({ ok, reasons, dataAsOf }: HealthCheck): string =>
  ok
    ? `ok, data as of ${dataAsOf ?? "(no data yet)"}`
    : reasons.map(({ code, message }) => `! ${code}: ${message}`).join("\n");
