// Cost of recording changes: the events of `normalize`, and the mirror's feed of `initial` (see --help). Starts its own
// PostgreSQL server and upstream.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { grouped, median, openStage, printTable, startUpstream } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "5000" },
    pairs: { type: "string", default: "5" },
    only: { type: "string", default: "feed,events" },
    source: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- events [--rows 5000] [--pairs 5] [--only feed,events] [--source]
  feed    initial of ROWS listings, with and without the triggers that write the mirror's feed
  events  normalize of ROWS new listings, and again after the price of each has changed, with and without events
  Alternating pairs in one run; ratios of elapsed time and of CPU time, the server's included, which other work on the machine
  hardly changes.
`,
  );
  process.exit(0);
}
const [rows, pairs] = [flags.rows, flags.pairs].map(Number) as [number, number];
const stage = await openStage(flags);
const silent = join(stage.cwd, "silent.json");
const config = JSON.parse(await readFile(join(stage.cwd, "che168.config.json"), "utf8"));
await writeFile(silent, JSON.stringify({ ...config, events: { retentionDays: 0 } }));
const { baseUrl, stop } = await startUpstream({ offers: rows, changes: 0, latencyMs: 0 });

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

/** CPU time of the server's finished backends, in milliseconds. */
async function serverCpuMs(): Promise<number> {
  const [setting] = await stage.query("show data_directory");
  const directory = String(setting?.data_directory);
  const [pid] = (await readFile(join(directory, "postmaster.pid"), "utf8")).split("\n");
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // cutime and cstime, in hundredths of a second.
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function cost(args: readonly string[]): Promise<Cost> {
  const before = await serverCpuMs();
  const { ms, cpuMs } = await stage.command(args, baseUrl);
  return { ms, cpuMs: cpuMs + (await serverCpuMs()) - before };
}

type Measured = Record<"with" | "without", Cost[]>;
const empty = (): Measured => ({ with: [], without: [] });

/** A row of the table: medians, and medians of the ratios of the pairs. */
function row(name: string, { with: on, without: off }: Measured): string[] {
  const ratio = (key: keyof Cost) =>
    median(on.map((one, index) => one[key] / (off[index]?.[key] ?? Number.NaN)));
  const per = (costs: readonly Cost[]) => grouped((rows / median(costs.map(({ ms }) => ms))) * 1000);
  const least = (costs: readonly Cost[]) => Math.min(...costs.map(({ cpuMs }) => cpuMs));
  const ratios = [ratio("ms"), ratio("cpuMs"), least(on) / least(off)];
  return [name, per(on), per(off), ...ratios.map((value) => value.toFixed(3))];
}

/** Both ways, in an order that alternates. */
async function each(pair: number, measure: (way: keyof Measured) => Promise<void>): Promise<void> {
  for (const way of pair % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const)) {
    await measure(way);
  }
}

const table = [["", "with/s", "without/s", "time", "CPU", "least CPU"]];
try {
  if (flags.only.includes("feed")) {
    const load = empty();
    for (let pair = 0; pair < pairs; pair += 1) {
      await each(pair, async (way) => {
        await stage.clear();
        await stage.query("truncate mirror_changes, mirror_state");
        const action = way === "with" ? "enable" : "disable";
        await stage.query(`alter table raw_data ${action} trigger raw_data_mirror_inserted`);
        load[way].push(await cost(["initial"]));
      });
    }
    await stage.query("alter table raw_data enable trigger raw_data_mirror_inserted");
    table.push(row("initial, the mirror's feed", load));
  }
  if (flags.only.includes("events")) {
    await stage.clear();
    await stage.command(["initial"], baseUrl);
    const first = empty();
    const prices = empty();
    for (let pair = 0; pair < pairs; pair += 1) {
      await each(pair, async (way) => {
        const args = way === "with" ? ["normalize"] : ["normalize", "--config", silent];
        await stage.query("update raw_data set is_processed = false");
        await stage.query("truncate processed_data, listing_events");
        await stage.query("vacuum analyze raw_data");
        first[way].push(await cost(args));
        await stage.query(
          `update raw_data set data = jsonb_set(data, '{price}', to_jsonb((data ->> 'price')::int + 1)), is_processed = false,
                  last_updated_at = clock_timestamp()`,
        );
        await stage.query("vacuum analyze raw_data");
        prices[way].push(await cost(args));
      });
    }
    table.push(row("normalize, new listings, events", first), row("normalize, new prices, events", prices));
  }
} finally {
  printTable(table);
  stop();
  await stage.close();
}
