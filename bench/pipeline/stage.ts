import { fork, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { createDatabase } from "../../src/database/index.ts";
import { startPostgres } from "../../tools/postgres.ts";
import type { UpstreamOptions } from "./upstream.ts";
import type { WorkerOrder } from "./worker.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const BUILT = path("../../bin/che168-sync.mjs");
const SOURCE = path("../../scripts/cli.ts");

/** Resource usage of a process at its exit. */
export interface Usage {
  /** CPU time. */
  readonly cpuMs: number;
  /** Peak memory. */
  readonly rssMb: number;
  /** Memory over time, with `sampleMs`. */
  readonly samples: readonly MemorySample[];
}

/** Memory of a process. */
export interface MemorySample {
  /** Since its start. */
  readonly seconds: number;
  readonly rssMb: number;
  /** Used JavaScript heap. */
  readonly heapMb: number;
  /** Buffers outside it. */
  readonly buffersMb: number;
}

/** Cost of a command, without starting and connecting. */
export interface Measured extends Usage {
  readonly ms: number;
  readonly result: Readonly<Record<string, unknown>>;
}

/** A PostgreSQL server that syncs to disk, the built command line, and the reference implementations. */
export interface Stage {
  /** Of the database. */
  readonly url: string;
  /** Working directory of the commands. */
  readonly cwd: string;
  query(statement: string): Promise<Record<string, unknown>[]>;
  /** Empties the tables and waits until the server has written everything. */
  clear(): Promise<void>;
  /** Runs a command with `--json`. */
  command(args: readonly string[], baseUrl: string): Promise<Measured>;
  /** Milliseconds of a reference implementation. */
  worker(order: Omit<WorkerOrder, "database">): Promise<number>;
  close(): Promise<void>;
}

/** The first message of a process; rejects when it exits without one. */
function firstMessage<T>(file: string, argument: object): { message: Promise<T>; kill: () => void } {
  const child = fork(path(file), [JSON.stringify(argument)]);
  const message = new Promise<T>((resolve, reject) => {
    child.once("message", (value) => resolve(value as T));
    child.once("exit", (code) => reject(new Error(`${file} exited with ${code}`)));
  });
  return { message, kill: () => void child.kill() };
}

/** Starts the upstream of a benchmark. */
export async function startUpstream(
  options: UpstreamOptions,
): Promise<{ baseUrl: string; stop: () => void }> {
  const { message, kill } = firstMessage<string>("./upstream.ts", options);
  return { baseUrl: await message, stop: kill };
}

/** The given server, where the database `che168_bench` is recreated, or else the one from npm. */
async function serverOf(url: string | undefined): Promise<{ url: string; stop: () => Promise<void> }> {
  if (url === undefined) {
    const server = await startPostgres({ fsync: "on", max_wal_size: "8GB", checkpoint_timeout: "30min" });
    return { url: server.url("bench"), stop: server.destroy };
  }
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query("drop database if exists che168_bench with (force)");
  await admin.query("create database che168_bench");
  await admin.end();
  const own = new URL(url);
  own.pathname = "/che168_bench";
  return { url: own.href, stop: async () => {} };
}

/**
 * @param options.server URL of a server, instead of the one from npm, which lacks lz4
 * @param options.source runs the command line from its sources instead of the build
 * @param options.sampleMs interval of the memory samples of commands
 */
export async function openStage(options: {
  source?: boolean | undefined;
  server?: string | undefined;
  sampleMs?: number | undefined;
}): Promise<Stage> {
  const fromSource = options.source ?? false;
  if (!fromSource && !existsSync(path("../../dist/cli.mjs"))) {
    throw new Error("The command line has not been built: run `npm run build` first, or use --source");
  }
  const cwd = await mkdtemp(join(tmpdir(), "che168-bench-"));
  const upstream = { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 };
  await writeFile(join(cwd, "che168.config.json"), JSON.stringify({ upstream, logging: { dir: false } }));
  const { url, stop } = await serverOf(options.server);
  const database = await createDatabase({ url });

  return {
    url,
    cwd,
    query: async (statement) => (await database.query(statement)).rows,
    clear: async () => {
      const tables =
        "raw_data, load_state, sync_state, failed_pages, rejected_records, operations_log, daily_stats, feed_gaps, reconcile_state, reconcile_seen, export_state, source_hashes";
      await database.query(`truncate ${tables} restart identity`);
      await database.query("checkpoint");
    },
    command: async (args, baseUrl) => {
      const { PATH = "", HOME = "" } = process.env;
      const child = spawn(
        process.execPath,
        ["--import", path("./meter.mjs"), fromSource ? SOURCE : BUILT, ...args, "--json"],
        {
          cwd,
          env: {
            PATH,
            HOME,
            DATABASE_URL: url,
            CHE168_BASE_URL: baseUrl,
            CHE168_API_KEY: "bench",
            BENCH_SAMPLE_MS: String(options.sampleMs ?? 0),
          },
          stdio: ["ignore", "pipe", "pipe", "pipe"],
        },
      );
      const [stdout, stderr, meter] = await Promise.all(
        [1, 2, 3].map((descriptor) => text(child.stdio[descriptor] as NodeJS.ReadableStream)),
      );
      const result = JSON.parse(stdout || "{}") as Record<string, unknown>;
      if (result.status !== "OK") {
        throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
      }
      const own = (result.update ?? result) as { durationMs: number };
      return { ...(JSON.parse(meter ?? "") as Usage), ms: own.durationMs, result };
    },
    worker: (order) => firstMessage<number>("./worker.ts", { ...order, database: url }).message,
    close: async () => {
      await database.close();
      await stop();
      await rm(cwd, { recursive: true, force: true });
    },
  };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (below + above) / 2;
};

/** Prints rows of text in columns. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${cells.join("  ").trimEnd()}\n`);
  }
}

/** A count with thousands separators. */
export const grouped = (value: number): string => Math.round(value).toLocaleString("en-US");
