import { Console } from "node:console";
import { Writable } from "node:stream";
import { createConsola } from "consola";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import type { Logger } from "../../../src/logging/types.ts";
import { emptyServerDatabase } from "../../support/database/databases.ts";
import { clientOf, offers, serve } from "../../support/sandbox/service.ts";

/** A stream that collects its input. */
function sink(): { stream: Writable; text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

// Half of the test is that these lines compile without casts.
const loggers: Readonly<Record<string, (stream: Writable) => Logger>> = {
  console: (stream) => new Console({ stdout: stream, stderr: stream }),
  consola: (stream) =>
    createConsola({
      level: 4,
      stdout: stream as NodeJS.WriteStream,
      stderr: stream as NodeJS.WriteStream,
    }),
  pino: (stream) => pino({ level: "debug" }, stream),
};
const theConsole: Logger = console;

describe("a logger of the application, passed unchanged", () => {
  test.each(Object.keys(loggers))("%s receives every message in full", async (name) => {
    const { stream, text } = sink();
    const logger = loggers[name]?.(stream) ?? theConsole;
    const sandbox = await serve({ offers: offers(25) });
    // The first page fails once and is retried: a warning. The second fails permanently: an error.
    sandbox.addFault({ path: "/offers", query: { page: 1 }, times: 1, fault: { kind: "html200" } });
    sandbox.addFault({ path: "/offers", query: { page: 2 }, fault: { kind: "status", status: 404 } });
    const database = await createDatabase({ url: (await emptyServerDatabase()).url, logger });
    onTestFinished(() => database.close());
    const client = clientOf(sandbox, { logger, retry: { attempts: 2, intervalMs: 0 } });
    await createLoader({ database, client, logger, maxFailedPages: 1 }).run();
    logger.debug("a last word");
    expect(text()).toContain("Applied the migration 0001-initial-schema");
    expect(text()).toContain("Attempt 1 of 2 to get page 1 of the catalogue failed");
    expect(text()).toContain("Page 2 of the catalogue is deferred to the next run");
    expect(text()).toContain("a last word");
  });
});
