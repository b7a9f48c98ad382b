import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import type { ConfigProblem } from "../errors.ts";

/** What a configuration file said, or why it could not be read. */
export interface ConfigFile {
  /** Absolute path; undefined when there is none. */
  readonly path: string | undefined;
  readonly content: Record<string, unknown>;
  readonly problems: readonly ConfigProblem[];
}

const NAME = "che168.config";
const EXTENSIONS = [".ts", ".js", ".mjs", ".json", ".yaml", ".yml"];

/**
 * Finds and reads the configuration file of a directory, or the one that was named.
 *
 * @param cwd absolute path of the directory in which the program works
 * @param named path of the file, when the user named one; relative to `cwd`
 * @param virtualModules what `import … from "che168-sync"` gives inside the file, so that it also works where the
 *   package is installed globally
 */
export async function readConfigFile(
  cwd: string,
  named: string | undefined,
  virtualModules: Record<string, unknown>,
): Promise<ConfigFile> {
  const found = named === undefined ? await find(cwd) : [resolve(cwd, named)];
  const [path, ...others] = found;
  if (path === undefined) {
    return { path, content: {}, problems: [] };
  }
  const name = named ?? basename(path);
  const failed = (message: string): ConfigFile => ({ path, content: {}, problems: [{ key: name, message }] });
  if (others.length > 0) {
    return failed(
      `must be the only one of its kind; there is ${others.map((other) => basename(other)).join(", ")} too`,
    );
  }
  if (!EXTENSIONS.includes(extname(path))) {
    return failed(`must end in ${EXTENSIONS.join(", ")}`);
  }
  try {
    const source = await readFile(path, "utf8");
    const content = holdsNothing(source) ? {} : await load(path, virtualModules);
    return typeof content === "object" && content !== null && !Array.isArray(content)
      ? // Without the symbols by which a parser remembers how the file was written.
        { path, content: Object.fromEntries(Object.entries(content)), problems: [] }
      : failed("must hold (or export as default) an object of settings");
  } catch (error) {
    return failed(`cannot be read: ${firstLine(error)}`);
  }
}

async function find(cwd: string): Promise<string[]> {
  const names = await readdir(cwd).catch((): string[] => []);
  return EXTENSIONS.map((extension) => NAME + extension)
    .filter((name) => names.includes(name))
    .map((name) => resolve(cwd, name));
}

/** A YAML file with every line commented out is null to a parser, and c12 fails on null. */
const holdsNothing = (source: string): boolean =>
  source.split(/\r?\n/).every((line) => /^\s*(?:#.*|---)?$/.test(line));

/** c12 reads the file and nothing else: no rc files, no `extends`, no `$production`, no merging that joins lists. */
async function load(path: string, virtualModules: Record<string, unknown>): Promise<unknown> {
  const { loadConfig } = await import("c12");
  const { config } = await loadConfig({
    name: "che168",
    cwd: dirname(path),
    configFile: basename(path),
    rcFile: false,
    globalRc: false,
    packageJson: false,
    dotenv: false,
    envName: false,
    extend: false,
    giget: false,
    merger: (...layers) => layers.find((layer) => layer !== undefined && layer !== null) ?? {},
    jitiOptions: { virtualModules },
  });
  return config;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n", 1)[0] ?? "";
}
