import { basename, resolve } from "node:path";
import { type ArkError, type } from "arktype";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { closest } from "../util/closest.ts";
import { expectedOf } from "../util/expected.ts";
import { isWorldReadable, readConfigFile, readDotenv } from "./config-file.ts";
import { configKeys } from "./config-keys.ts";
import {
  type ConfigFlag,
  display,
  type Env,
  type Layers,
  mergeLayers,
  type Origin,
  RANK,
  referencedVariables,
  unknownVariables,
} from "./layers.ts";
import { relationProblems } from "./relations.ts";
import { configSchema, type ResolvedConfig, type UserConfig } from "./schema.ts";
import { containsSecret, isSecretKey } from "./secrets.ts";

/** Sources of the configuration. */
export interface LoadConfigOptions {
  /** Directory of `.env` and the configuration file; paths are relative to it. @default process.cwd() */
  readonly cwd?: string | undefined;
  /** @default process.env */
  readonly env?: Env | undefined;
  /** Values from the command line, by flag name without dashes; they take precedence. */
  readonly flags?: Readonly<Partial<Record<ConfigFlag, unknown>>> | undefined;
  /** A configuration file to use instead of `che168.config.*` in `cwd`. */
  readonly configFile?: string | undefined;
  /** Receives messages about misspelt variables, readable secrets and ignored files. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Types a configuration file: `export default defineConfig({ … })`. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}

/**
 * Loads the configuration: flags over the environment over `.env` over `che168.config.*` over defaults. Paths become
 * absolute.
 *
 * @throws ConfigError with all problems, each under the key as the user wrote it
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<ResolvedConfig> {
  return (await resolveConfig(options)).config;
}

/** A configuration and where its values come from. */
export interface Resolution {
  readonly config: ResolvedConfig;
  /** By key; without an entry, the default applies. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Absolute path of the configuration file. */
  readonly path: string | undefined;
}

/**
 * As `loadConfig`, with the origin of each value.
 *
 * @throws ConfigError
 */
export async function resolveConfig({
  cwd: directory = process.cwd(),
  env = process.env,
  flags = {},
  configFile,
  onWarning,
}: LoadConfigOptions = {}): Promise<Resolution> {
  const cwd = resolve(directory);
  const file = await readConfigFile(cwd, configFile, { "che168-sync": { defineConfig } });
  const dotenv = await readDotenv(cwd);
  const layers = mergeLayers({ content: file.content, path: file.path, dotenv: dotenv.env, env, flags });
  const { tree, origins } = layers;
  if (onWarning !== undefined) {
    const referenced = referencedVariables(file.content);
    const warnings = [
      ...unknownVariables(dotenv.env, ".env", referenced),
      ...unknownVariables(env, "Environment", referenced),
      ...file.ignored.map((name) => `${name} is ignored; ${basename(file.path ?? "")} takes precedence`),
      ...(await permissionWarnings(cwd, dotenv.env, file)),
    ];
    warnings.forEach(onWarning);
  }

  const problems = [
    ...file.problems,
    ...dotenv.problems,
    ...layers.problems,
    ...relationProblems(tree, origins),
  ];
  const checked = configSchema(tree);
  if (checked instanceof type.errors) {
    problems.push(...[...checked].map((error) => problemOf(error, origins)));
  } else if (problems.length === 0) {
    return { config: withAbsolutePaths(checked, cwd), origins, path: file.path };
  }
  throw new ConfigError(problems);
}

async function permissionWarnings(
  cwd: string,
  dotenv: Env,
  file: { readonly path: string | undefined; readonly content: Record<string, unknown> },
): Promise<string[]> {
  const fromDotenv = mergeLayers({ content: {}, path: undefined, dotenv, env: {}, flags: {} });
  const fromFile: Layers = { tree: file.content, origins: new Map(), problems: [] };
  const candidates = [
    { path: resolve(cwd, ".env"), tree: fromDotenv.tree },
    ...(file.path === undefined ? [] : [{ path: file.path, tree: fromFile.tree }]),
  ];
  const warnings: string[] = [];
  for (const { path, tree } of candidates) {
    if (containsSecret(tree) && (await isWorldReadable(path))) {
      warnings.push(
        `${basename(path)} contains secrets and is readable by every user of this machine: chmod 600 ${path}`,
      );
    }
  }
  return warnings;
}

/** The upstream options of commands that read the service. */
export type UpstreamConfig = ResolvedConfig["upstream"] & { readonly apiKey: string };

/**
 * The upstream part of a configuration, with the account.
 *
 * @throws ConfigError if the account is missing
 */
export function requireUpstream(config: ResolvedConfig): UpstreamConfig {
  const { apiKey } = config.upstream;
  if (apiKey === undefined) {
    const message = "is missing; set it to the key of your account (or use upstream.apiKey)";
    throw new ConfigError([{ key: "CHE168_API_KEY", message }]);
  }
  return { ...config.upstream, apiKey };
}

/**
 * The account of the daily files.
 *
 * @throws ConfigError without their address
 */
export function requireExport({
  upstream,
}: ResolvedConfig): UpstreamConfig["export"] & { readonly url: string } {
  const { url } = upstream.export;
  if (url === undefined) {
    const message =
      "is missing; set it to the address of the daily files, everything before /{YYYY-MM-DD}/, or name a file: --from-export FILE";
    throw new ConfigError([{ key: "CHE168_EXPORT_URL", message }]);
  }
  return { ...upstream.export, url };
}

/** A problem under the key as the user wrote it, with the expected and the received value. */
function problemOf(error: ArkError, origins: ReadonlyMap<string, Origin>): ConfigProblem {
  const key = error.path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
  const { origin, parent } = originOf(key, origins);
  const label = origin === undefined ? key : origin.label + key.slice(parent.length);
  const { keys, sections } = configKeys();
  const where = origin?.rank === RANK.dotenv ? " (in .env)" : "";
  if (error.expected === "removed") {
    const guess = closest(key, [...keys, ...sections]);
    return {
      key: label,
      message: `is not a setting${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    };
  }
  const received = isSecretKey(key) || sections.has(key) ? "" : `, not ${display(error.data)}`;
  return { key: label, message: `must be ${expectedOf(error)}${received}${where}` };
}

/** The origin of a key, or of the list or object that contains it. */
function originOf(
  key: string,
  origins: ReadonlyMap<string, Origin>,
): { readonly origin: Origin | undefined; readonly parent: string } {
  for (const [parent, origin] of origins) {
    if (key === parent || key.startsWith(`${parent}[`) || key.startsWith(`${parent}.`)) {
      return { origin, parent };
    }
  }
  return { origin: undefined, parent: key };
}

function withAbsolutePaths(config: ResolvedConfig, cwd: string): ResolvedConfig {
  const { logging, database, vocabulary, customs } = config;
  return {
    ...config,
    logging: { ...logging, dir: logging.dir === false ? false : resolve(cwd, logging.dir) },
    database: {
      ...database,
      dataDir: database.dataDir.startsWith("memory:") ? database.dataDir : resolve(cwd, database.dataDir),
    },
    customs: { ...customs, tariffs: customs.tariffs.map((file) => resolve(cwd, file)) },
    vocabulary:
      vocabulary.file === undefined ? vocabulary : { ...vocabulary, file: resolve(cwd, vocabulary.file) },
  };
}
