import { type FailureFacts, oneLine } from "./request-errors.ts";

/** A failed connection, for an error. */
export interface NetworkFailure {
  /** The cause and its code, in one line and without secrets. */
  readonly what: string;
  /** Of Node.js or OpenSSL: `ECONNREFUSED`. */
  readonly code: string | undefined;
  /** The host with its port, the cause and the remedy. */
  readonly reason: string;
  readonly facts: FailureFacts;
}

/**
 * Describes a failed connection.
 *
 * @param connection.settings what holds the address: "CHE168_BASE_URL"
 * @param connection.proxy the proxy in use
 */
export function describeNetworkFailure(
  error: unknown,
  connection: {
    readonly url: string;
    readonly settings: string;
    readonly proxy: string | undefined;
    readonly redact: (text: string) => string;
  },
): NetworkFailure {
  const { url, settings, proxy, redact } = connection;
  const original = rootCause(error);
  const code = codeOf(original);
  // The original is dropped: its message, and those it was wrapped in, may hold the whole URL.
  const cause = Object.assign(new Error(oneLine(redact(original.message || code || original.name))), {
    name: original.name,
    ...(code === undefined ? {} : { code }),
  });
  const what =
    code === undefined || cause.message.includes(code) ? cause.message : `${cause.message} (${code})`;
  const host = oneLine(redact(URL.parse(url)?.host ?? "the service"));
  const remedy = remedyOf(code, settings);
  const reason = [`the connection to ${host} failed: ${what}`, remedy, proxy]
    .filter((part) => part !== undefined)
    .join("; ");
  return { what, code, reason, facts: { retryable: true, cause } };
}

const UNREACHABLE = /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT)$/;
/** Codes of OpenSSL's verification, and Node.js's check of the host name. */
const CERTIFICATE = /CERT|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE/;
/** The other side does not speak TLS, or no common version. */
const TLS = /^(?:EPROTO|ERR_SSL_)/;

/** What to check; undefined where only waiting helps, such as after a reset. */
function remedyOf(code = "", settings: string): string | undefined {
  if (code === "ENOTFOUND") {
    return `there is no host of this name: check ${settings}, and the DNS of this machine`;
  }
  if (code === "EAI_AGAIN") {
    return `the name could not be looked up: check the network and the DNS of this machine, and ${settings}`;
  }
  if (UNREACHABLE.test(code)) {
    return `check ${settings}, the network, the firewall, and whether a proxy is needed (HTTPS_PROXY)`;
  }
  if (CERTIFICATE.test(code)) {
    return `the certificate is not accepted: check ${settings} and the clock of this machine; if a proxy replaces certificates, set NODE_EXTRA_CA_CERTS to its authority's`;
  }
  return TLS.test(code) ? `check ${settings}: the server may expect http:// instead of https://` : undefined;
}

/** The innermost cause of an error; of several attempts to connect, the first. */
function rootCause(error: unknown): Error {
  let current = error instanceof Error ? error : new Error(String(error));
  for (;;) {
    const next: unknown = current instanceof AggregateError ? current.errors[0] : current.cause;
    if (!(next instanceof Error)) {
      return current;
    }
    current = next;
  }
}

function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
