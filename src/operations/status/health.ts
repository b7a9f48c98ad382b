import type { Database, LockHolder, OperationType } from "../../database/index.ts";
import { type CommandRun, readCounts, readFreshness, readRunsByCommand } from "./facts.ts";

/** Why a monitor should raise an alarm. */
export interface CheckReason {
  readonly code: "failed" | "stale" | "stuck" | "rejected" | "feed_restarted";
  readonly message: string;
}

/** Result of `status --check`. */
export interface HealthCheck {
  readonly ok: boolean;
  readonly reasons: readonly CheckReason[];
  /** Every change before this time is stored; ISO 8601 in UTC, null when unknown. */
  readonly dataAsOf: string | null;
  readonly maxAgeSeconds: number;
}

/** A run, as far as the check needs it. */
export type CheckedRun = Pick<CommandRun, "command" | "state" | "startedAt" | "problem" | "code">;

/** Input of {@link evaluateHealth}. */
export interface CheckFacts {
  /** The last two runs of each command, newest first. */
  readonly runs: readonly CheckedRun[];
  readonly running: readonly LockHolder[];
  readonly hasData: boolean;
  readonly dataAsOf: Date | null;
  /** Rows that have waited longer than `maxAgeMs` for normalisation, or for the rest of their listing. */
  readonly unprocessed: number;
  readonly pending: number;
  /** Rejected records that are not dismissed. */
  readonly rejected: number;
}

/** A day, and two hours for the run itself. */
export const DEFAULT_MAX_AGE_MS = 26 * 3_600_000;

const hours = (ms: number) => `${Math.floor(ms / 360_000) / 10} h`;

/** The failure of a command's last finished run. */
function failureOf(run: CheckedRun): CheckReason[] {
  if (run.state === "interrupted") {
    return [
      { code: "failed", message: `The last run of ${run.command} (${run.startedAt}) was interrupted.` },
    ];
  }
  if (run.state === "error") {
    return [
      {
        code: run.code === "FEED_RESTARTED" ? "feed_restarted" : "failed",
        message: `The last run of ${run.command} (${run.startedAt}) ended with an error: ${run.problem ?? "see the log"}`,
      },
    ];
  }
  return [];
}

/**
 * Evaluates the facts: the last run of each command succeeded, the data is recent, no row is stuck, no record is
 * rejected. Problems that an active run will fix are not reported. Pure.
 */
export function evaluateHealth(
  facts: CheckFacts,
  { maxAgeMs, now }: { readonly maxAgeMs: number; readonly now: Date },
): HealthCheck {
  const reasons: CheckReason[] = [];
  const isHeld = (type: OperationType) => facts.running.some(({ kind }) => kind === type);
  const isLoading = facts.runs.some(({ command, state }) => command === "initial" && state === "running");

  for (const command of new Set(facts.runs.map((run) => run.command))) {
    const last = facts.runs.find((run) => run.command === command && run.state !== "running");
    reasons.push(...(last ? failureOf(last) : []));
  }
  const age = facts.dataAsOf === null ? null : now.getTime() - facts.dataAsOf.getTime();
  if (!facts.hasData && !isLoading) {
    reasons.push({ code: "stale", message: "Nothing has been loaded." });
  } else if (!isLoading && (age === null || age > maxAgeMs)) {
    const since =
      age === null ? "no run of daily has succeeded yet" : `it is as of ${facts.dataAsOf?.toISOString()}`;
    reasons.push({ code: "stale", message: `The data is older than ${hours(maxAgeMs)}: ${since}.` });
  }
  if (facts.unprocessed > 0 && !isHeld("normalization") && !isLoading) {
    reasons.push({
      code: "stuck",
      message: `${facts.unprocessed} rows have waited longer than ${hours(maxAgeMs)} for normalisation.`,
    });
  }
  if (facts.pending > 0 && !isHeld("data_fetch")) {
    reasons.push({
      code: "stuck",
      message: `${facts.pending} listings have waited longer than ${hours(maxAgeMs)} for the rest of their data.`,
    });
  }
  if (facts.rejected > 0) {
    reasons.push({
      code: "rejected",
      message: `${facts.rejected} records could not be stored; che168-sync rejected list shows them.`,
    });
  }
  return {
    ok: reasons.length === 0,
    reasons,
    dataAsOf: facts.dataAsOf?.toISOString() ?? null,
    maxAgeSeconds: Math.round(maxAgeMs / 1000),
  };
}

/** Reads the facts and evaluates them. */
export async function readCheck(options: {
  readonly database: Database;
  /** @default 26 hours */
  readonly maxAgeMs?: number | undefined;
  /** @default now */
  readonly now?: Date | undefined;
}): Promise<HealthCheck> {
  const { database, maxAgeMs = DEFAULT_MAX_AGE_MS, now = new Date() } = options;
  const running = await database.lockHolders();
  const runs = await readRunsByCommand(database, running);
  const freshness = await readFreshness(database, new Date(now.getTime() - maxAgeMs));
  const { rejected } = await readCounts(database);
  return evaluateHealth({ ...freshness, runs, running, rejected }, { maxAgeMs, now });
}
