import { HIDDEN, maskUrl, URL_PASSWORD } from "../util/mask-url.ts";
import type { ResolvedConfig } from "./schema.ts";

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

/** Receivers of messages: the path of their address may be a secret, and an entry contains several. */
const RECEIVER = /^(?:notify|webhooks)(?:\[\d+\])?(?:\.url)?$/;

/** Names of settings, at any depth, that hold a secret. */
const SECRET_NAME = /(?:^|[a-z_])(?:password|secret|secretkey|token|apikey)$/i;

const hasSecretName = (key: string): boolean =>
  SECRET_NAME.test(
    key
      .replace(/\[\d+\]$/, "")
      .split(".")
      .at(-1) ?? "",
  );

/** Whether a value is a URL rather than a password that looks like one. */
const isUrl = (value: string, key: string): boolean => value.includes("://") && !hasSecretName(key);

export const isSecretKey = (key: string): boolean =>
  SECRET_KEYS.some((one) => key === one || key.startsWith(`${one}[`) || key.startsWith(`${one}.`)) ||
  RECEIVER.test(key) ||
  hasSecretName(key);

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
  return isUrl(tree, key) ? maskSettingUrl(tree, key) !== tree && !/\$\{\w+\}/.test(tree) : isSecretKey(key);
}

/** Hides the password and secret parameters of a URL; of a receiver everything but the host. */
function maskSettingUrl(url: string, key: string): string {
  if (RECEIVER.test(key) && URL.canParse(url)) {
    const { origin, pathname, search } = new URL(url);
    return pathname + search === "/" ? origin : `${origin}/${HIDDEN}`;
  }
  return maskUrl(url);
}

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
  return isUrl(value, key) ? maskSettingUrl(value, key) : isSecretKey(key) ? HIDDEN : value;
}

/** All secrets of a configuration, for the redaction of logs; passwords inside URLs as written and as decoded. */
export function secretsOf(config: ResolvedConfig): string[] {
  const secrets = new Set<string>();
  const walk = (value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) {
        walk(item, key);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        walk(item, key === "" ? name : `${key}.${name}`);
      }
    } else if (typeof value === "string" && isUrl(value, key)) {
      if (RECEIVER.test(key) && maskSettingUrl(value, key) !== value) {
        secrets.add(value).add(value.slice(value.indexOf("/", value.indexOf("://") + 3)));
      }
      const password = URL_PASSWORD.exec(value)?.[2];
      if (password !== undefined) {
        secrets.add(value).add(password).add(percentDecoded(password));
      }
    } else if (typeof value === "string" && value !== "" && isSecretKey(key)) {
      secrets.add(value);
    }
  };
  walk(config, "");
  return [...secrets];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare % is literal.
    return text;
  }
}
