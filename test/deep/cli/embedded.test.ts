import { join } from "node:path";
import { expect, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runSource } from "../../support/process/command.ts";
import { expectMissedDaily } from "../../support/process/missed-daily.ts";

test("serve --daily-at runs the missed daily job in the same process, on the embedded database too", async () => {
  const cwd = await directoryWith();
  await createDatabase({ dataDir: join(cwd, ".che168/pgdata") }).then((database) => database.close());
  await expectMissedDaily({ cwd });
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
