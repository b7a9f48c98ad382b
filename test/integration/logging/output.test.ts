import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { directoryWith } from "../../support/files/files.ts";
import { capture } from "../../support/logs/logger.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("deferFiles", () => {
  test("holds lines back until startFiles, which writes them in order", async () => {
    const dir = join(await directoryWith(), "logs");
    const { logger } = capture({ dir, deferFiles: true });
    logger.info("one");
    expect(existsSync(dir)).toBe(false);
    logger.startFiles();
    logger.info("two");
    const [file] = await readdir(dir);
    expect(await readFile(join(dir, file ?? ""), "utf8")).toMatch(/\[INFO\] one\n.*\[INFO\] two\n$/);
  });

  test("creates no file if they never start, and adds to the files of earlier runs", async () => {
    const dir = join(await directoryWith(), "logs");
    const first = capture({ dir, deferFiles: true }).logger;
    first.error("failed early");
    await first.close();
    expect(existsSync(dir)).toBe(false);
    capture({ dir }).logger.info("an earlier run");
    const second = capture({ dir, deferFiles: true }).logger;
    second.error("failed again");
    await second.close();
    const [file] = await readdir(dir);
    expect(await readFile(join(dir, file ?? ""), "utf8")).toMatch(/an earlier run\n.*failed again\n$/);
  });
});

describe("format and output", () => {
  test("json writes one object per line, to stderr and to the files", async () => {
    const dir = await directoryWith();
    const { logger, text } = capture({ dir, format: "json", secrets: ["s3cr3t"] });
    logger.warn('a "quoted"\nline with s3cr3t');
    const [file] = await readdir(dir);
    for (const line of [text(), await readFile(join(dir, file ?? ""), "utf8")]) {
      expect(JSON.parse(line)).toEqual({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        level: "warn",
        message: 'a "quoted"\\nline with [hidden]',
      });
    }
  });

  test("quiet leaves warnings and errors on stderr, and everything in the files", async () => {
    const dir = await directoryWith();
    const { logger, text } = capture({ dir, quiet: true });
    logger.info("i");
    logger.warn("w");
    expect(text()).toBe("[WARN] w\n");
    const [file] = await readdir(dir);
    expect(await readFile(join(dir, file ?? ""), "utf8")).toContain("[INFO] i");
  });

  test("colors mark the level on stderr only", async () => {
    const dir = await directoryWith();
    const { logger, text } = capture({ dir, colors: true });
    logger.warn("w");
    expect(text()).toBe("\u001b[33m[WARN]\u001b[39m w\n");
    const [file] = await readdir(dir);
    expect(await readFile(join(dir, file ?? ""), "utf8")).toMatch(/ \[WARN\] w\n$/);
  });
});
