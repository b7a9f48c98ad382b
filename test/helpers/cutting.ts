import type { Database } from "../../src/database/types.ts";
import { expect } from "vitest";
import type { CuttingProxy } from "./proxy.ts";

interface Steps {
  readonly proxy: CuttingProxy;
  /** Runs before each cut. */
  readonly prepare: () => Promise<void>;
  /** What is cut, and what must be so afterwards. */
  readonly work: (cut: number) => Promise<void>;
}

/**
 * Runs `work` again and again: with a cut after its first message, after its second, and so on until it takes fewer
 * messages than that.
 * @returns how many cuts there were
 */
export async function cutEverywhere({ proxy, prepare, work }: Steps): Promise<number> {
  for (let cut = 1; ; cut += 1) {
    await prepare();
    proxy.cutAfter(cut);
    await work(cut).catch((cause: unknown) => {
      throw new Error(`Cut after message ${cut}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    });
    if (proxy.messages < cut) {
      return cut - 1;
    }
  }
}

/** A database by two ways. */
interface Ways {
  readonly proxy: CuttingProxy;
  /** Not by the proxy: what the next process has. */
  readonly direct: Database;
}

/**
 * As {@link cutEverywhere}, but what is cut never comes back: from the n-th message on PostgreSQL hears nothing of it, as
 * when the process is killed there. `next` is what the next process does, when the server has noticed, and `check` looks
 * at what is left.
 * @returns how many deaths there were
 */
export function dieEverywhere(
  { proxy, direct }: Ways,
  steps: {
    readonly prepare: () => Promise<void>;
    readonly dying: () => Promise<unknown>;
    readonly next: () => Promise<unknown>;
    readonly check: (died: boolean) => Promise<void>;
  },
): Promise<number> {
  return cutEverywhere({
    proxy,
    prepare: steps.prepare,
    work: async (cut) => {
      proxy.shutAtCut();
      await steps.dying().catch(() => {});
      const died = proxy.messages >= cut;
      proxy.open();
      await expect.poll(() => direct.lockHolders(), { timeout: 10_000, interval: 2 }).toEqual([]);
      await steps.next();
      await steps.check(died);
    },
  });
}
