import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Usage } from "../pipeline/stage.ts";

export const BIN = fileURLToPath(new URL("../../bin/che168-sync.mjs", import.meta.url));
const METER = fileURLToPath(new URL("../pipeline/stage.ts", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

/** A directory where the built command runs against an upstream without latency. */
export interface Place {
  readonly cwd: string;
  /** Runs a command; returns its milliseconds, start included, and its peak memory. */
  run(args: readonly string[], databaseUrl: string): Promise<{ ms: number; rssMb: number }>;
  remove(): Promise<void>;
}

export async function openPlace(baseUrl: string): Promise<Place> {
  if (!existsSync(BUILT)) {
    throw new Error("The command line has not been built: run `npm run build` first");
  }
  const cwd = await mkdtemp(join(tmpdir(), "che168-bench-"));
  const upstream = { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 };
  await writeFile(join(cwd, "che168.config.json"), JSON.stringify({ upstream, logging: { dir: false } }));
  return {
    cwd,
    run: async (args, databaseUrl) => {
      const { PATH = "", HOME = "" } = process.env;
      const begun = performance.now();
      const child = spawn(process.execPath, ["--import", METER, BIN, ...args], {
        cwd,
        env: { PATH, HOME, DATABASE_URL: databaseUrl, CHE168_BASE_URL: baseUrl, CHE168_API_KEY: "bench" },
        stdio: ["ignore", "ignore", "pipe", "pipe"],
      });
      const [said, meter, [code]] = await Promise.all([
        text(child.stderr as NodeJS.ReadableStream),
        text(child.stdio[3] as NodeJS.ReadableStream),
        once(child, "close"),
      ]);
      if (code !== 0) {
        throw new Error(`${args.join(" ")} exited with ${code}:\n${said}`);
      }
      return { ms: performance.now() - begun, rssMb: (JSON.parse(meter) as Usage).rssMb };
    },
    remove: () => rm(cwd, { recursive: true, force: true }),
  };
}
