import { exitCodeOfSignal } from "./exit.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const satisfies readonly NodeJS.Signals[];

/** Limit for a clean stop. A forced one loses nothing: rows and position are committed together. */
const STOP_TIMEOUT_MS = 1_800;

/** Why work was aborted; the message is logged and stored in `operations_log`. */
export class StopRequest extends Error {
  readonly code = "STOPPED";
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.name = "AbortError";
    this.signal = signal;
  }
}

/** A progress bar hides the cursor; a forced exit must show it again. */
function restoreTerminal(): void {
  if (process.stderr.isTTY) {
    process.stderr.write("\u001b[?25h\n");
  }
}

/**
 * The first SIGINT or SIGTERM requests a clean stop, limited to 1.8 s. The second terminates the process by that same
 * signal, so that the sender sees its effect.
 *
 * @param warn logs a line
 */
export function watchSignals(warn: (line: string) => void): {
  readonly signal: AbortSignal;
  readonly stopped: () => NodeJS.Signals | undefined;
  /** Leaves further signals to Node.js; a forced exit that is due still happens. */
  readonly unwatch: () => void;
} {
  const controller = new AbortController();
  let first: NodeJS.Signals | undefined;
  const unwatch = () => {
    for (const signal of STOP_SIGNALS) {
      process.removeListener(signal, onSignal);
    }
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined) {
      unwatch();
      restoreTerminal();
      process.kill(process.pid, signal);
      return;
    }
    first = signal;
    warn(`${signal}: stopping (${signal === "SIGINT" ? "press again" : "send it again"} to force)`);
    setTimeout(() => {
      warn(`The clean stop took longer than ${STOP_TIMEOUT_MS / 1000} s; forced`);
      restoreTerminal();
      process.exit(exitCodeOfSignal(signal));
    }, STOP_TIMEOUT_MS).unref();
    controller.abort(new StopRequest(signal));
  };
  for (const signal of STOP_SIGNALS) {
    process.on(signal, onSignal);
  }
  return { signal: controller.signal, stopped: () => first, unwatch };
}

/** Resolves when a stop is requested, and keeps the process alive until then. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      // A pending promise does not keep the process alive; a timer does.
      const keepAlive = setInterval(() => {}, 2 ** 30);
      const finish = () => {
        clearInterval(keepAlive);
        resolve();
      };
      signal.addEventListener("abort", finish, { once: true });
    }
  });
}
