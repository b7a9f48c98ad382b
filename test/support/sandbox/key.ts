import { inspect } from "node:util";
import { expect } from "vitest";
import { KEY } from "./http-service.ts";

/** The key as encoded in URLs, forms, JSON, JavaScript and HTML. */
const FORMS = [
  KEY,
  encodeURIComponent(KEY),
  encodeURI(KEY),
  new URLSearchParams({ k: KEY }).toString().slice(2),
  JSON.stringify(KEY).slice(1, -1),
  KEY.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
  // The part that remains after truncation.
  "s3cret",
].map((form) => form.toLowerCase());

/** Fails if the values contain the key anywhere: message, stack, causes, own properties, getters, JSON, `inspect` output. */
export function expectNoKey(...values: readonly unknown[]): void {
  const texts: string[] = [];
  for (const value of values) {
    texts.push(JSON.stringify(value) ?? "", inspect(value, { depth: 20, showHidden: true, getters: true }));
    collect(value, texts, new Set());
  }
  for (const text of texts) {
    const found = FORMS.find((form) => text.toLowerCase().includes(form));
    expect(found, `the key is in: ${text.slice(0, 2000)}`).toBeUndefined();
  }
}

function collect(value: unknown, texts: string[], seen: Set<unknown>): void {
  if (typeof value === "string") {
    texts.push(value);
  }
  if (typeof value !== "object" || value === null || seen.has(value)) {
    return;
  }
  seen.add(value);
  for (const name of Reflect.ownKeys(value)) {
    texts.push(String(name));
    collect(Reflect.get(value, name), texts, seen);
  }
}
