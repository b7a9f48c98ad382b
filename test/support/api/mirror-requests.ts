import type { Database } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { clientOf, serve } from "../sandbox/service.ts";

export const NOW = () => new Date("2025-06-15T12:00:00Z");

/** Loads a sandbox's catalogue; `update` reads its changes. */
export const load = async (database: Database, source: Parameters<typeof serve>[0]) => {
  const sandbox = await serve(source);
  const client = clientOf(sandbox);
  await createLoader({ database, client, now: NOW }).run();
  return { sandbox, client, update: () => createUpdater({ database, client, now: NOW }).run() };
};

/** A page of the mirror. */
export interface Page {
  readonly result: readonly {
    readonly id: number;
    readonly inner_id: string;
    readonly change_type: string;
    readonly data: Record<string, unknown>;
  }[];
  readonly meta: Record<string, unknown>;
}

/** The status and the parsed body of a response. */
export const json = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as unknown };
};
