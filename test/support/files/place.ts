import { onTestFinished } from "vitest";
import { type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import { directoryWith } from "./files.ts";

/** The account key, with characters that URLs encode. */
export const ACCOUNT_KEY = "k3y/of+the=account";

/** A working directory with a sandbox account, without request intervals, and the environment for its commands. */
export async function commandPlace(
  databaseUrl: string,
  {
    sandbox: options = {},
    settings = {},
  }: { sandbox?: SandboxOptions; settings?: Record<string, unknown> } = {},
) {
  const sandbox = await startSandbox({ apiKey: ACCOUNT_KEY, ...options });
  onTestFinished(() => sandbox.close());
  const upstream = {
    offersIntervalMs: 0,
    changesIntervalMs: 0,
    offerIntervalMs: 0,
    retry: { attempts: 2, intervalMs: 0 },
  };
  const cwd = await directoryWith({ "che168.config.json": JSON.stringify({ upstream, ...settings }) });
  const env = {
    DATABASE_URL: databaseUrl,
    CHE168_BASE_URL: sandbox.baseUrl,
    CHE168_API_KEY: ACCOUNT_KEY,
  };
  return { sandbox, cwd, env };
}
