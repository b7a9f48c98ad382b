import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type InstalledProject, installPackage, runNode } from "../../support/package/installed.ts";

let project: InstalledProject;
beforeAll(async () => {
  project = await installPackage();
});
afterAll(() => project?.remove());

/** An environment that breaks every factory that reads it. */
const ASTRAY = {
  DATABASE_URL: "postgres://nobody:secret@127.0.0.1:1/none",
  DB_HOST: "127.0.0.1",
  CHE168_BASE_URL: "http://127.0.0.1:1/api/v2/che168",
  CHE168_API_KEY: "from the environment",
  SECRET_KEY: "from the environment",
  API_PORT: "1",
  LOG_DIR: "logs-from-the-environment",
  LOG_LEVEL: "debug",
};

/** Runs a module in its own folder of the project; returns the last line as JSON, and all other output. */
async function run(name: string, lines: string) {
  const dir = join(project.dir, name);
  await mkdir(dir);
  await writeFile(join(dir, "main.mjs"), lines);
  const { stdout, stderr } = await runNode({ ...project, dir }, ["main.mjs"], ASTRAY);
  const said = stdout.trimEnd().split("\n");
  return { result: JSON.parse(said.pop() ?? ""), said, stderr, files: await readdir(dir) };
}

test("every factory works with its required options only, logs nothing and reads no environment", async () => {
  const { result, said, stderr, files } = await run(
    "bare",
    `
    import { buffer } from "node:stream/consumers";
    import { PassThrough, Readable } from "node:stream";
    import * as che168 from "che168-sync";
    import * as client from "che168-sync/client";
    import { normalizeListing } from "che168-sync/normalizer";
    import { startSandbox } from "che168-sync/sandbox";
    const done = {};

    const sandbox = await startSandbox();
    const database = await che168.createDatabase();
    done.database = database.engine;
    const service = che168.createClient({ apiKey: "key", baseUrl: sandbox.baseUrl });
    const alone = client.createClient({ apiKey: "key", baseUrl: sandbox.baseUrl });
    done.client = (await alone.offersPage(1)).records.length;
    await alone.close();

    // With the default intervals, one page of the catalogue is enough.
    const loader = che168.createLoader({ database, client: service });
    done.loader = (await loader.run({ maxPages: 1 })).loaded;
    const updater = che168.createUpdater({ database, client: service });
    done.updater = (await updater.run()).status;
    const normalizer = che168.createNormalizer({ database });
    done.normalizer = (await normalizer.run()).errors;
    done.daily = (await che168.runDaily({ database, updater })).status;
    done.schedule = che168.scheduleDaily({ at: "03:00", run: async () => {} });
    await done.schedule.stop();
    done.schedule = "stopped";
    done.lastRun = (await che168.getLastDailyRun(database)) instanceof Date;
    done.status = (await che168.getStatus({ database })).rows.raw > 0;
    done.unknown = Array.isArray(await che168.findUnknownValues(database));
    done.normalize = normalizeListing({}).listing.price;

    const tokens = che168.createTokens({ database });
    const [{ token }] = await tokens.create();
    const handler = che168.createApiHandler({ database, tokens });
    const stats = async (options) => (await che168.createApiClient({ token, ...options }).stats()).listings.total > 0;
    done.inProcess = await stats({ baseUrl: "http://catalogue", fetch: handler.fetch });
    const server = await che168.startServer({ handler }).catch((error) => error);
    done.server = server.url ?? server.code;
    if (server.close) {
      done.server = await stats({ baseUrl: server.url }) && server.url;
      await server.close();
    }
    done.labels = che168.createLabels().labelOf("color", "white", "en");
    done.vocabulary = che168.compileVocabulary().marks.find("奔驰");
    done.config = (await che168.loadConfig({ env: {} })).api.port;
    done.define = che168.defineConfig({}).api ?? "empty";

    const output = new PassThrough();
    const [dump] = await Promise.all([buffer(output), che168.dumpDatabase({ database, output })]);
    const other = await che168.createDatabase({ dataDir: "memory://" });
    done.restore = (await che168.restoreDatabase({ database: other, input: Readable.from([dump]), name: "dump" })).rows > 0;
    await other.close();
    await tokens.close();
    await service.close();
    await database.close();
    await sandbox.close();
    che168.createLogger().info("the only line");
    console.log(JSON.stringify(done));`,
  );
  expect(result).toEqual({
    ...{ database: "pglite", client: 20, loader: 20, updater: "OK", normalizer: 0, daily: "OK" },
    ...{
      schedule: "stopped",
      lastRun: true,
      status: true,
      unknown: true,
      normalize: null,
      inProcess: true,
    },
    // The default port may be in use.
    server: expect.stringMatching(/^(http:\/\/127\.0\.0\.1:8000\/|ADDRESS_UNUSABLE)$/),
    ...{ labels: "White", vocabulary: "Mercedes-Benz", config: 8000, define: "empty", restore: true },
  });
  expect(said).toEqual([]);
  expect(stderr).toBe("[INFO] the only line\n");
  // The embedded database in its default directory, and no other file.
  expect(files.sort()).toEqual([".che168", "main.mjs"]);
});

test("two instances with separate databases work in one process, isolated from each other", async () => {
  const { result } = await run(
    "two",
    `
    import { createApiHandler, createApiClient, createClient, createDatabase, createLoader, createNormalizer, createTokens } from "che168-sync";
    import { startSandbox } from "che168-sync/sandbox";

    async function open(dataDir, offers) {
      const sandbox = await startSandbox({ offers, seed: offers });
      const database = await createDatabase({ dataDir });
      const pace = { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 };
      const client = createClient({ apiKey: "key", baseUrl: sandbox.baseUrl, ...pace });
      const tokens = createTokens({ database });
      const [{ token }] = await tokens.create();
      const handler = createApiHandler({ database, tokens });
      const ask = (withToken) =>
        createApiClient({ baseUrl: "http://catalogue", token: withToken, fetch: handler.fetch }).filters();
      const work = async () => {
        await createLoader({ database, client }).run();
        await createNormalizer({ database }).run();
        return (await ask(token)).total;
      };
      const close = async () => {
        await tokens.close();
        await client.close();
        await database.close();
        await sandbox.close();
      };
      return { token, ask, work, close };
    }

    const [first, second] = await Promise.all([open("one", 30), open("another", 50)]);
    const totals = await Promise.all([first.work(), second.work()]);
    const strange = await first.ask(second.token).catch(({ code }) => code);
    // Closing one does not affect the other.
    await first.close();
    const after = (await second.ask(second.token)).total;
    await second.close();
    console.log(JSON.stringify({ totals, strange, after }));`,
  );
  expect(result).toEqual({ totals: [30, 50], strange: "API_UNAUTHORIZED", after: 50 });
});
