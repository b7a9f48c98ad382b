import { basename, dirname } from "node:path";
import type { Tariff, TariffFile } from "../customs/index.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { readConfigFile } from "./config-file.ts";
import { display } from "./layers.ts";

/**
 * Reads and validates files of tariff tables (JSON, YAML or modules), in order: later ones are laid over earlier ones.
 *
 * @param files absolute paths
 * @throws ConfigError with all problems, each under its place in the file
 */
export async function readTariffs(files: readonly string[]): Promise<Tariff[]> {
  if (files.length === 0) {
    return [];
  }
  // Not imported at the top: building the schema takes a tenth of a second, and few configurations name such files.
  const { tariffProblems } = await import("./tariff-schema.ts");
  const tariffs: Tariff[] = [];
  const all: ConfigProblem[] = [];
  for (const file of files) {
    const { content, problems } = await readConfigFile(dirname(file), file, {});
    const wrong = problems.length > 0 ? [] : tariffProblems(content);
    all.push(
      ...problems,
      ...wrong.map(({ path, expected, data }) => ({
        key: `${basename(file)} ${path.map(String).join(".")}`,
        message: expected === null ? "is missing" : `must be ${expected}, not ${display(data)}`,
      })),
    );
    if (problems.length === 0 && wrong.length === 0) {
      tariffs.push(...(content as unknown as TariffFile).tables);
    }
  }
  if (all.length > 0) {
    throw new ConfigError(all);
  }
  return tariffs;
}
