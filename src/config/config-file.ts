import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import type { ConfigProblem } from "../errors.ts";
import { errorMessage } from "../util/error-message.ts";

/** The content of a configuration file, or the reason why it is unreadable. */
export interface ConfigFile {
  /** Absolute path; undefined without a file. */
  readonly path: string | undefined;
  readonly content: Record<string, unknown>;
  /** Names of further configuration files in the same directory. */
  readonly ignored: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

const NAME = "che168";

/**
 * Reads the configuration file of a directory, or the one that was named. c12 finds and parses it; if there are several,
 * its order decides (.js, .ts, .mjs, …, .json, …, .yaml).
 *
 * @param cwd absolute path
 * @param named path, relative to `cwd`
 * @param virtualModules modules that the file can import even if the package is installed globally
 */
export async function readConfigFile(
  cwd: string,
  named: string | undefined,
  virtualModules: Record<string, unknown>,
): Promise<ConfigFile> {
  const path = named === undefined ? undefined : resolve(cwd, named);
  const failed = (key: string, message: string): ConfigFile => ({
    path,
    content: {},
    ignored: [],
    problems: [{ key, message }],
  });
  // Without this check, c12 would accept a file of that name with a further extension.
  if (path !== undefined && !(await isFile(path))) {
    const found = await stat(path).catch(() => undefined);
    const reason = found === undefined ? `there is no file ${path}` : `${path} is a directory`;
    return failed(named ?? "", `cannot be read: ${reason}`);
  }
  const { loadConfig, SUPPORTED_EXTENSIONS } = await import("c12");
  const names = await existing(path === undefined ? SUPPORTED_EXTENSIONS : [], cwd);
  try {
    const { layers = [], _configFile } = await loadConfig({
      name: NAME,
      cwd: path === undefined ? cwd : dirname(path),
      configFile: path === undefined ? `${NAME}.config` : basename(path),
      rcFile: false,
      envName: false,
      extend: false,
      jitiOptions: { virtualModules },
    });
    if (_configFile === undefined) {
      return { path: undefined, content: {}, ignored: [], problems: [] };
    }
    const content: unknown = layers[0]?.config ?? {};
    return typeof content === "object" && !Array.isArray(content)
      ? {
          path: resolve(_configFile),
          // Without the symbols that confbox adds to remember the formatting.
          content: Object.fromEntries(Object.entries(content as object)),
          ignored: names.filter((name) => name !== basename(_configFile)),
          problems: [],
        }
      : failed(basename(_configFile), "must contain (or export as default) an object of settings");
  } catch (error) {
    const failedPath = path ?? resolve(cwd, names[0] ?? `${NAME}.config`);
    return (await isEmptyYaml(failedPath))
      ? { path: failedPath, content: {}, ignored: names.slice(1), problems: [] }
      : failed(named ?? basename(failedPath), `cannot be read: ${firstLine(error)}`);
  }
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true;

/** The configuration files of a directory, in c12's order. */
async function existing(extensions: readonly string[], cwd: string): Promise<string[]> {
  const names = await readdir(cwd).catch((): string[] => []);
  return extensions.map((extension) => `${NAME}.config${extension}`).filter((name) => names.includes(name));
}

/** A YAML file without content parses to null, on which c12 throws. */
async function isEmptyYaml(path: string): Promise<boolean> {
  return (
    [".yaml", ".yml"].includes(extname(path)) &&
    (await readFile(path, "utf8")).split(/\r?\n/).every((line) => /^\s*(?:#.*|---)?$/.test(line))
  );
}

function firstLine(error: unknown): string {
  return errorMessage(error).trim().split("\n", 1)[0] ?? "";
}

/** The variables of `.env`. A directory of that name is a Python environment and is ignored. */
export async function readDotenv(
  cwd: string,
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly problems: readonly ConfigProblem[] }> {
  const { loadDotenv } = await import("c12");
  try {
    return { env: (await loadDotenv({ cwd })) as Record<string, string>, problems: [] };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { env: {}, problems: [{ key: ".env", message: `cannot be read: ${code}` }] };
  }
}

/** Whether every user of the machine can read a file. Windows has no such permission bits. */
export async function isWorldReadable(path: string): Promise<boolean> {
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0;
  return process.platform !== "win32" && (mode & 0o004) !== 0;
}
