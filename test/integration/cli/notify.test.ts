import { describe, expect, test } from "vitest";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli, startSource } from "../../support/process/command.ts";
import { receiver } from "../../support/receiver/receiver.ts";

const SECRET_PATH = "/T0/PATHSECRET";

/** A working directory with an empty database and one webhook. */
async function workplace(url: string, more: object = {}) {
  const cwd = await directoryWith({
    "che168.config.json": JSON.stringify({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: replaced when the file is read
      notify: [{ type: "webhook", url: "${HOOK}" }],
      upstream: { retry: { attempts: 1 } },
      ...more,
    }),
  });
  const env = {
    DATABASE_URL: (await freshServerDatabase()).url,
    HOOK: `${url}${SECRET_PATH}`,
    CHE168_API_KEY: "any-key",
    // Nothing listens there.
    CHE168_BASE_URL: "http://127.0.0.1:9/api",
  };
  return { cwd, env };
}

describe("notify --test", () => {
  test("prints which targets accepted the message, without their secrets, and needs no database", async () => {
    const good = await receiver();
    const bad = await receiver(() => 401);
    const targets = [
      { type: "webhook", url: `${good.url}${SECRET_PATH}` },
      { type: "telegram", token: "123:TOKEN", chatId: 7, apiUrl: bad.url },
    ];
    const cwd = await directoryWith({ "che168.config.json": JSON.stringify({ notify: targets }) });
    const { code, stdout, stderr } = await runCli(["notify", "--test"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/webhook 127\.0\.0\.1:\d+ +accepted\n/);
    expect(stdout).toMatch(
      /telegram 7 +failed: it responded 401: chat not found; check the token of the bot\n/,
    );
    expect(stdout + stderr).not.toMatch(/PATHSECRET|123:TOKEN/);
    expect(good.received).toHaveLength(1);
    const shown = await runCli(["config"], { cwd });
    expect(shown.stdout).toContain("/[hidden]");
    expect(shown.stdout).not.toMatch(/PATHSECRET|123:TOKEN/);
  });

  test("without targets is a configuration error", async () => {
    const { code, stderr } = await runCli(["notify", "--test"], { cwd: await directoryWith() });
    expect(code).toBe(2);
    expect(stderr).toContain("notify");
  });
});

test("a daily run that fails sends its reason, and a target that is away does not change its exit code", async () => {
  const { received, url } = await receiver();
  const place = await workplace(url);
  const { code, stderr } = await runCli(["daily"], place);
  expect(code).toBe(1);
  expect(received.map(({ body }) => body.data.reason)).toContain("failed");
  expect(received[0]?.path).toBe(SECRET_PATH);
  expect(stderr).not.toContain("PATHSECRET");
  const away = { ...place, env: { ...place.env, HOOK: `http://127.0.0.1:9${SECRET_PATH}` } };
  const again = await runCli(["daily"], away);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("The notification to webhook 127.0.0.1:9 failed: no connection");
  expect(again.stderr).not.toContain("PATHSECRET");
});

test("serve sends the reasons as well, so that a daily run that never starts is noticed", async () => {
  let arrived = () => {};
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { received, url } = await receiver(() => {
    arrived();
    return 200;
  });
  const running = startSource(["serve", "--port", "0"], await workplace(url));
  await first;
  running.child.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 143 });
  expect(received.map(({ body }) => body.data.reason)).toEqual(["stale"]);
});
