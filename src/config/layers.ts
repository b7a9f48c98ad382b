import { stripVTControlCharacters } from "node:util";
import type { ConfigProblem } from "../errors.ts";
import { closest } from "../util/closest.ts";
import { configKeys } from "./config-keys.ts";

/** Environment variables and the keys that they set. A `number` is parsed. */
const ENVIRONMENT: Readonly<Record<string, Binding>> = {
  DATABASE_URL: { key: "database.url" },
  DB_HOST: { key: "database.host" },
  DB_PORT: { key: "database.port", kind: "number" },
  DB_USER: { key: "database.user" },
  DB_PASSWORD: { key: "database.password", kind: "verbatim" },
  DB_NAME: { key: "database.name" },
  CHE168_API_KEY: { key: "upstream.apiKey" },
  CHE168_ACCESS_NAME: { key: "upstream.accessName" },
  CHE168_BASE_URL: { key: "upstream.baseUrl" },
  CHE168_EXPORT_URL: { key: "upstream.export.url" },
  CHE168_EXPORT_USER: { key: "upstream.export.user" },
  CHE168_EXPORT_PASSWORD: { key: "upstream.export.password" },
  SECRET_KEY: { key: "tokens.secretKey", kind: "verbatim" },
  API_HOST: { key: "api.host" },
  API_PORT: { key: "api.port", kind: "number" },
  LOG_LEVEL: { key: "logging.level", kind: "word" },
  LOG_DIR: { key: "logging.dir", kind: "path or false" },
};

/** Variables of docker-compose.yml, which reads the same `.env`. */
const FOREIGN_VARIABLES = ["CHE168_VERSION"];

/** Command-line flags, without their dashes, and the keys that they set. */
const FLAGS = {
  host: { key: "api.host" },
  port: { key: "api.port", kind: "number" },
  "batch-size": { key: "normalizer.batchSize", kind: "number" },
} as const satisfies Record<string, Binding>;

interface Binding {
  readonly key: string;
  /** How the text is read; by default it is trimmed. */
  readonly kind?: "number" | "word" | "path or false" | "verbatim";
}

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A command-line flag that overrides a key. */
export type ConfigFlag = keyof typeof FLAGS;

/** The sources of values; the higher rank wins. */
export const RANK = { default: 0, file: 1, dotenv: 2, environment: 3, flag: 4 } as const;

/** Where a value comes from. */
export interface Origin {
  readonly rank: number;
  /** The key as the user wrote it: `api.port`, `API_PORT`, `--port`. */
  readonly label: string;
  /** The file that contains it, if any. */
  readonly file?: string | undefined;
}

/** A value for a key, from one source. */
interface Setting extends Origin {
  readonly key: string;
  readonly value: unknown;
}

/** An unchecked configuration. */
export type Tree = Record<string, unknown>;

/** All sources merged. */
export interface Layers {
  readonly tree: Tree;
  /** By key; without an entry, the default applies. */
  readonly origins: Map<string, Origin>;
  readonly problems: readonly ConfigProblem[];
}

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Merges all sources: flags over the environment over `.env` over the configuration file. */
export function mergeLayers(sources: {
  readonly content: Tree;
  readonly path: string | undefined;
  readonly dotenv: Env;
  readonly env: Env;
  readonly flags: Readonly<Partial<Record<ConfigFlag, unknown>>>;
}): Layers {
  const { content, path, dotenv, env, flags } = sources;
  const origins = new Map<string, Origin>();
  const missing = new Map<string, ConfigProblem>();
  const expand = (value: unknown, key: string) =>
    expandVariables(value, key, { ...dotenv, ...env }, (name) => {
      const message = `needs the environment variable ${name}, which is not set`;
      missing.set(key, { key, message });
    });
  const tree = copyFile(content, "", (key, value) => {
    origins.set(key, { rank: RANK.file, label: key, file: path });
    return expand(value, key);
  });
  const settings = [
    ...fromEnvironment(dotenv, { rank: RANK.dotenv, file: ".env" }),
    ...fromEnvironment(env, { rank: RANK.environment }),
    ...fromFlags(flags),
  ];
  for (const { key, value, ...origin } of settings) {
    if (put(tree, key.split("."), value)) {
      origins.set(key, origin);
    }
  }
  // An overridden value needs no variable.
  const problems = [...missing.values()].filter(({ key }) => origins.get(key)?.rank === RANK.file);
  for (const { key } of problems) {
    remove(tree, key.split("."));
  }
  dropOutrankedAddress(tree, origins);
  return { tree, origins, problems };
}

/** Copies a file's content, each value through `read`. */
function copyFile(from: Tree, prefix: string, read: (key: string, value: unknown) => unknown): Tree {
  const { sections } = configKeys();
  return Object.fromEntries(
    Object.entries(from)
      // A YAML section with all its lines commented out is null.
      .filter(([name, value]) => value !== undefined && !(value === null && sections.has(prefix + name)))
      .map(([name, value]) => {
        const key = prefix + name;
        return [
          name,
          isTree(value) && sections.has(key) ? copyFile(value, `${key}.`, read) : read(key, value),
        ];
      }),
  );
}

const VARIABLE = /\$(\$?)\{([A-Za-z_]\w*)\}/g;

