import { expect, test } from "vitest";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli, startSource } from "../../support/process/command.ts";

const SECRET_KEY = "0123456789abcdef0123456789abcdef";

async function place(env: Record<string, string> = {}, config = "{}") {
  const { url } = await freshServerDatabase();
  return { cwd: await directoryWith({ "che168.config.json": config }), env: { DATABASE_URL: url, ...env } };
}

test("tokens create --scope sets the scopes; an unknown one is a usage error that lists them", async () => {
  const at = await place();
  const { stdout } = await runCli(["tokens", "create", "--scope", "read,mirror", "--json"], at);
  expect(JSON.parse(stdout).tokens).toMatchObject([{ scopes: ["read", "mirror"] }]);
  const wrong = await runCli(["tokens", "create", "--scope", "admin"], at);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/--scope.*read.*ops.*mirror/);
});

test("after the switch to hashed storage, plain tokens are reported, then hashed by serve, and stay valid", async () => {
  const plain = await place();
  const token = (await runCli(["tokens", "create"], plain)).stdout.trim();
  const hashed = {
    cwd: await directoryWith({ "che168.config.json": '{"tokens":{"storage":"hashed"}}' }),
    env: { ...plain.env, SECRET_KEY },
  };
  const list = async () => (await runCli(["tokens", "list", "--show"], hashed)).stdout;
  expect(await list()).toContain(token);
  expect((await runCli(["status"], hashed)).stderr).toContain("1 access token still stored in plain");
  const serving = startSource(["serve", "--port", "0"], hashed);
  await serving.shown(/Hashed 1 access token that had been stored in plain/);
  let output = "";
  serving.child.stderr?.on("data", (text: string) => {
    output += text;
  });
  await serving.shown(/The API listens at .*\n/);
  await expect.poll(() => output).toMatch(/The API listens at .*\n/);
  const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0];
  expect((await fetch(`${address}offers`, { headers: { "x-api-key": token } })).status).toBe(200);
  serving.child.kill("SIGTERM");
  expect(await serving.ended).toMatchObject({ code: 143 });
  expect(await list()).toContain("(hashed)");
  expect((await runCli(["status"], hashed)).stderr).not.toMatch(/SECRET_KEY|plain/);
  const changed = { ...hashed, env: { ...hashed.env, SECRET_KEY: `${SECRET_KEY}!` } };
  expect((await runCli(["status"], changed)).stderr).toContain(
    "SECRET_KEY is not the one that 1 access token was hashed with",
  );
});
