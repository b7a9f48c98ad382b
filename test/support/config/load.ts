import { expect } from "vitest";
import { loadConfig } from "../../../src/config/index.ts";
import { ConfigError, type ConfigProblem } from "../../../src/errors.ts";
import { directoryWith } from "../files/files.ts";

export interface Sources {
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly flags?: Record<string, unknown>;
}

/** Loads the configuration of these sources in a directory of its own. */
export const load = async ({ files = {}, env = {}, flags = {} }: Sources) =>
  loadConfig({ cwd: await directoryWith(files), env, flags });

/** The problems of a configuration that is rejected. */
export async function problemsOf(sources: Sources): Promise<readonly ConfigProblem[]> {
  const error = await load(sources).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems;
}
