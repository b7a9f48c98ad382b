import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** For one step, on a loaded machine; a test has two minutes. */
const PATIENCE_MS = 100_000;
/** Disables the browser's own network traffic. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page, with the hosts that it contacts and the errors that the browser reports. */
export interface WatchedPage {
  readonly page: Page;
  readonly hosts: ReadonlySet<string>;
  readonly errors: readonly string[];
}

/** The system's Chromium with an empty profile. */
export async function openBrowser(): Promise<{
  readonly context: BrowserContext;
  open(url: string, size?: { readonly width: number; readonly height: number }): Promise<WatchedPage>;
  close(): Promise<void>;
}> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `Chromium was not found at ${CHROMIUM}: install the distribution's package, or set CHROMIUM`,
    );
  }
  const profile = await mkdtemp(join(tmpdir(), "che168-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: FLAGS,
    headless: true,
    locale: "en-GB",
    timeout: PATIENCE_MS,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    context,
    open: async (url, size) => {
      const page = await context.newPage();
      if (size !== undefined) {
        await page.setViewportSize(size);
      }
      const hosts = new Set<string>();
      const errors: string[] = [];
      page.on("request", (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith("http")) {
          hosts.add(host);
        }
      });
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(url);
      return { page, hosts, errors };
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
