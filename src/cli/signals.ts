import { exitCodeOfSignal } from "./exit.ts";

const STOPPING = ["SIGINT", "SIGTERM"] as const satisfies readonly NodeJS.Signals[];

/** A clean stop that takes longer than this hangs; what is stored is safe without it. */
const STOP_LIMIT_MS = 5_000;

/** Why work was aborted: its message goes into the log and into `operations_log`. */
export class StopRequest extends Error {
  readonly code = "STOPPED";
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.name = "AbortError";
    this.signal = signal;
  }
}

/** A progress bar hides the cursor and cuts long lines; who ends at once gives both back. */
function restoreTerminal(): void {
  if (process.stderr.isTTY) {
    process.stderr.write("\u001b[?25h\u001b[?7h\n");
  }
}

/**
 * The first SIGINT or SIGTERM asks for a clean stop; the second ends the process at once, by that very signal, so that
 * whoever sent it sees that it worked.
 *
 * @param tell is given a line for people
 */
export function watchSignals(tell: (line: string) => void): {
  readonly signal: AbortSignal;
  readonly stopped: () => NodeJS.Signals | undefined;
} {
  const controller = new AbortController();
  let first: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined) {
      for (const one of STOPPING) {
        process.removeListener(one, onSignal);
      }
      restoreTerminal();
      process.kill(process.pid, signal);
      return;
    }
    first = signal;
    tell(`${signal}: stopping; once more ends at once`);
    setTimeout(() => {
      tell(`The clean stop took longer than ${STOP_LIMIT_MS / 1000} s; ending without it`);
      restoreTerminal();
      process.exit(exitCodeOfSignal(signal));
    }, STOP_LIMIT_MS).unref();
    controller.abort(new StopRequest(signal));
  };
  for (const signal of STOPPING) {
    process.on(signal, onSignal);
  }
  return { signal: controller.signal, stopped: () => first };
}

/** Resolves when a stop is asked for: what a server waits for. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      // A promise alone keeps no process up.
      const alive = setInterval(() => {}, 2 ** 30);
      const end = () => {
        clearInterval(alive);
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
    }
  });
}
