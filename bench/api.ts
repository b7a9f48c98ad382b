// Cost of `GET /offers` and related requests, as ratios within one run (see --help). Starts its own PostgreSQL server.
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pg from "pg";
import { API_SERVER_SETTINGS, createDatabase } from "../src/database/index.ts";
import { createTokens } from "../src/tokens/index.ts";
import { startPostgres } from "../tools/postgres.ts";
import { insertListings, listings } from "../tools/processed.ts";
import { type LoadResult, load } from "./api/load.ts";
import { measureQueries } from "./api/queries.ts";
import { SITE_PARTS } from "./api/site.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "250000" },
    pairs: { type: "string", default: "7" },
    seconds: { type: "string", default: "2" },
    connections: { type: "string", default: "32" },
    only: { type: "string", default: "fresh,kept,sql,paths,export,fairness" },
    url: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    "node bench/api.ts [--rows 250000] [--pairs 7] [--seconds 2] [--connections 32] [--only fresh,kept,sql,paths,export,fairness]\n" +
      "                  [--url postgres://…: the database of an earlier run]\n",
  );
  process.exit(0);
}
const [rows, pairs, seconds, connections] = [flags.rows, flags.pairs, flags.seconds, flags.connections].map(
  Number,
) as [number, number, number, number];
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** A server in a child process. */
interface Served {
  readonly port: number;
  readonly pid: number;
  /** CPU seconds so far. */
  cpu(): number;
  stop(): void;
}

async function start(file: string, url: string): Promise<Served> {
  const child: ChildProcess = fork(new URL(file, import.meta.url), [url], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { port: number }).port));
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return {
    port,
    pid: child.pid ?? 0,
    cpu: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

const median = (list: readonly number[]) =>
  list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)] ?? Number.NaN;
/** Warm-up requests, so that JIT-compiled code is measured. */
const WARM_UP = 4_000;
const two = (value: number) => value.toFixed(2);

type Next = () => { path: string; headers: string };

/** One period of load, with the server's CPU time per request. */
async function span(server: Served, next: Next): Promise<LoadResult & { cpuMicros: number }> {
  const before = server.cpu();
  const result = await load({ port: server.port, connections, seconds, next });
  return { ...result, cpuMicros: ((server.cpu() - before) / result.requests) * 1e6 };
}

/** Alternates reference and candidate; returns the median ratio of adjacent periods. */
async function compare(
  title: string,
  target: number,
  reference: [Served, Next],
  candidate: [Served, Next],
  of = "the bare server",
): Promise<void> {
  for (const [{ port }, next] of [reference, candidate]) {
    for (let warm = 0; warm < WARM_UP; ) {
      warm += (await load({ port, connections, seconds: 0.5, next })).requests;
    }
  }
  const ratios: number[] = [];
  const cpu: number[] = [];
  const micros: number[] = [];
  const speeds: [number, number][] = [];
  const found = new Set<number>();
  for (let pair = 0; pair < pairs; pair += 1) {
    const one = await span(...reference);
    const other = await span(...candidate);
    ratios.push(other.perSecond / one.perSecond);
    cpu.push(other.cpuMicros / one.cpuMicros);
    micros.push(one.cpuMicros);
    speeds.push([one.perSecond, other.perSecond]);
    for (const status of [...one.statuses.keys(), ...other.statuses.keys()]) {
      found.add(status);
    }
  }
  const ratio = median(ratios);
  say(
    `${ratio >= target ? "ok  " : "LESS"} ${title}: ${two(ratio)} [${two(Math.min(...ratios))}-${two(Math.max(...ratios))}] of ${of}, at least ${target}; ` +
      `processor ${two(median(cpu))} of ${median(micros).toFixed(0)} µs a request; ${median(speeds.map(([one]) => one)).toFixed(0)} and ${median(speeds.map(([, other]) => other)).toFixed(0)} requests/s; statuses ${[...found].join(" ")}`,
  );
}

const server =
  flags.url === undefined ? await startPostgres({ shared_buffers: "160MB", max_wal_size: "4GB" }) : undefined;
