import type { LockHolder, OperationType } from "../../database/index.ts";
import { dayOf } from "../../util/days.ts";
import { type OpenGap, sizeOfGap } from "../feed-gaps.ts";
import type { CheckReason } from "./check-reason.ts";
import { type CheckedDay, lastCompleteDay } from "./days.ts";
import type { CommandRun } from "./facts.ts";
import { evaluateTrends } from "./trends.ts";

/** Result of `status --check`. */
export interface HealthCheck {
  readonly ok: boolean;
  readonly reasons: readonly CheckReason[];
  /**
   * Every change before this time is stored: time of the newest change received, or the start of a later complete load.
   * ISO 8601 in UTC, null when unknown.
   */
  readonly dataAsOf: string | null;
  readonly maxAgeSeconds: number;
  readonly maxSilenceSeconds: number;
}

/** A run, as far as the check needs it. */
export type CheckedRun = Pick<CommandRun, "command" | "state" | "startedAt" | "problem" | "code">;

/** Import tariffs that end soon, or have ended. */
export interface TariffEnd {
  /** The first end, `YYYY-MM-DD`. */
  readonly ends_on: string;
  /** Country and kind of each: `ru customs_fee`. */
  readonly tables: readonly string[];
}

/** Input of {@link evaluateHealth}. */
export interface CheckFacts {
  /** The last two runs of each command, newest first. */
  readonly runs: readonly CheckedRun[];
  readonly running: readonly LockHolder[];
  readonly hasData: boolean;
  readonly dataAsOf: Date | null;
  /** The last successful run of `daily`. */
  readonly lastDaily: { readonly startedAt: Date; readonly endedAt: Date } | null;
  readonly newestChangeAt: Date | null;
  /** The last complete day of `sync_state`. */
  readonly lastDay: string | null;
  /** Rows that have waited longer than `maxAgeMs` for normalisation, or for the rest of their listing. */
  readonly unprocessed: number;
  readonly pending: number;
  /** Rejected records that are not dismissed. */
  readonly rejected: number;
  /** Gaps that are not repaired. */
  readonly gaps: readonly OpenGap[];
  /** Feed days, newest first. */
  readonly days: readonly CheckedDay[];
  /** The import tariffs in use that end soon; null when none does, or they are not used. */
  readonly expiringTariffs: TariffEnd | null;
}

/** Limits and the clock. */
export interface CheckLimits {
  readonly maxAgeMs: number;
  readonly maxSilenceMs: number;
  readonly now: Date;
  readonly timezone: string;
}

/** A day, and two hours for the run itself. */
export const DEFAULT_MAX_AGE_MS = 26 * 3_600_000;
/** A day and a half. */
export const DEFAULT_MAX_SILENCE_MS = 36 * 3_600_000;

const hours = (ms: number) => `${Math.floor(ms / 360_000) / 10} h`;
const number = (value: number) => value.toLocaleString("en-US");

/** The failure of a command's last finished run. */
function failureOf(run: CheckedRun): CheckReason[] {
  const again = `che168-sync ${run.command} again: it resumes where it stopped`;
  if (run.state === "interrupted") {
    return [
      {
        code: "failed",
        message: `The last run of ${run.command} (${run.startedAt}) was interrupted.`,
        remedy: `Run ${again}`,
      },
    ];
  }
  if (run.state === "error") {
    const isRestart = run.code === "FEED_RESTARTED";
    return [
      {
        code: isRestart ? "feed_restarted" : "failed",
        message: `The last run of ${run.command} (${run.startedAt}) ended with an error: ${run.problem ?? "see the log"}`,
        summary: `The last run of ${run.command} (${run.startedAt}) ended with an error.`,
        remedy: isRestart
          ? "che168-sync reconcile continues from the new ids"
          : `Fix the cause, then run ${again}`,
      },
    ];
  }
  return [];
}

/** Nothing was loaded, or the newest change is too old. */
function staleness(facts: CheckFacts, { maxAgeMs, now }: CheckLimits): CheckReason[] {
  const { dataAsOf, lastDaily, hasData } = facts;
  if (!hasData) {
    const remedy = "che168-sync initial loads the catalogue";
    return [{ code: "stale", message: "Nothing has been loaded.", remedy }];
  }
  if (dataAsOf === null) {
    const message =
      "The age of the data is unknown: the load has not finished, and no change has been received.";
    return [{ code: "stale", message, remedy: "che168-sync initial, then che168-sync daily" }];
  }
  if (now.getTime() - dataAsOf.getTime() <= maxAgeMs) {
    return [];
  }
  const isRunning = lastDaily !== null && now.getTime() - lastDaily.endedAt.getTime() <= maxAgeMs;
  return [
    {
      code: "stale",
      message: `The data is older than ${hours(maxAgeMs)}: the newest change received is of ${dataAsOf.toISOString()}.`,
      remedy: isRunning
        ? "daily runs but receives nothing newer: ask the service whether its feed has stopped"
        : "che168-sync daily; check that cron runs it",
    },
  ];
}

