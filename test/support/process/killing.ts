import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Logger } from "../../../src/logging/types.ts";
import { silentLogger } from "../../../src/logging/types.ts";
import type { WorkOrder } from "./work-process.ts";

const SCRIPT = fileURLToPath(new URL("./work-process.ts", import.meta.url));

/** Events of a running process: request received, response sent, page stored. */
export type Moment = "requested" | "responded" | "stored";

export interface Killer {
  /** For the sandbox, which logs each request at debug level before it responds. */
  readonly logger: Logger;
  /**
   * Starts a process and kills it (SIGKILL) at the `count`-th event of the kind; without `kill` it runs to its end.
   * @returns its result, or undefined when it was killed
   * @throws Error with its output when it fails, or ends before the event
   */
  run(
    order: WorkOrder,
    kill?: { moment: Moment; count: number },
  ): Promise<Record<string, unknown> | undefined>;
}

/** Runs processes in turn and kills each at an event. */
export function createKiller(): Killer {
  let told: (moment: Moment) => void = () => {};
  return {
    logger: {
      ...silentLogger,
      debug: () => {
        told("requested");
        setImmediate(() => told("responded"));
      },
    },
    run: (order, kill) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [SCRIPT, JSON.stringify(order)], {
          stdio: ["ignore", "pipe", "pipe"],
        });
        onTestFinished(() => {
          child.kill("SIGKILL");
        });
        let left = kill?.count ?? Number.POSITIVE_INFINITY;
        told = (moment) => {
          left -= moment === kill?.moment ? 1 : 0;
          if (left === 0) {
            child.kill("SIGKILL");
          }
        };
        let last = "";
        let errors = "";
        createInterface(child.stdout).on("line", (line) => {
          last = line;
          told("stored");
        });
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          errors += text;
        });
        child.once("error", reject);
        child.once("close", (code, signal) => {
          told = () => {};
          if (signal === "SIGKILL" && kill) {
            resolve(undefined);
          } else if (code === 0 && !kill) {
            resolve(JSON.parse(last));
          } else {
            reject(
              new Error(`The process ended with ${code ?? signal}, at ${JSON.stringify(kill)}:\n${errors}`),
            );
          }
        });
      }),
  };
}
