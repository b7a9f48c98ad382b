import type { ResolvedConfig } from "./schema.ts";

const HIDDEN = "[hidden]";

/**
 * Keys whose values appear in no message. `upstream.baseUrl` can contain a key that was pasted with it; the URLs of
 * `database` contain passwords.
 */
const SECRET_KEYS = [
  "database.url",
  "database.password",
  "database.replicas",
  "upstream.apiKey",
  "upstream.baseUrl",
  "tokens.secretKey",
] as const;

/** Names of settings, at any depth, that hold a secret. */
const SECRET_NAME = /(?:^|[a-z_])(?:password|secret|secretkey|token|apikey)$/i;
/** The password of a URL, and query parameters that hold a secret. */
const URL_PASSWORD = /^([a-z][\w+.-]*:\/\/[^/?#:]*:)[^/?#]+(?=@)/i;
const URL_PARAMETER = /([?&][^=&#]*(?:key|token|secret|password|sig)[^=&#]*=)[^&#]+/gi;

export const isSecretKey = (key: string): boolean =>
  SECRET_KEYS.some((one) => key === one || key.startsWith(`${one}[`) || key.startsWith(`${one}.`)) ||
  SECRET_NAME.test(
    key
      .replace(/\[\d+\]$/, "")
      .split(".")
      .at(-1) ?? "",
  );

/** Whether a configuration tree contains a secret itself, rather than a `${NAME}`. */
export function containsSecret(tree: unknown, key = ""): boolean {
  if (typeof tree === "object" && tree !== null) {
    return Object.entries(tree).some(([name, value]) =>
      containsSecret(value, Array.isArray(tree) ? key : `${key}${key === "" ? "" : "."}${name}`),
    );
  }
  if (typeof tree !== "string" || tree === "" || /^\$\{\w+\}$/.test(tree.trim())) {
    return false;
  }
  return tree.includes("://") ? maskUrl(tree) !== tree && !/\$\{\w+\}/.test(tree) : isSecretKey(key);
}

/** Hides the password and secret parameters of a URL. */
const maskUrl = (url: string): string =>
  url.replace(URL_PASSWORD, `$1${HIDDEN}`).replace(URL_PARAMETER, `$1${HIDDEN}`);

/** A value for display: secrets are hidden, also inside URLs, lists and objects. */
export function masked(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => masked(item, key));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, masked(item, `${key}.${name}`)]),
    );
  }
  if (typeof value !== "string") {
    return value;
  }
  return value.includes("://") ? maskUrl(value) : isSecretKey(key) ? HIDDEN : value;
}

/** All secrets of a configuration, for the redaction of logs: passwords inside URLs as written and as decoded. */
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
