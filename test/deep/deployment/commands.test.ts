import { type ChildProcess, execFile, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootCommand } from "../../../src/cli/commands/index.ts";
import { parseCrontab } from "../../../src/cli/crontab/parse-crontab.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { freePort } from "../../../tools/free-port.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { type InstalledProject, installPackage } from "../../support/package/installed.ts";
import { type Block, blocksOf, commandsOf } from "../../support/source-text/blocks.ts";

const run = promisify(execFile);
const page = await readFile(new URL("../../../docs/deployment.md", import.meta.url), "utf8");
const blocks = blocksOf(page);
const of = (language: string) => blocks.filter((block) => block.language === language);

/** Commands that only a server can run, by kind of block. Everything else runs here. */
const ELSEWHERE: Readonly<Record<string, RegExp>> = {
  docker: /^(?:docker|git|cp|chmod|install|cd) /,
  root: /^(?:apt-get|useradd|sudo|systemctl|journalctl|ufw) /,
  remote: /^(?:scp|ssh|rsync) |\| ssh /,
};

type Definition = { args?: Record<string, unknown>; subCommands?: Record<string, unknown> };
const loaded = async (command: unknown) =>
  (typeof command === "function" ? await command() : command) as Definition;

/** The problem of a che168-sync command line: an unknown command or flag; otherwise undefined. */
async function problemOf(words: readonly string[]): Promise<string | undefined> {
  let [definition, rest] = [rootCommand as Definition, words];
  while (definition.subCommands !== undefined) {
    const next = definition.subCommands[rest[0] ?? ""];
    if (next === undefined) {
      return `there is no command ${words.join(" ")}`;
    }
    [definition, rest] = [await loaded(next), rest.slice(1)];
  }
  const flags = rest.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")[0] ?? "");
  const unknown = flags.filter((flag) => !(flag in (definition.args ?? {})));
  return unknown.length === 0 ? undefined : `${words.join(" ")}: no flag ${unknown.join(", ")}`;
}

