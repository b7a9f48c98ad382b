import { onTestFinished } from "vitest";
import {
  type Sandbox,
  type SandboxChange,
  type SandboxOptions,
  type SandboxSource,
  startSandbox,
} from "../../../src/sandbox/index.ts";
import { type Client, type ClientOptions, createClient } from "../../../src/upstream/index.ts";
import { dayOf } from "../../../src/util/days.ts";

/** The current day of the feed, whose days end at midnight in Moscow (21:00 UTC). */
export const feedToday = (): string => dayOf(new Date(), "Europe/Moscow");

/** Starts a sandbox with scripted data; closed when the test ends. */
export async function serve(
  source: Partial<SandboxSource> = {},
  options: Omit<SandboxOptions, "source"> = {},
): Promise<Sandbox> {
  const sandbox = await startSandbox({ source: { offers: [], changes: [], ...source }, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A client without intervals and retries. */
export function clientOf(sandbox: Sandbox, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    baseUrl: sandbox.baseUrl,
    apiKey: "key",
    offersIntervalMs: 0,
    changesIntervalMs: 0,
    offerIntervalMs: 0,
    retry: { attempts: 1, intervalMs: 0 },
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

/** A record of the catalogue; `fields` replace or extend its own. */
export function offer(number: number, fields: Readonly<Record<string, unknown>> = {}) {
  return {
    id: number,
    inner_id: `listing-${number}`,
    change_type: "added",
    created_at: "2025-04-29T05:15:22.34Z",
    data: { inner_id: `listing-${number}`, mark: "Kia", model: "K2", price: 1000 + number },
    ...fields,
  };
}

/** The records 1 to `count` of a catalogue. */
export const offers = (count: number) => Array.from({ length: count }, (_, index) => offer(index + 1));

/** A change of the feed in the sandbox's format. */
export function change(
  id: number,
  type: "added" | "changed" | "removed",
  innerId: string,
  data?: unknown,
  { date = "2025-06-15", at = "2025-06-15T09:00:00Z" }: { date?: string; at?: string } = {},
): SandboxChange {
  const record = { id, inner_id: innerId, change_type: type, created_at: at };
  return { id, date, record: data === undefined ? record : { ...record, data } };
}

/** The requested pages of the catalogue, in order. */
export const pagesAsked = (sandbox: Sandbox): number[] =>
  sandbox.requests.filter(({ path }) => path === "/offers").map(({ query }) => Number(query.page));

/** The requests to the feed and for listings, in order: `changes 5`, `day 2025-06-15`, `offer listing-1`. */
export const feedAsked = (sandbox: Sandbox): string[] =>
  sandbox.requests.flatMap(({ path, query }) => {
    if (path === "/changes") {
      return [`changes ${query.change_id}`];
    }
    if (path === "/change_id") {
      return [`day ${query.date}`];
    }
    return path === "/offer" ? [`offer ${query.inner_id}`] : [];
  });
