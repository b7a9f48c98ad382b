import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { type } from "arktype";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { closest } from "../util/closest.ts";
import { readConfigFile } from "./config-file.ts";
import { layOver, originOf } from "./layers.ts";
import { dropOutrankedAddress, relationProblems } from "./relations.ts";
import { configKeys, configSchema, type ResolvedConfig, type UserConfig } from "./schema.ts";
import {
  type ConfigFlag,
  fromEnvironment,
  fromFlags,
  isSecretKey,
  type Origin,
  RANK,
  type Setting,
  shown,
} from "./sources.ts";

export type { ResolvedConfig, UserConfig } from "./schema.ts";
export type { ConfigFlag } from "./sources.ts";

export interface LoadConfigOptions {
  /** Directory whose `.env` and configuration file count, and to which paths are relative. @default process.cwd() */
  readonly cwd?: string | undefined;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What the command line said, by flag name without dashes; it goes before everything else. */
  readonly flags?: Readonly<Partial<Record<ConfigFlag, unknown>>> | undefined;
  /** A configuration file other than `che168.config.*` in `cwd`. */
  readonly configFile?: string | undefined;
}

/** Gives a configuration file its types and hints: `export default defineConfig({ … })`. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}

/**
 * Gathers the configuration: flag over environment over `.env` over `che168.config.*` over default; checks it as a
 * whole and makes paths absolute.
 *
 * @throws ConfigError with every problem, each under the key as the user wrote it
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<ResolvedConfig> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const file = await readConfigFile(cwd, options.configFile, { "che168-sync": { defineConfig } });
  const dotenv = await readDotenv(cwd);
  const layers: Setting[] = [
    ...dotenv.settings,
    ...fromEnvironment(options.env ?? process.env, { rank: RANK.environment }),
    ...fromFlags(options.flags ?? {}),
  ];

  const { tree, origins } = layOver(file.content, file.path, layers);
  dropOutrankedAddress(tree, origins);
  const problems = [...file.problems, ...dotenv.problems, ...relationProblems(tree, origins)];
  const checked = configSchema(tree);
  if (checked instanceof type.errors) {
    problems.push(...[...checked].map((error) => problemOf(error, origins)));
  } else if (problems.length === 0) {
    return withAbsolutePaths(checked, cwd);
  }
  throw new ConfigError(problems);
}

/** What a command that reads the service needs besides the defaults. */
export type UpstreamConfig = ResolvedConfig["upstream"] & { readonly apiKey: string };

/**
 * The upstream part of a configuration, with the account in it.
 *
 * @throws ConfigError that names what is missing
 */
export function requireUpstream(config: ResolvedConfig): UpstreamConfig {
  const { apiKey } = config.upstream;
  if (apiKey === undefined) {
    const message = "is missing; set it to the key of your account (or use upstream.apiKey)";
    throw new ConfigError([{ key: "CHE168_API_KEY", message }]);
  }
  return { ...config.upstream, apiKey };
}

/** Every secret of a configuration, for the redaction of logs. */
export function secretsOf(config: ResolvedConfig): string[] {
  const { database, upstream, tokens } = config;
  const urls = [database.url, ...database.replicas].filter((url) => url !== undefined);
  const passwords = urls.map((url) => new URL(url).password).filter((password) => password !== "");
  return [
    upstream.apiKey,
    tokens.secretKey,
    database.password,
    ...urls,
    ...passwords,
    ...passwords.map((password) => decodeURIComponent(password)),
  ].filter((secret) => secret !== undefined && secret !== "") as string[];
}

async function readDotenv(cwd: string): Promise<{ settings: Setting[]; problems: ConfigProblem[] }> {
  try {
    const text = await readFile(resolve(cwd, ".env"), "utf8");
    const env = parseEnv(text) as Record<string, string | undefined>;
    return { settings: fromEnvironment(env, { rank: RANK.dotenv, file: ".env" }), problems: [] };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A directory of that name is a Python environment, not ours.
    return code === "ENOENT" || code === "EISDIR"
      ? { settings: [], problems: [] }
      : { settings: [], problems: [{ key: ".env", message: `cannot be read: ${code}` }] };
  }
}

interface SchemaError {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
  readonly data: unknown;
}

/** A problem under the key as the user wrote it, with what would be right. */
function problemOf(error: SchemaError, origins: ReadonlyMap<string, Origin>): ConfigProblem {
  const key = error.path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
  const origin = originOf(key, origins);
  const label = origin === undefined ? key : origin.label + key.slice(origin.key.length);
  const { keys, sections } = configKeys();
  const where = origin?.file === ".env" ? " (in .env)" : "";
  if (error.expected === "removed") {
    const suggestion = closest(key, [...keys, ...sections]);
    const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
    return { key: label, message: `is not a setting${hint}` };
  }
  const is = isSecretKey(key) || sections.includes(key) ? "" : `, not ${shown(error.data)}`;
  return { key: label, message: `must be ${error.expected}${is}${where}` };
}

function withAbsolutePaths(config: ResolvedConfig, cwd: string): ResolvedConfig {
  const { logging, database, vocabulary } = config;
  return {
    ...config,
    logging: { ...logging, dir: logging.dir === false ? false : resolve(cwd, logging.dir) },
    database: {
      ...database,
      dataDir: database.dataDir.startsWith("memory:") ? database.dataDir : resolve(cwd, database.dataDir),
    },
    vocabulary:
      vocabulary.file === undefined ? vocabulary : { ...vocabulary, file: resolve(cwd, vocabulary.file) },
  };
}
