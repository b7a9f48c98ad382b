import { isIP } from "node:net";
import { parseIntoClientConfig } from "pg-connection-string";
import { ConfigError } from "../../errors.ts";

const FORM =
  "must be postgres://user:password@host:5432/name, special characters in the password percent-encoded";
const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full", "no-verify"];

/**
 * Parses `postgres://user:password@host:port/name?sslmode=…` for node-postgres. `sslmode` as in libpq:
 * `require` encrypts without verifying the certificate unless `sslrootcert` is given; `verify-full` verifies it and the
 * host name, against the system's authorities or `sslrootcert`. node-postgres reads `require` as `verify-full`, and warns
 * on every start that this will change. `no-verify` is its own name for `require` without a root certificate.
 *
 * @throws ConfigError for another kind of address, an unknown mode or an unreadable certificate file
 */
export function parseServerUrl(url: string) {
  const escaped = url.replace(/ /g, "%20");
  if (!/^postgres(?:ql)?:\/\//.test(escaped) || !URL.canParse(escaped)) {
    throw wrongUrl(FORM);
  }
  const { searchParams } = new URL(escaped);
  const mode = searchParams.get("sslmode");
  if (mode !== null && !SSL_MODES.includes(mode)) {
    throw wrongUrl(`sslmode must be one of ${SSL_MODES.join(", ")} (is ${JSON.stringify(mode)})`);
  }
  if (mode === "verify-ca" && !searchParams.has("sslrootcert")) {
    throw wrongUrl("sslmode=verify-ca needs sslrootcert, the file with the authority's certificate");
  }
  // `no-verify` and libpq's modes are parsed by two different branches of the package.
  const isLibpqMode = mode !== null && mode !== "no-verify" && !searchParams.has("uselibpqcompat");
  try {
    const config = parseIntoClientConfig(isLibpqMode ? withParameter(url, "uselibpqcompat=true") : url);
    // Without this, node-postgres verifies a server that is addressed by its IP as if it were `localhost`.
    return typeof config.ssl === "object" && isIP(config.host ?? "") !== 0
      ? { ...config, ssl: { ...config.ssl, host: config.host } }
      : config;
  } catch (cause) {
    const { code, path } = cause as { code?: string; path?: string };
    throw wrongUrl(path === undefined ? FORM : `the file ${path} cannot be read (${code})`, cause);
  }
}

const withParameter = (url: string, parameter: string): string =>
  `${url}${url.includes("?") ? "&" : "?"}${parameter}`;

const wrongUrl = (message: string, cause?: unknown) =>
  new ConfigError([{ key: "database.url", message }], { cause });
