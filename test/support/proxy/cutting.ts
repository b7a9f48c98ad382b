import { expect } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import type { CuttingProxy } from "./proxy.ts";

interface Steps {
  readonly proxy: CuttingProxy;
  /** Runs before each cut. */
  readonly prepare: () => Promise<void>;
  /** The interrupted work and the checks after it. */
  readonly work: (cut: number) => Promise<void>;
  /** Distance between tested cuts, in messages: 1 tests every message. */
  readonly step?: number | undefined;
}

/**
 * Runs `work` repeatedly: with a cut after its first message, its second, and so on, until it completes with fewer
 * messages.
 * @returns the number of cuts
 */
export async function cutEverywhere({ proxy, prepare, work, step = 1 }: Steps): Promise<number> {
  let cuts = 0;
  for (let cut = 1; ; cut += step) {
    await prepare();
    proxy.cutAfter(cut);
    await work(cut).catch((cause: unknown) => {
      throw new Error(`Cut after message ${cut}: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    });
    if (proxy.messages < cut) {
      return cuts;
    }
    cuts += 1;
  }
}

/**
 * Resolves when the server has ended connections through the proxy that are cut: it has executed what it received from
 * them, and holds no locks for them.
 *
 * @param which all connections, for a process that is dead, or those that the proxy has cut
 */
export async function untilDisconnected(
  direct: Database,
  proxy: CuttingProxy,
  which: "ports" | "cutPorts" = "ports",
): Promise<void> {
  // Another suite may have been given a port again, in its own database.
  const statement = `select from pg_stat_activity
    where client_port = any($1::int[]) and coalesce(datname, current_database()) = current_database()`;
  const connected = async () => (await direct.query(statement, [proxy[which]])).rows.length;
  await expect.poll(connected, { interval: 2 }).toBe(0);
  proxy.forgetPorts();
}

/**
 * As {@link cutEverywhere}, but without reconnecting: PostgreSQL receives nothing after the n-th message, as if the process
 * had been killed there. `next` is the next process's work, started once the server has detected the loss; `check` verifies
 * the result.
 * @returns the number of deaths
 */
export function dieEverywhere(
  { proxy, direct }: { readonly proxy: CuttingProxy /** Bypasses the proxy. */; readonly direct: Database },
  steps: {
    readonly prepare: () => Promise<void>;
    readonly dying: () => Promise<unknown>;
    readonly next: () => Promise<unknown>;
    readonly check: () => Promise<void>;
    readonly step?: number;
  },
): Promise<number> {
  return cutEverywhere({
    proxy,
    prepare: steps.prepare,
    step: steps.step,
    work: async (cut) => {
      for (let tries = 1; ; tries += 1) {
        proxy.shutAtCut();
        const failure = await steps.dying().then(
          () => undefined,
          (error: unknown) => error,
        );
        const died = proxy.messages >= cut;
        // Also where it ended without a cut.
        proxy.shut();
        proxy.open();
        await untilDisconnected(direct, proxy);
        if (died || failure === undefined) {
          break;
        }
        // It was stopped by a leftover connection of the previous death, before its own cut.
        if (tries === 10) {
          throw failure;
        }
        await steps.prepare();
        proxy.cutAfter(cut);
      }
      await steps.next();
      await steps.check();
    },
  });
}