/** Every che168-sync command on the page, in blocks and in text. */
function productCommands(): string[][] {
  const found: string[] = [];
  for (const block of of("sh")) {
    for (const command of commandsOf(block)) {
      const [, inContainer] =
        /docker compose run (?:-d |--rm |--name \S+ )*(?:api|cron) (.*)/.exec(command) ?? [];
      found.push(...(inContainer === undefined ? [] : [inContainer]));
      found.push(...[...command.matchAll(/npx che168-sync ([^|&']*)/g)].map(([, words = ""]) => words));
    }
  }
  const names = Object.keys(rootCommand.subCommands ?? {}).join("|");
  for (const [, , words = ""] of page.matchAll(
    // The first cell of a row is a code such as `rejected`, not a command.
    new RegExp(`(?<!^\\| )\`(che168-sync )?((?:${names})(?: [^\`]*)?)\``, "gm"),
  )) {
    found.push(words);
  }
  return found.map((words) => words.trim().split(/\s+/));
}

describe("docs/deployment.md", () => {
  test("labels every block with its language, and commands with the machine that they need", () => {
    const languages = new Set(blocks.map(({ language }) => language));
    expect([...languages].sort()).toEqual(["caddy", "crontab", "ini", "json", "nginx", "sh", "sql", "yaml"]);
    const places = new Set(of("sh").map(({ place }) => place));
    expect([...places].sort()).toEqual(["docker", "laptop", "remote", "root", "vps"]);
  });

  test("marks only commands that need a server as such", () => {
    for (const block of of("sh")) {
      const elsewhere = ELSEWHERE[block.place];
      const odd = commandsOf(block).filter((command) => elsewhere && !elsewhere.test(`${command} `));
      expect(odd, `line ${block.line}`).toEqual([]);
    }
  });

  test("mentions only commands and flags that exist", async () => {
    const commands = productCommands();
    expect(commands.length).toBeGreaterThan(40);
    const problems = await Promise.all(commands.map(problemOf));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
    expect(await problemOf(["daily", "--no-such"])).toBe("daily --no-such: no flag no-such");
  });

  test("points the web server at the API's default address; its configuration loads", async () => {
    const { api } = await loadConfig({ cwd: await directoryWith(), env: {} });
    for (const block of [...of("caddy"), ...of("nginx")]) {
      expect(block.text).toContain(`${api.host}:${api.port}`);
    }
    const [settings] = of("json");
    const cwd = await directoryWith({ "che168.config.json": settings?.text ?? "" });
    expect((await loadConfig({ cwd, env: {} })).api.trustProxy).toBe(true);
  });
});

describe("commands of docs/deployment.md that need neither Docker nor root", () => {
  let project: InstalledProject;
  let sandbox: Sandbox;
  let home: string;
  const databases: { vps?: string; trial?: string } = {};
  const drops: (() => Promise<void>)[] = [];
  const children: ChildProcess[] = [];
  let port: number;

  beforeAll(async () => {
    project = await installPackage();
    sandbox = await startSandbox({ offers: 60, changesPerDay: 20, days: 1 });
    home = await mkdtemp(join(tmpdir(), "che168-manual-"));
    await mkdir(join(home, "vps"));
    for (const name of ["vps", "trial"] as const) {
      const { url, drop } = await freshServerDatabase();
      databases[name] = url;
      drops.push(drop);
    }
    const upstream = { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 };
    for (const directory of [join(home, "vps"), project.dir]) {
      await writeFile(join(directory, "che168.config.json"), JSON.stringify({ upstream }));
    }
    port = await freePort();
  });
  afterAll(async () => {
    for (const child of children) {
      child.kill("SIGKILL");
    }
    await project?.remove();
    await sandbox?.close();
    for (const drop of drops) {
      await drop();
    }
    await rm(home, { recursive: true, force: true });
  });

  /** Replaces the page's paths and ports by the test's. */
  const here = (text: string) =>
    text
      .replaceAll("/opt/che168", join(home, "vps"))
      .replaceAll("127.0.0.1:8000", `127.0.0.1:${port}`)
      .replace(/\bche168-sync@\d\S*/g, project.tarball);

  const environment = (place: string): Record<string, string> => {
    const { PATH = "", HOME = "" } = process.env;
    const npm = Object.entries(process.env).filter(([name]) => /^npm_config_/i.test(name)) as [
      string,
      string,
    ][];
    return {
      ...Object.fromEntries(npm),
      ...{ PATH: `${join(process.execPath, "..")}:${PATH}`, HOME, npm_config_prefer_offline: "true" },
      ...{ CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "key", API_PORT: String(port) },
      ...(place === "vps" ? { DATABASE_URL: databases.vps ?? "", TRIAL_URL: databases.trial ?? "" } : {}),
    };
  };

  async function onDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: databases.vps });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  const tokens = async () => {
    const { rows } = await onDatabase((client) =>
      client.query("select token from api_tokens order by id limit 2"),
    );
    return { TOKEN: rows[0]?.token as string, OLD_TOKEN: rows[1]?.token as string };
  };

  /** Runs a command in a shell; rejects with its output. */
  async function shell(command: string, place: string, env: Record<string, string> = {}): Promise<void> {
    const cwd = place === "vps" ? join(home, "vps") : project.dir;
    const asked = command.includes("TOKEN") ? await tokens() : {};
    await run("/bin/sh", ["-euc", here(command)], {
      cwd,
      env: { ...environment(place), ...asked, ...env },
    }).catch(({ stdout, stderr }) => {
      throw new Error(`${command}\n${stdout}${stderr}`);
    });
  }

  /** Starts the process of a systemd unit; resolves once its output matches. */
  function startUnit({ text }: Block, said: RegExp): Promise<ChildProcess> {
    const setting = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value = ""]) => here(value));
    const [program = "", ...args] = setting("ExecStart")[0]?.split(" ") ?? [];
    const own = Object.fromEntries(setting("Environment").map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
    const { PATH = "", ...env } = environment("vps");
    const child = spawn(program, args, {
      cwd: setting("WorkingDirectory")[0],
      env: { ...env, ...own, PATH: `${join(process.execPath, "..")}:${own.PATH ?? PATH}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    return new Promise((resolve, reject) => {
      let output = "";
      child.stderr.on("data", (part: Buffer) => {
        output += part;
        if (said.test(output)) {
          resolve(child);
        }
      });
      child.once("close", () => reject(new Error(`${program} ended: ${output}`)));
    });
  }

  async function stop(child: ChildProcess): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    return ended;
  }

  const [apiUnit, scheduleUnit] = of("ini");

  async function runBlock(block: Block): Promise<void> {
    // The page uses the API only after the service was started.
    const api =
      block.text.includes("127.0.0.1:8000") && apiUnit
        ? await startUnit(apiUnit, /The API listens at/)
        : undefined;
    for (const command of commandsOf(block)) {
      await shell(command, block.place);
    }
    if (api !== undefined) {
      expect(await stop(api)).toBe(143);
    }
  }

  /** Runs the command of each line in a shell, as cron does; lines in /etc/cron.d name a user first. */
  async function runCrontab({ text }: Block): Promise<void> {
    const withUser = text.includes("  che168  ");
    const crontab = parseCrontab(text.replaceAll("  che168  ", "  "));
    if ("problems" in crontab) {
      throw new Error(crontab.problems.join("\n"));
    }
    if (!withUser) {
      await writeFile(join(home, "vps/crontab"), text);
    }
    const path = `${join(home, "vps/node_modules/.bin")}:${environment("vps").PATH}`;
    for (const { command } of crontab.jobs) {
      await shell(command, "vps", { PATH: path });
    }
  }

  test("run, in the order of the page", async () => {
    const done: string[] = [];
    for (const block of blocks) {
      const { language, place } = block;
      if (language === "sh" && ["vps", "laptop"].includes(place)) {
        await runBlock(block);
        done.push(...commandsOf(block));
      } else if (language === "crontab") {
        await runCrontab(block);
      } else if (language === "sql") {
        await onDatabase((client) => client.query(block.text));
      } else if (language === "sh" && block.text.includes("scp che168.dump")) {
        await copyFile(join(project.dir, "che168.dump"), join(home, "vps/backups/che168.dump"));
      }
    }
    for (const command of [
      "npx che168-sync init",
      "npx che168-sync dump che168.dump",
      "npx che168-sync migrate down",
    ]) {
      expect(done).toContain(command);
    }
    // The end state: the catalogue from the laptop, plus the changes since.
    const counts = await onDatabase((client) =>
      client.query(
        "select (select count(*) from raw_data)::int as raw, (select count(*) from api_tokens)::int as tokens",
      ),
    );
    expect(counts.rows[0].raw).toBeGreaterThanOrEqual(60);
    expect(counts.rows[0].tokens).toBe(20);
    if (scheduleUnit === undefined) {
      throw new Error("There is no unit for the schedule");
    }
    const schedule = await startUnit(scheduleUnit, /che168-sync daily runs at .*\n.*dump .* runs at/);
    expect(await stop(schedule)).toBe(143);
  }, 1_800_000);
});
