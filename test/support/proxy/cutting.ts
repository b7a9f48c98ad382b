import { expect } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import type { CuttingProxy } from "./proxy.ts";

interface Steps {
  readonly proxy: CuttingProxy;
  /** Runs before each cut. */
  readonly prepare: () => Promise<void>;
  /** What is cut, and what must be so afterwards. */
  readonly work: (cut: number) => Promise<void>;
  /** From one cut to the next: 1 is every message. */
  readonly step?: number | undefined;
}

/**
 * Runs `work` again and again: with a cut after its first message, after its second, and so on until it takes fewer
 * messages than that.
 * @returns how many cuts there were
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

/** Resolves when nobody but this connection is at work in the database: the server has noticed every death. */
async function untilQuiet(direct: Database): Promise<void> {
  const busy = async () => {
    const { rows } = await direct.query(
      `select 1 from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
    );
    return rows.length + (await direct.lockHolders()).length;
  };
  await expect.poll(busy, { timeout: 20_000, interval: 2 }).toBe(0);
}

/**
 * As {@link cutEverywhere}, but what is cut never comes back: from the n-th message on PostgreSQL hears nothing of it, as
 * when the process is killed there. `next` is what the next process does, when the server has noticed, and `check` looks
 * at what is left.
 * @returns how many deaths there were
 */
export function dieEverywhere(
  { proxy, direct }: { readonly proxy: CuttingProxy /** Not by the proxy. */; readonly direct: Database },
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
        proxy.open();
        await untilQuiet(direct);
        if (died || failure === undefined) {
          break;
        }
        // It met a connection of the death before, and not its own yet.
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
