import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli, startSource } from "../../support/process/command.ts";
import { expectMissedDaily } from "../../support/process/missed-daily.ts";

/** A working directory on a database of its own, with a token. */
async function withToken() {
  const { url } = await freshServerDatabase();
  const database = await createDatabase({ url });
  const [created] = await createTokens({ database }).create({});
  return { database, cwd: await directoryWith(), env: { DATABASE_URL: url }, token: created?.token ?? "" };
}

const addressIn = (output: string) => /The API listens at (\S+?)[,\s]/.exec(output)?.[1] ?? "";

describe("serve", () => {
  test("prints its address, serves requests with a token, and stops cleanly on SIGTERM", async () => {
    const { database, cwd, env, token } = await withToken();
    const running = startSource(["serve", "--port", "0"], { cwd, env });
    let output = "";
    running.child.stderr?.on("data", (text: string) => {
      output += text;
    });
    await running.shown(/The API listens at .*\n/);
    const address = addressIn(output);
    const answer = await fetch(`${address}offers`, { headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, await answer.json()]).toMatchObject([200, { result: [] }]);
    expect((await fetch(`${address}offers`)).status).toBe(401);
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 143 });
    await database.close();
  });

  test("a port in use is reported with its address", async () => {
    const { database, cwd, env } = await withToken();
    await database.close();
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await runCli(["serve", "--port", String(port)], { cwd, env });
    other.close();
    expect(code).not.toBe(0);
    expect(stderr).toContain(`127.0.0.1:${port} is in use by another program`);
  });

  test("--daily-at runs the missed daily job in the same process", async () => {
    const { database, cwd, env } = await withToken();
    await database.close();
    await expectMissedDaily({ cwd, env });
  });

  test("--daily-at must be a time of day", async () => {
    const { code, stderr } = await runCli(["serve", "--daily-at", "3am"], { cwd: await directoryWith() });
    expect(code).toBe(2);
    expect(stderr).toContain("--daily-at must be a time of day such as 03:00");
  });
});
