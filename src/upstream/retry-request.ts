import { UpstreamError } from "../errors.ts";
import { sleep } from "../util/abort.ts";

/** A wait before the next attempt of a request. */
export interface RetryWait {
  /** The request: "page 17 of the catalogue", "changes from 892145". */
  readonly what: string;
  /** The failed attempt, counted from 1. */
  readonly attempt: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Why the attempt failed, in one line, without the key. */
  readonly reason: string;
  readonly waitMs: number;
  readonly nextAt: Date;
}

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly intervalMs: number;
}

/** Maximum wait for `Retry-After`. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Runs `work` until it succeeds, fails with anything but a retryable `UpstreamError`, or has failed in all attempts. The
 * wait between two attempts is the service's `Retry-After` (an hour at most), else `intervalMs`.
 * @throws the last error, with the number of attempts; `signal.reason` when the signal aborts
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  options: {
    readonly what: string;
    /** The policy depends on the failure. */
    readonly policyFor: (error: UpstreamError) => RetryPolicy;
    readonly signal?: AbortSignal | undefined;
    /** Called before each wait. */
    readonly onWait: (wait: RetryWait) => void;
  },
): Promise<T> {
  const { what, policyFor, signal, onWait } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UpstreamError) || !error.retryable) {
        throw error;
      }
      const policy = policyFor(error);
      const { attempts } = policy;
      if (attempt >= attempts) {
        throw attempt === 1 ? error : withAttempts(error, attempt);
      }
      const { waitMs, note } = planWait(error, policy);
      const reason = `${error.details.reason ?? error.message}${note}`;
      onWait({ what, attempt, attempts, reason, waitMs, nextAt: new Date(Date.now() + waitMs) });
      await sleep(waitMs, signal);
    }
  }
}

function planWait(error: UpstreamError, policy: RetryPolicy): { waitMs: number; note: string } {
  const { retryAfterMs } = error;
  if (retryAfterMs === undefined) {
    return { waitMs: policy.intervalMs, note: "" };
  }
  const waitMs = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  const note = `; Retry-After is ${formatDuration(retryAfterMs)}`;
  return { waitMs, note: retryAfterMs > waitMs ? `${note}, the maximum ${formatDuration(waitMs)}` : note };
}

function withAttempts(error: UpstreamError, attempts: number): UpstreamError {
  const { code, cause, status, retryAfterMs } = error;
  const details = { ...error.details, attempts };
  const message = `${error.message} (after ${attempts} attempts)`;
  return new UpstreamError(code, message, { cause, status, retryAfterMs, details, retryable: true });
}

/** The log line of a failed attempt. */
export function describeWait({ what, attempt, attempts, reason, waitMs, nextAt }: RetryWait): string {
  const next = `next in ${formatDuration(waitMs)}, at ${nextAt.toISOString().slice(0, 19)}Z`;
  return `Attempt ${attempt} of ${attempts} to get ${what} failed: ${reason}; ${next}`;
}

/** "350 ms", "2 s", "12 min", "3 h", "4 days". */
export function formatDuration(ms: number): string {
  const units = [
    [86_400_000, "days", 2],
    [3_600_000, "h", 2],
    [60_000, "min", 2],
    [1000, "s", 1],
  ] as const;
  for (const [size, name, minimum] of units) {
    if (ms >= size * minimum) {
      return `${Math.round(ms / size)} ${name}`;
    }
  }
  return `${Math.round(ms)} ms`;
}
