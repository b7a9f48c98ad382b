import { join } from "node:path";
import { expect, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runSource, startSource } from "../../support/process/command.ts";

test("serve --daily-at runs the missed daily job in the same process, on the embedded database too", async () => {
  const sandbox = await startSandbox({ offers: 40, changesPerDay: 5 });
  const cwd = await directoryWith();
  const env = { CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "any-key" };
  await createDatabase({ dataDir: join(cwd, ".che168/pgdata") }).then((database) => database.close());
  const running = startSource(["serve", "--port", "0", "--daily-at", "00:00"], { cwd, env });
  await running.shown(/The last daily run was missed; it starts now/);
  await running.shown(/Normalised \d+ listings/);
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130 });
  await sandbox.close();
});

test("a command on an embedded database in use exits 3 and names the holder", async () => {
  const cwd = await directoryWith();
  const database = await createDatabase({
    dataDir: join(cwd, ".che168/pgdata"),
    applicationName: "che168-sync serve",
  });
  try {
    const { code, stdout, stderr } = await runSource(["status", "--json"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain("che168-sync serve");
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "LOCKED" } });
  } finally {
    await database.close();
  }
});
