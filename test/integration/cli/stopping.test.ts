import { createServer, type Socket } from "node:net";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { startPostgres } from "../../../tools/postgres.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { type RunningCommand, startSource } from "../../support/process/command.ts";

async function workplace(url: string) {
  const sandbox = await startSandbox({ offers: 40, changesPerDay: 5 });
  onTestFinished(() => sandbox.close());
  const env = { DATABASE_URL: url, CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "any-key" };
  return { cwd: await directoryWith(), env };
}

/** Sends SIGTERM. A forced stop, after 1.8 s, would be logged. */
async function stop(running: RunningCommand): Promise<void> {
  running.child.kill("SIGTERM");
  const { code, stderr } = await running.ended;
  expect(stderr).not.toContain("forced");
  expect(code).toBe(143);
}

test("a run stops on SIGTERM while every transaction is read-only", async () => {
  const { url } = await freshServerDatabase();
  const name = url.split("/").at(-1);
  const running = startSource(
    ["daily"],
    await workplace(`${url}?options=-c%20default_transaction_read_only%3Don`),
  );
  await running.shown(new RegExp(`read-only transaction.*retrying|${name}.*read-only`));
  await stop(running);
});

test("a run stops on SIGTERM while its commit waits for a missing synchronous standby", async () => {
  const server = await startPostgres();
  onTestFinished(() => server.destroy());
  const client = new Client({ connectionString: server.url("postgres") });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("create database waiting");
  await client.query("alter database waiting set synchronous_commit = 'local'");
  const place = await workplace(server.url("waiting"));
  expect(await startSource(["init"], place).ended).toMatchObject({ code: 0 });
  await client.query("alter database waiting reset synchronous_commit");
  await client.query("alter system set synchronous_standby_names = 'nobody'");
  await client.query("select pg_reload_conf()");
  const running = startSource(["daily"], place);
  await expect
    .poll(
      async () => (await client.query("select from pg_stat_activity where wait_event = 'SyncRep'")).rowCount,
    )
    .toBeGreaterThan(0);
  await stop(running);
});

test("a run stops on SIGTERM while the server accepts a connection and does not respond", async () => {
  const connected = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    connected.resolve();
  });
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    silent.close();
  });
  const { port } = silent.address() as { port: number };
  const running = startSource(["daily"], await workplace(`postgres://postgres@127.0.0.1:${port}/x`));
  await connected.promise;
  await stop(running);
});
