import { readFileSync } from "node:fs";
import { type LoadResult, load } from "./load.ts";

// Requests of a catalogue site besides lists and listings: facets, suggestions, an export; and two tokens in parallel.

/** The API in a process of its own. */
export interface MeasuredApi {
  readonly port: number;
  readonly pid: number;
  /** Tokens of two clients. */
  readonly tokens: readonly [plain: string, hostile: string];
}

const SECONDS = 4;
const RUNS = 3;
const PLAIN_CONNECTIONS = 2;
const HOSTILE_CONNECTIONS = 32;
/** The 99th percentile beside a hostile client is at most this multiple of the one without it, or this many milliseconds. */
const MAX_RATIO = 3;
const MAX_MS = 60;

const median = (list: readonly number[]) =>
  list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)] ?? Number.NaN;
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** Requests that differ: nothing is cached. */
function unique(token: string, ...paths: readonly ((index: number) => string)[]) {
  let index = Math.floor(performance.now()) % 1_000_000;
  return () => {
    index += 1;
    const path = paths[index % paths.length]?.(index) ?? "/";
    return { path, headers: `X-API-Key: ${token}\r\n` };
  };
}

/** Pages that take PostgreSQL tens to hundreds of milliseconds. */
const EXPENSIVE = [
  (index: number) => `/offers?q=a&count=true&sort=price&km_age_to=${2_000_000_000 - index}`,
  (index: number) => `/offers?page=500&sort=-km_age&price_to=${2_000_000_000 - index}`,
  (index: number) => `/offers?q=a&sort=year&page=100&price_to=${1_000_000_000 + index}`,
];
const PLAIN = (index: number) => `/offers?km_age_to=${2_000_000_000 - index}`;

const answered = ({ statuses }: LoadResult) =>
  [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");

/** Prints a row of latencies per path. */
async function measurePaths({ port, tokens }: MeasuredApi, say: (line: string) => void): Promise<void> {
  const paths: [string, (index: number) => string][] = [
    ["/filters, everything", () => "/filters"],
    ["/filters of a selection, uncached", (index) => `/filters?mark=Acura&price_to=${100_000_000 + index}`],
    ["/market of a selection, uncached", (index) => `/market?mark=Acura&price_to=${100_000_000 + index}`],
    ["/offers with count=true, uncached", (index) => `/offers?count=true&price_to=${100_000_000 + index}`],
    ["/suggest, two letters", (index) => `/suggest?q=${"abcdeghlm"[index % 9]}${"aeiou"[index % 5]}`],
  ];
  const begun = performance.now();
  const first = await fetch(`http://127.0.0.1:${port}/filters`, { headers: { "x-api-key": tokens[0] } });
  await first.text();
  say(`     the first /filters, which reads the column store: ${ms(performance.now() - begun)}`);
  for (const [title, path] of paths) {
    const next = unique(tokens[0], path);
    const result = await load({ port, connections: 4, seconds: 2, next });
    say(
      `     ${title}: ${result.perSecond.toFixed(0)} requests/s, p50 ${ms(result.p50)}, p99 ${ms(result.p99)}; ${answered(result)}`,
    );
  }
}

/** Largest memory of a process so far, in MB. */
const peakMb = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) / 1_024;

async function measureExport({ port, pid, tokens }: MeasuredApi, say: (line: string) => void): Promise<void> {
  for (const format of ["csv", "ndjson"]) {
    for (const coding of ["identity", "gzip"]) {
      const before = peakMb(pid);
      const begun = performance.now();
      const response = await fetch(`http://127.0.0.1:${port}/export?format=${format}`, {
        headers: { "x-api-key": tokens[0], "accept-encoding": coding },
      });
      let lines = 0;
      for await (const piece of response.body ?? []) {
        for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) {
          lines += 1;
        }
      }
      const seconds = (performance.now() - begun) / 1_000;
      say(
        `     export as ${format}, ${coding}: ${lines} lines, ${(lines / seconds).toFixed(0)}/s; peak memory ${before.toFixed(0)} MB before, ${peakMb(pid).toFixed(0)} MB after`,
      );
    }
  }
}

/** The 99th percentile of a plain client alone, and beside one that requests expensive pages without a pause. */
async function measureFairness({ port, tokens }: MeasuredApi, say: (line: string) => void): Promise<void> {
  const plain = () =>
    load({ port, connections: PLAIN_CONNECTIONS, seconds: SECONDS, next: unique(tokens[0], PLAIN) });
  const runs: { alone: LoadResult; beside: LoadResult; hostile: LoadResult }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const alone = await plain();
    const noise = load({
      port,
      connections: HOSTILE_CONNECTIONS,
      seconds: SECONDS + 1,
      next: unique(tokens[1], ...EXPENSIVE),
    });
    const beside = await plain();
    runs.push({ alone, beside, hostile: await noise });
  }
  const of = (pick: (run: (typeof runs)[number]) => number) => median(runs.map(pick));
  const [alone, beside] = [of((run) => run.alone.p99), of((run) => run.beside.p99)];
  const most = Math.max(MAX_RATIO * alone, MAX_MS);
  const [first] = runs;
  say(
    `${beside <= most ? "ok  " : "MORE"} p99 of a plain client beside a hostile one: ${ms(beside)} of ${ms(alone)} alone, at most ${ms(most)}; ` +
      `p50 ${ms(of((run) => run.beside.p50))} of ${ms(of((run) => run.alone.p50))}; hostile p50 ${ms(of((run) => run.hostile.p50))}` +
      (first === undefined ? "" : `; ${answered(first.beside)} and ${answered(first.hostile)}`),
  );
}

/** The parts, by name; each takes the API on a database of listings. */
export const SITE_PARTS = { paths: measurePaths, export: measureExport, fairness: measureFairness };
