import { UpstreamError } from "../errors.ts";
import { sleep } from "../util/abort.ts";

/** A wait before something is tried again. */
export interface RetryWait {
  /** What is being asked for: "page 17 of the catalogue", "changes from 892145". */
  readonly what: string;
  /** The attempt that has failed, counted from 1. */
  readonly attempt: number;
  /** The attempts that will be made at most: the first and all retries. */
  readonly attempts: number;
  /** What came instead of an answer, in one line, without the key. */
  readonly reason: string;
  readonly waitMs: number;
  readonly nextAt: Date;
}

export interface RetryPolicy {
  /** How often something is tried again after the first attempt; 0: never. */
  readonly attempts: number;
  readonly intervalMs: number;
}

/** However long `Retry-After` asks to wait, we look again after an hour. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Runs `work` until it succeeds, fails in a way that another attempt cannot mend (anything but an `UpstreamError`
 * with `retryable`), or has failed `1 + attempts` times. Between attempts it waits what the service asked for
 * (`Retry-After`, an hour at most), else `intervalMs`.
 * @param report is told of each failed attempt that another one follows, before the wait begins.
 * @throws the last error, which then says how many attempts were made; `signal.reason` at once when aborted.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  options: {
    readonly what: string;
    /** Of each failure, because some deserve less patience than others. */
    readonly policyFor: (error: UpstreamError) => RetryPolicy;
    readonly signal?: AbortSignal;
    readonly report: (wait: RetryWait) => void;
  },
): Promise<T> {
  const { what, policyFor, signal, report } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UpstreamError) || !error.retryable) {
        throw error;
      }
      const policy = policyFor(error);
      const attempts = policy.attempts + 1;
      if (attempt >= attempts) {
        throw attempt === 1 ? error : afterAttempts(error, attempt);
      }
      const { waitMs, note } = planWait(error, policy);
      const reason = `${error.details.reason ?? error.message}${note}`;
      report({ what, attempt, attempts, reason, waitMs, nextAt: new Date(Date.now() + waitMs) });
      await sleep(waitMs, signal);
    }
  }
}

function planWait(error: UpstreamError, policy: RetryPolicy): { waitMs: number; note: string } {
  const asked = error.retryAfterMs;
  if (asked === undefined) {
    return { waitMs: policy.intervalMs, note: "" };
  }
  const waitMs = Math.min(asked, MAX_RETRY_AFTER_MS);
  const note = `; it asks to wait ${formatWait(asked)}`;
  return { waitMs, note: asked > waitMs ? `${note}, we wait ${formatWait(waitMs)} at most` : note };
}

function afterAttempts(error: UpstreamError, attempts: number): UpstreamError {
  const last = new UpstreamError(
    error.code as ConstructorParameters<typeof UpstreamError>[0],
    `${error.message} (after ${attempts} attempts)`,
    {
      cause: error.cause,
      retryable: true,
      ...(error.status === undefined ? {} : { status: error.status }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      details: { ...error.details, attempts },
    },
  );
  return last;
}

/** The line that a log gets of a failed attempt. */
export function tellWait({ what, attempt, attempts, reason, waitMs, nextAt }: RetryWait): string {
  const next = `next in ${formatWait(waitMs)}, at ${nextAt.toISOString().slice(0, 19)}Z`;
  return `Attempt ${attempt} of ${attempts} to get ${what} failed: ${reason}; ${next}`;
}

/** A duration for people: "350 ms", "2 s", "12 min", "3 h", "4 days". */
export function formatWait(ms: number): string {
  const units = [
    [86_400_000, "days", 2],
    [3_600_000, "h", 2],
    [60_000, "min", 2],
    [1000, "s", 1],
  ] as const;
  for (const [size, name, from] of units) {
    if (ms >= size * from) {
      return `${Math.round(ms / size)} ${name}`;
    }
  }
  return `${Math.round(ms)} ms`;
}
