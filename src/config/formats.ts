import { isIP } from "node:net";

// Formats of strings in the configuration. Pure.

const parsedUrl = (value: string): URL | undefined => (URL.canParse(value) ? new URL(value) : undefined);

const httpUrl = (value: string): URL | undefined => {
  const url = parsedUrl(value);
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
};

export const isHttpUrl = (value: string): boolean => httpUrl(value) !== undefined;

/** An address to which paths are added: without query, fragment, user and password. */
export function isHttpBase(value: string): boolean {
  const url = httpUrl(value);
  return url !== undefined && url.search + url.hash + url.username + url.password === "";
}

/** `https://example.com`, or `*` for all. */
export const isOrigin = (value: string): boolean => value === "*" || httpUrl(value)?.origin === value;

export function isPostgresUrl(value: string): boolean {
  const url = parsedUrl(value);
  if (url?.protocol !== "postgres:" && url?.protocol !== "postgresql:") {
    return false;
  }
  try {
    // The driver rejects a bare % in a password, although it is a valid URL.
    decodeURIComponent(url.username + url.password + url.pathname);
    return true;
  } catch {
    return false;
  }
}

/** A host name or an IP address. */
export const isHost = (value: string): boolean => isIP(value) !== 0 || /^[\w.-]+$/.test(value);