/**
 * Replaces `${NAME}` in all strings; `$${NAME}` escapes the literal text. A value that consists of one variable becomes
 * a number, true or false if its key requires one.
 */
function expandVariables(value: unknown, key: string, env: Env, onMissing: (name: string) => void): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => expandVariables(item, key, env, onMissing));
  }
  if (isTree(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, expandVariables(item, key, env, onMissing)]),
    );
  }
  if (typeof value !== "string") {
    return value;
  }
  const text = value.replace(VARIABLE, (match, escaped: string, name: string) => {
    if (escaped !== "") {
      return match.slice(1);
    }
    const found = env[name];
    if (found === undefined || found === "") {
      onMissing(name);
    }
    return found ?? "";
  });
  const isVariable = new RegExp(`^${VARIABLE.source}$`).test(value.trim()) && !value.includes("$$");
  const literal = /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(text.trim()) ? JSON.parse(text.trim()) : text;
  return isVariable && literal !== text && configKeys().allows(key, literal) ? literal : text;
}

/** Puts a value into a tree. False where the file has something other than a section: the schema reports it. */
function put(tree: Tree, [name, ...rest]: readonly string[], value: unknown): boolean {
  if (name === undefined) {
    return false;
  }
  if (rest.length === 0) {
    tree[name] = value;
    return true;
  }
  tree[name] ??= {};
  const section = tree[name];
  return isTree(section) && put(section, rest, value);
}

function remove(tree: Tree, [name = "", ...rest]: readonly string[]): void {
  const section = tree[name];
  if (rest.length === 0) {
    delete tree[name];
  } else if (isTree(section)) {
    remove(section, rest);
  }
}

/** The parts of a server's address that replace, or are replaced by, `database.url`. */
export const ADDRESS_PARTS = ["host", "port", "user", "password", "name"] as const;

/** Keeps the database address of the highest-ranked source: DATABASE_URL replaces `database.host` of the file entirely. */
function dropOutrankedAddress(tree: Tree, origins: ReadonlyMap<string, Origin>): void {
  const { database } = tree;
  if (!isTree(database) || database.url === undefined) {
    return;
  }
  const rankOf = (name: string) => origins.get(`database.${name}`)?.rank ?? RANK.default;
  const urlRank = rankOf("url");
  if (database.host !== undefined && rankOf("host") > urlRank) {
    delete database.url;
  } else if (ADDRESS_PARTS.every((part) => rankOf(part) < urlRank)) {
    for (const part of ADDRESS_PARTS) {
      delete database[part];
    }
  }
}

/** The value of a variable or flag. An invalid number stays text, so that the schema reports it. */
function parsed(text: string, kind: Binding["kind"]): unknown {
  if (kind === "verbatim") {
    return text;
  }
  const trimmed = text.trim();
  if (kind === "number") {
    return /^[+-]?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
  }
  if (kind === "path or false" && trimmed.toLowerCase() === "false") {
    return false;
  }
  return kind === "word" ? trimmed.toLowerCase() : trimmed;
}

/** The settings of an environment. An empty variable counts as unset. */
export function fromEnvironment(env: Env, origin: { rank: number; file?: string }): Setting[] {
  return Object.entries(ENVIRONMENT).flatMap(([name, { key, kind }]) => {
    const text = env[name];
    return text === undefined || text.trim() === ""
      ? []
      : [{ ...origin, label: name, key, value: parsed(text, kind) }];
  });
}

/** The settings of the command line. */
function fromFlags(flags: Readonly<Partial<Record<ConfigFlag, unknown>>>): Setting[] {
  return Object.entries(FLAGS).flatMap(([name, { key, kind }]: [string, Binding]) => {
    const value = flags[name as ConfigFlag];
    return value === undefined
      ? []
      : [
          {
            rank: RANK.flag,
            label: `--${name}`,
            key,
            value: typeof value === "string" ? parsed(value, kind) : value,
          },
        ];
  });
}

/** Warnings about variables that are probably misspelt: unknown `CHE168_…`, and near misses of the other names. */
export function unknownVariables(env: Env, where: string, referenced: ReadonlySet<string>): string[] {
  const known = Object.keys(ENVIRONMENT);
  return Object.keys(env).flatMap((name) => {
    if (known.includes(name) || FOREIGN_VARIABLES.includes(name) || referenced.has(name)) {
      return [];
    }
    const guess = closest(name, known);
    const prefix = /^(?:CHE168|DATABASE|DB|API|LOG|SECRET)_/.exec(name)?.[0];
    return prefix === "CHE168_" || (prefix !== undefined && guess?.startsWith(prefix) && !(guess in env))
      ? [`${where}: unknown variable ${name}${guess === undefined ? "" : `; did you mean ${guess}?`}`]
      : [];
  });
}

/** Names of the variables that a configuration file refers to. */
export const referencedVariables = (content: Tree): ReadonlySet<string> =>
  new Set([...JSON.stringify(content).matchAll(VARIABLE)].map(([, , name]) => name ?? ""));

/** A value in a message: short, on one line, without control characters. */
export function display(value: unknown): string {
  const text =
    typeof value === "string" || (typeof value === "object" && value !== null)
      ? JSON.stringify(value)
      : String(value);
  const clean = stripVTControlCharacters(text ?? "undefined");
  return clean.length > 60 ? `${clean.slice(0, 57)}...` : clean;
}
