import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";

/** Noon in Moscow on a Sunday: the default start of tests. */
export const NOON = new Date("2025-06-15T09:00:00Z");

/** A record as the service sends it. */
export interface SentRecord {
  id: number;
  inner_id: string;
  change_type: string;
  created_at: string;
  // biome-ignore lint/suspicious/noExplicitAny: the service sends many shapes, and tests read them
  data: any;
}

/** Starts a sandbox that is closed when the test ends. Its clock is fixed at NOON by default. */
export async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const started = await startSandbox({ now: () => NOON, ...options });
  onTestFinished(() => started.close());
  return started;
}

/** Sends a request to a path below the base URL, with a key. */
export function ask(to: Sandbox, path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${to.baseUrl}${path}${path.includes("?") ? "&" : "?"}api_key=key`, init);
}

// biome-ignore lint/suspicious/noExplicitAny: see SentRecord
export async function get(to: Sandbox, path: string): Promise<any> {
  const answer = await ask(to, path);
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
  return answer.json();
}

/** All records of `/offers`, read page by page. */
export async function catalogue(of: Sandbox, filters = ""): Promise<SentRecord[]> {
  const records: SentRecord[] = [];
  for (let page: number | null = 1; page !== null; ) {
    const answer: { result: SentRecord[]; meta: { next_page: number | null } } = await get(
      of,
      `/offers?page=${page}${filters}`,
    );
    records.push(...answer.result);
    page = answer.meta.next_page;
  }
  return records;
}

/** All changes from an id on. */
export async function feed(of: Sandbox, from: number): Promise<SentRecord[]> {
  const records: SentRecord[] = [];
  for (let id: number | null = from; id !== null; ) {
    const answer: { result: SentRecord[]; meta: { next_change_id: number | null } } = await get(
      of,
      `/changes?change_id=${id}`,
    );
    records.push(...answer.result);
    id = answer.meta.next_change_id;
  }
  return records;
}

/** The data of a copy by inner_id. */
export type Copies = Map<string, { data: Record<string, unknown>; active: boolean }>;

/** Creates a copy from the catalogue. */
export async function load(from: Sandbox): Promise<Copies> {
  return new Map((await catalogue(from)).map(({ inner_id, data }) => [inner_id, { data, active: true }]));
}

/** Applies changes to a copy, by a minimal form of the data rules. */
export function follow(copy: Copies, changes: readonly SentRecord[]) {
  for (const { inner_id, change_type, data } of changes) {
    const known = copy.get(inner_id);
    if (change_type === "added") {
      copy.set(inner_id, { data, active: true });
    }
    if (change_type === "removed") {
      copy.set(inner_id, { data: known?.data ?? {}, active: false });
    }
    if (change_type === "changed") {
      const fields = Object.entries(data).map(([key, value]) => [key.replace("new_", ""), value]);
      copy.set(inner_id, {
        data: { ...known?.data, ...Object.fromEntries(fields) },
        active: known?.active ?? true,
      });
    }
  }
  return copy;
}
