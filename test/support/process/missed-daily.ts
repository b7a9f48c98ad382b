import { expect } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { type CommandOptions, startSource } from "./command.ts";

/** Expects that `serve --daily-at` runs the daily job that a new database has missed. */
export async function expectMissedDaily({ cwd, env }: CommandOptions): Promise<void> {
  const sandbox = await startSandbox({ offers: 40, changesPerDay: 5 });
  const account = { CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "any-key" };
  const running = startSource(["serve", "--port", "0", "--daily-at", "00:00"], {
    cwd,
    env: { ...env, ...account },
  });
  await running.shown(/The last daily run was missed; it starts now/);
  await running.shown(/Normalised \d+ listings/);
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130 });
  await sandbox.close();
}