const url = flags.url ?? server?.url("bench") ?? "";
try {
  const database = await createDatabase({ url });
  const { rows: there } = await database.query<{ count: number }>(
    "select count(*)::int as count from processed_data",
  );
  if (there[0]?.count === 0) {
    const begun = performance.now();
    await insertListings(database, listings(rows, { marks: 150, modelsPerMark: 12, padding: 1_500 }));
    await database.query("vacuum (analyze) processed_data");
    say(`${rows} listings stored in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  }
  const tokens = createTokens({ database });
  const [[token], [hostile]] = [await tokens.create(), await tokens.create()];
  const key = `X-API-Key: ${token?.token}\r\n`;
  const pool = new pg.Pool({ connectionString: url, max: 1, options: API_SERVER_SETTINGS.join(" ") });

  if (flags.only.includes("fresh") || flags.only.includes("kept")) {
    const [bare, ours, mapped] = [
      await start("api/reference-server.ts", url),
      await start("api/api-server.ts", url),
      await start("api/orm-server.ts", url),
    ];
    try {
      // All requests differ: nothing is cached.
      const uniqueDetail = (): Next => {
        let index = 0;
        return () => {
          index = (index + 7_919) % rows;
          return { path: `/offers/${50_000_000 + index}`, headers: key };
        };
      };
      let most = 2_000_000_000;
      const uniqueListOf =
        (address: string): Next =>
        () => {
          most -= 1;
          return { path: `${address}?km_age_to=${most}`, headers: key };
        };
      const uniqueList = uniqueListOf("/offers");
      const same =
        (path: string, headers = key): Next =>
        () => ({ path, headers });
      const etagOf = async (path: string) =>
        (
          await fetch(`http://127.0.0.1:${ours.port}${path}`, {
            headers: { "x-api-key": token?.token ?? "", "accept-encoding": "identity" },
          })
        ).headers.get("etag");

      if (flags.only.includes("fresh")) {
        await compare("a listing, uncached", 0.8, [bare, uniqueDetail()], [ours, uniqueDetail()]);
        await compare("a list of 20, uncached", 0.93, [bare, uniqueList], [ours, uniqueList]);
        await compare(
          "a list of 20, uncached",
          0,
          [bare, uniqueListOf("/own")],
          [ours, uniqueList],
          "the bare server with our statement",
        );
        const entities = "a server with an ORM";
        await compare("a listing, uncached", 4, [mapped, uniqueDetail()], [ours, uniqueDetail()], entities);
        await compare("a list of 20, uncached", 4, [mapped, uniqueList], [ours, uniqueList], entities);
        await compare(
          "a list of 20, uncached, compressed",
          0,
          [bare, uniqueList],
          [ours, () => ({ ...uniqueList(), headers: `${key}Accept-Encoding: gzip\r\n` })],
        );
      }
      if (flags.only.includes("kept")) {
        await compare("a cached list", 10, [bare, uniqueList], [ours, same("/offers?km_age_to=1999999999")]);
        await compare("a cached listing", 2, [bare, uniqueDetail()], [ours, same("/offers/50000007")]);
        const etag = await etagOf("/offers/50000007");
        await compare(
          "304 of a listing",
          4,
          [bare, uniqueDetail()],
          [ours, same("/offers/50000007", `${key}If-None-Match: ${etag}\r\n`)],
        );
      }
    } finally {
      for (const one of [bare, ours, mapped]) {
        one.stop();
      }
    }
  }
  if (flags.only.includes("sql")) {
    await measureQueries(pool, say);
  }
  for (const [name, measure] of Object.entries(SITE_PARTS)) {
    if (flags.only.includes(name)) {
      // A process of its own, whose memory is that of this part.
      const ours = await start("api/api-server.ts", url);
      try {
        await measure({ ...ours, tokens: [token?.token ?? "", hostile?.token ?? ""] }, say);
      } finally {
        ours.stop();
      }
    }
  }
  await pool.end();
  await database.close();
} finally {
  if (flags.url === undefined) {
    await server?.destroy();
  }
}
