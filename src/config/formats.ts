import { isIP } from "node:net";

// Formats of strings in the configuration. Pure.

const parsedUrl = (value: string): URL | undefined => (URL.canParse(value) ? new URL(value) : undefined);

export function isHttpBase(value: string): boolean {
  const url = parsedUrl(value);
  return (
    (url?.protocol === "http:" || url?.protocol === "https:") &&
    url.search === "" &&
    url.hash === "" &&
    url.username === "" &&
    url.password === ""
  );
}

export function isHttpUrl(value: string): boolean {
  const url = parsedUrl(value);
  return url?.protocol === "http:" || url?.protocol === "https:";
}

export function isOrigin(value: string): boolean {
  const url = parsedUrl(value);
  return value === "*" || ((url?.protocol === "http:" || url?.protocol === "https:") && url.origin === value);
}

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

export const isHost = (value: string): boolean => isIP(value) !== 0 || /^[\w.-]+$/.test(value);
