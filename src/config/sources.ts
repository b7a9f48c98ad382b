import { stripVTControlCharacters } from "node:util";

/** Environment variables and the keys that they set. The text of `number` variables is read as a number. */
const ENVIRONMENT = {
  DATABASE_URL: { key: "database.url" },
  DB_HOST: { key: "database.host" },
  DB_PORT: { key: "database.port", kind: "number" },
  DB_USER: { key: "database.user" },
  DB_PASSWORD: { key: "database.password" },
  DB_NAME: { key: "database.name" },
  CHE168_API_KEY: { key: "upstream.apiKey" },
  CHE168_ACCESS_NAME: { key: "upstream.accessName" },
  CHE168_BASE_URL: { key: "upstream.baseUrl" },
  SECRET_KEY: { key: "tokens.secretKey" },
  API_HOST: { key: "api.host" },
  API_PORT: { key: "api.port", kind: "number" },
  LOG_LEVEL: { key: "logging.level", kind: "word" },
  LOG_DIR: { key: "logging.dir", kind: "path or false" },
} as const satisfies Record<string, Binding>;

/** Command-line flags, without their dashes, and the keys that they set. */
const FLAGS = {
  host: { key: "api.host" },
  port: { key: "api.port", kind: "number" },
  "batch-size": { key: "normalizer.batchSize", kind: "number" },
} as const satisfies Record<string, Binding>;

interface Binding {
  readonly key: string;
  readonly kind?: "number" | "word" | "path or false";
}

/** A flag that can stand for a key of the configuration. */
export type ConfigFlag = keyof typeof FLAGS;

/** Where a value came from; the higher rank wins. */
export const RANK = { default: 0, file: 1, dotenv: 2, environment: 3, flag: 4 } as const;

export interface Origin {
  readonly rank: number;
  /** The key as the user wrote it: `api.port`, `API_PORT`, `--port`. */
  readonly label: string;
  /** The file in which it stands, when it stands in one. */
  readonly file?: string;
}

/** One value for one key, from one source. */
export interface Setting extends Origin {
  readonly key: string;
  readonly value: unknown;
}

/** Keys whose values are in no message, log or error. A base URL may carry a key that someone pasted with it. */
const SECRET_KEYS: readonly string[] = [
  "database.url",
  "database.password",
  "database.replicas",
  "upstream.apiKey",
  "upstream.baseUrl",
  "tokens.secretKey",
];

export const isSecretKey = (key: string): boolean =>
  SECRET_KEYS.some(
    (secret) => key === secret || key.startsWith(`${secret}[`) || key.startsWith(`${secret}.`),
  );

/** Text that is no number stays text, so that the schema says what would be right. */
function read(text: string, kind: Binding["kind"]): unknown {
  const trimmed = text.trim();
  if (kind === "number") {
    return /^[+-]?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
  }
  if (kind === "path or false" && trimmed.toLowerCase() === "false") {
    return false;
  }
  return kind === "word" ? trimmed.toLowerCase() : text;
}

/** What the environment sets. An empty variable counts as not set. */
export function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  origin: { rank: number; file?: string },
): Setting[] {
  return Object.entries(ENVIRONMENT).flatMap(([name, binding]: [string, Binding]) => {
    const text = env[name];
    return text === undefined || text.trim() === ""
      ? []
      : [{ ...origin, label: name, key: binding.key, value: read(text, binding.kind) }];
  });
}

/** What the command line sets; a flag that was not given is `undefined`. */
export function fromFlags(flags: Readonly<Partial<Record<ConfigFlag, unknown>>>): Setting[] {
  return Object.entries(FLAGS).flatMap(([name, binding]: [string, Binding]) => {
    const value = flags[name as ConfigFlag];
    return value === undefined
      ? []
      : [
          {
            rank: RANK.flag,
            label: `--${name}`,
            key: binding.key,
            value: typeof value === "string" ? read(value, binding.kind) : value,
          },
        ];
  });
}

/** A value as a message shows it: short, on one line, without control characters. */
export function shown(value: unknown): string {
  const text =
    typeof value === "string" || (typeof value === "object" && value !== null)
      ? JSON.stringify(value)
      : String(value);
  const clean = stripVTControlCharacters(text ?? "undefined");
  return clean.length > 60 ? `${clean.slice(0, 57)}...` : clean;
}
