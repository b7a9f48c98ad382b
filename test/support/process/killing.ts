import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import type { DatabaseOptions } from "../../../src/database/index.ts";
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

/** Resolves when the server has released the locks of a killed process. Its last statement may still be running. */
async function untilUnlocked({ url }: DatabaseOptions): Promise<void> {
  if (url === undefined) {
    return;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  const locked = async () => {
    const { rows } = await client.query(
      `select from pg_locks where locktype = 'advisory'
          and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.length;
  };
  await expect.poll(locked, { interval: 5 }).toBe(0);
  await client.end();
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
    run: async (order, kill) => {
      const result = await new Promise<Record<string, unknown> | undefined>((resolve, reject) => {
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
      });
      await untilUnlocked(order.database);
      return result;
    },
  };
}