/** A feed that was read to its end has had nothing new for too long. */
function silence(facts: CheckFacts, { maxAgeMs, maxSilenceMs, now, timezone }: CheckLimits): CheckReason[] {
  const { dataAsOf, lastDaily, lastDay } = facts;
  // While days are being caught up, the newest change received is old and the feed is not silent.
  const isReadToEnd =
    lastDaily !== null &&
    now.getTime() - lastDaily.endedAt.getTime() <= maxAgeMs &&
    lastDay !== null &&
    lastDay >= dayOf(lastDaily.startedAt, timezone);
  if (!isReadToEnd || dataAsOf === null || now.getTime() - dataAsOf.getTime() <= maxSilenceMs) {
    return [];
  }
  return [
    {
      code: "feed_silent",
      message: `The feed has had no change newer than ${dataAsOf.toISOString()}, although daily reads it.`,
      remedy:
        "Ask the service whether its feed has stopped; once it has recovered, che168-sync daily, and reconcile if changes were lost",
    },
  ];
}

function waiting(facts: CheckFacts, { maxAgeMs }: CheckLimits, isLoading: boolean): CheckReason[] {
  const isHeld = (type: OperationType) => facts.running.some(({ kind }) => kind === type);
  const reasons: CheckReason[] = [];
  if (facts.unprocessed > 0 && !isHeld("normalization") && !isLoading) {
    reasons.push({
      code: "stuck",
      message: `${facts.unprocessed} rows have waited longer than ${hours(maxAgeMs)} for normalisation.`,
      remedy: "che168-sync normalize; the log names rows that fail",
    });
  }
  if (facts.pending > 0 && !isHeld("data_fetch")) {
    reasons.push({
      code: "stuck",
      message: `${facts.pending} listings have waited longer than ${hours(maxAgeMs)} for the rest of their data.`,
      remedy: "che168-sync daily fetches it; the log says why the service does not deliver it",
    });
  }
  if (facts.rejected > 0) {
    reasons.push({
      code: "rejected",
      message: `${facts.rejected} records could not be stored.`,
      remedy: "che168-sync rejected list shows them; rejected retry stores or rejected dismiss closes them",
    });
  }
  return reasons;
}

function gapReasons(gaps: readonly OpenGap[]): CheckReason[] {
  const [first] = gaps;
  const last = gaps.at(-1);
  if (first === undefined || last === undefined) {
    return [];
  }
  const missing = gaps.reduce((sum, gap) => sum + sizeOfGap(gap), 0);
  return [
    {
      code: "feed_gap",
      message: `The service no longer had ${number(missing)} changes (ids ${first.fromId} to ${last.toId}, from ${first.afterAt ?? "an unknown time"} to ${last.beforeAt ?? last.foundAt}): the copy may be incomplete.`,
      remedy: "che168-sync reconcile compares the copy with the whole catalogue and repairs it",
    },
  ];
}

function tariffReasons(expiring: TariffEnd | null): CheckReason[] {
  return expiring === null
    ? []
    : [
        {
          code: "tariffs_expired",
          message: `Import tariffs end on ${expiring.ends_on}: ${expiring.tables.join(", ")}.`,
          remedy: "Update che168-sync, or name a file with the current tariffs in customs.tariffs",
        },
      ];
}

/**
 * Evaluates the facts: the last run of each command succeeded, the data is recent and complete, no row is stuck, no record
 * is rejected, and the last feed days resemble those before. Problems that an active run will fix are not reported. Pure.
 */
export function evaluateHealth(facts: CheckFacts, limits: CheckLimits): HealthCheck {
  const { runs, newestChangeAt, lastDay, dataAsOf } = facts;
  const isLoading = runs.some(({ command, state }) => command === "initial" && state === "running");
  const commands = [...new Set(runs.map(({ command }) => command))];
  const failures = commands.flatMap((command) => {
    const last = runs.find((run) => run.command === command && run.state !== "running");
    return last === undefined ? [] : failureOf(last);
  });
  const reasons = [
    ...failures,
    ...(isLoading ? [] : staleness(facts, limits)),
    ...waiting(facts, limits, isLoading),
    ...gapReasons(facts.gaps),
    ...(isLoading
      ? []
      : [
          ...silence(facts, limits),
          ...evaluateTrends(facts.days, lastCompleteDay({ lastDay, newestChangeAt }, limits)),
        ]),
    ...tariffReasons(facts.expiringTariffs),
  ];
  return {
    ok: reasons.length === 0,
    reasons,
    dataAsOf: dataAsOf?.toISOString() ?? null,
    maxAgeSeconds: Math.round(limits.maxAgeMs / 1000),
    maxSilenceSeconds: Math.round(limits.maxSilenceMs / 1000),
  };
}
