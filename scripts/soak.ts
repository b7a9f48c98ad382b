// `npm run soak -- [--minutes 30] [--clients 8]`: serves the API under load while `daily` and `normalize` repeat, and prints
// the server's memory, handles and connections over time. Not in CI; the figures are in SECURITY.md.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createDatabase } from "../src/database/index.ts";
import { createLoader } from "../src/loader/index.ts";
import { createNormalizer } from "../src/normalizer/index.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { createTokens } from "../src/tokens/index.ts";
import { createClient } from "../src/upstream/index.ts";
import { startPostgres } from "../tools/postgres.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string" }, clients: { type: "string" }, listings: { type: "string" } },
});
const minutes = Number(values.minutes ?? 30);
const clients = Number(values.clients ?? 8);
const listings = Number(values.listings ?? 5_000);
if (!(minutes > 0) || !(clients > 0) || !(listings > 0)) {
  process.stderr.write("usage: npm run soak -- [--minutes 30] [--clients 8] [--listings 5000]\n");
  process.exit(2);
}
const SAMPLES = 20;
const SOURCE = fileURLToPath(new URL("./cli.ts", import.meta.url));
const say = (text: string) => process.stdout.write(`${text}\n`);

const home = mkdtempSync(join(tmpdir(), "che168-soak-"));
const server = await startPostgres();
const url = server.url("che168");
const sandbox = await startSandbox({ offers: listings, changesPerDay: 200 });
const database = await createDatabase({ url });
const account = {
  baseUrl: sandbox.baseUrl,
  apiKey: "soak",
  offersIntervalMs: 0,
  changesIntervalMs: 0,
  offerIntervalMs: 0,
};
const client = createClient(account);
await createLoader({ database, client }).run();
await createNormalizer({ database }).run();
const [token] = await createTokens({ database }).create();

const env = {
  PATH: process.env.PATH,
  HOME: home,
  DATABASE_URL: url,
  CHE168_BASE_URL: sandbox.baseUrl,
  CHE168_API_KEY: "soak",
  LOG_LEVEL: "warn",
};
const start = (...words: string[]) =>
  spawn(process.execPath, [SOURCE, ...words], { cwd: home, env, stdio: ["ignore", "ignore", "pipe"] });

// The rate limit must not affect the measurement.
const config = {
  upstream: { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 },
  api: { rateLimit: { points: 1_000_000 } },
};
writeFileSync(join(home, "che168.config.json"), JSON.stringify(config));
const serving = spawn(process.execPath, [SOURCE, "serve", "--port", "0"], {
  cwd: home,
  env: { ...env, LOG_LEVEL: "info" },
  stdio: ["ignore", "ignore", "pipe"],
});
const address = await new Promise<string>((resolve, reject) => {
  let text = "";
  serving.stderr.setEncoding("utf8").on("data", (part: string) => {
    text = (text + part).slice(-10_000);
    const found = /The API listens at (\S+?)[,\s]/.exec(text)?.[1];
    if (found !== undefined) {
      resolve(found);
    }
  });
  serving.once("exit", () => reject(new Error(`serve ended: ${text}`)));
});
const pid = serving.pid ?? 0;

let isOver = false;
const statuses = new Map<number, number>();
const PATHS = [
  "offers",
  "offers?sort=price&limit=100",
  "offers?q=bmw",
  "filters?lang=ru",
  "stats",
  "offers?mark=Audi&year_from=2018",
];
const asking = Array.from({ length: clients }, async (_, number) => {
  for (let index = number; !isOver; index += 1) {
    const path = index % 7 === 0 ? `offers?page=${1 + (index % 200)}` : (PATHS[index % PATHS.length] ?? "");
    const status = await fetch(address + path, { headers: { authorization: `Bearer ${token?.token}` } }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
});

const runs = { daily: 0, normalize: 0, failed: 0 };
const working = (async () => {
  while (!isOver) {
    sandbox.advance(200);
    for (const words of [["daily"], ["normalize", "--all"]]) {
      const child = start(...words);
      child.stderr.resume();
      const code = await new Promise<number | null>((done) => child.once("exit", done));
      runs[words[0] as "daily" | "normalize"] += 1;
      runs.failed += code === 0 ? 0 : 1;
    }
  }
})();

const KB = /^(VmRSS|Threads):\s+(\d+)/gm;
/** Memory and handles of the server's process (Linux only). */
async function sample() {
  const status = Object.fromEntries(
    [...readFileSync(`/proc/${pid}/status`, "utf8").matchAll(KB)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );
  const { rows } = await database.query<{ count: number }>(
    "select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  return {
    memoryMb: Math.round((status.VmRSS ?? 0) / 1024),
    handles: readdirSync(`/proc/${pid}/fd`).length,
    threads: status.Threads ?? 0,
    connections: rows[0]?.count ?? 0,
  };
}

const began = performance.now();
const step = (minutes * 60_000) / SAMPLES;
say("minute\tmemory MB\thandles\tthreads\tconnections\tanswers");
for (let index = 1; index <= SAMPLES; index += 1) {
  await delay(began + index * step - performance.now());
  const now = await sample();
  const answers = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  const minute = ((performance.now() - began) / 60_000).toFixed(1);
  say([minute, now.memoryMb, now.handles, now.threads, now.connections, answers].join("\t"));
}
isOver = true;
await Promise.all([...asking, working]);
say(`answers by status: ${JSON.stringify(Object.fromEntries(statuses))}`);
say(`runs: ${JSON.stringify(runs)}`);
const ended = new Promise((done) => serving.once("exit", done));
serving.kill("SIGTERM");
await ended;
await client.close();
await sandbox.close();
await database.close();
await server.destroy();
rmSync(home, { recursive: true, force: true });
process.exit(runs.failed === 0 && [...statuses.keys()].every((status) => status === 200) ? 0 : 1);
