import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { directoryWith } from "../../support/files/files.ts";
import { capture } from "../../support/logs/logger.ts";

const setDay = (day: string) => vi.useFakeTimers({ toFake: ["Date"], now: new Date(`${day}T12:00:00`) });

afterEach(() => {
  vi.useRealTimers();
});

describe("on the terminal", () => {
  test("a message is a line with its level, and levels below the chosen one are silent", () => {
    const { logger, text } = capture({ level: "warn" });
    logger.debug("d");
    logger.info("i");
    logger.warn("w");
    logger.error("e");
    expect(text()).toBe("[WARN] w\n[ERROR] e\n");
  });

  test("repeated messages are not merged", () => {
    const { logger, text } = capture();
    for (let count = 0; count < 20; count += 1) {
      logger.info("again");
    }
    expect(text()).toBe("[INFO] again\n".repeat(20));
  });

  test("control characters, line breaks and bidirectional controls are escaped", () => {
    const { logger, text } = capture();
    logger.info("a\r\n[ERROR] forged\u001b[2J\u202e\u2028\u0000\u009b é 奥迪 🚗");
    expect(text()).toBe("[INFO] a\\r\\n[ERROR] forged\\x1b[2J\\u202e\\u2028\\x00\\x9b é 奥迪 🚗\n");
  });

  test("secrets are hidden, plain, in a URL and in JSON; so are unlisted keys and tokens", () => {
    const { logger, text } = capture({ secrets: ['k"y/ wïth', 'k"y', ""] });
    logger.info(`${'k"y/ wïth'} ${encodeURIComponent('k"y/ wïth')} ${JSON.stringify('k"y/ wïth')}`);
    logger.info("GET /offers?api_key=abcDEF123&page=2 Authorization: Bearer s3cr3t X-API-Key: t0k3n");
    expect(text()).toBe(
      '[INFO] [hidden] [hidden] "[hidden]"\n' +
        "[INFO] GET /offers?api_key=[hidden]&page=2 Authorization: Bearer [hidden] X-API-Key: [hidden]\n",
    );
  });

  test("redirect passes the lines to a function until it is ended", () => {
    const { logger, text } = capture();
    const drawn: string[] = [];
    logger.redirect((line) => drawn.push(line));
    logger.info("one");
    logger.redirect(undefined);
    logger.info("two");
    expect(drawn).toEqual(["[INFO] one"]);
    expect(text()).toBe("[INFO] two\n");
  });
});

describe("in files", () => {
  test("lines have the time in ISO format", async () => {
    setDay("2026-11-24");
    const dir = join(await directoryWith(), "deep", "logs");
    const { logger } = capture({ dir, secrets: ["s3cr3t"] });
    logger.info("the key is s3cr3t");
    logger.error("broken\nin two");
    await logger.close();
    const lines = (await readFile(join(dir, "che168-sync-2026-11-24.log"), "utf8")).split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^2026-11-24T12:00:00\.000[+-]\d\d:\d\d \[INFO\] the key is \[hidden\]$/),
      expect.stringMatching(/^2026-11-24T12:00:00\.000[+-]\d\d:\d\d \[ERROR\] broken\\nin two$/),
      "",
    ]);
  });

  test("each day has a file, also within one run", async () => {
    const dir = await directoryWith();
    const { logger } = capture({ dir });
    setDay("2026-11-24");
    logger.info("one");
    setDay("2026-11-25");
    logger.info("two");
    await logger.close();
    expect((await readdir(dir)).sort()).toEqual(["che168-sync-2026-11-24.log", "che168-sync-2026-11-25.log"]);
    expect(await readFile(join(dir, "che168-sync-2026-11-25.log"), "utf8")).toMatch(/two\n$/);
  });

  test("files older than the retention are deleted, other files stay", async () => {
    setDay("2026-11-24");
    const dir = await directoryWith({
      "che168-sync-2025-01-01.log": "old",
      "che168-sync-2026-11-16.log": "its last line is more than seven days old",
      "che168-sync-2026-11-17.log": "its last line may be younger",
      "che168-sync-2026-11-23.log": "",
      "nginx-2020-01-01.log": "",
      "che168-sync-2020-01-01.log.gz": "",
      "notes.txt": "",
    });
    const { logger } = capture({ dir, retentionDays: 7 });
    logger.info("a short run from cron");
    await logger.close();
    expect((await readdir(dir)).sort()).toEqual([
      "che168-sync-2020-01-01.log.gz",
      "che168-sync-2026-11-17.log",
      "che168-sync-2026-11-23.log",
      "che168-sync-2026-11-24.log",
      "nginx-2020-01-01.log",
      "notes.txt",
    ]);
  });

  test("a run without lines creates no file", async () => {
    const dir = join(await directoryWith(), "logs");
    const { logger } = capture({ dir, level: "error" });
    logger.info("unheard");
    await logger.close();
    await expect(readdir(dir)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("a directory that cannot be written causes one warning, and no line on stderr is lost", async () => {
    const directory = await directoryWith({ file: "" });
    const { logger, text } = capture({ dir: join(directory, "file", "logs") });
    logger.info("one");
    logger.info("two");
    await logger.close();
    expect(text()).toMatch(
      /^\[INFO\] one\n\[WARN\] The log file cannot be written \(.+\).*LOG_DIR.*\n\[INFO\] two\n$/,
    );
  });

  test("a full disk causes one warning, and no line on stderr is lost", async () => {
    const dir = await directoryWith();
    const { localDay } = await import("../../../src/logging/daily-file.ts");
    // Today's and tomorrow's files are links to a device that is always full.
    for (const at of [Date.now(), Date.now() + 86_400_000]) {
      await symlink("/dev/full", join(dir, `che168-sync-${localDay(new Date(at))}.log`));
    }
    const { logger, text } = capture({ dir });
    logger.info("one");
    logger.info("two");
    await logger.close();
    expect(text()).toMatch(
      /^\[INFO\] one\n\[WARN\] The log file cannot be written \(ENOSPC.*\n\[INFO\] two\n$/,
    );
  });

  test("several processes share a file without losing or mixing lines", async () => {
    const dir = await directoryWith();
    const module = fileURLToPath(new URL("../../../src/logging/logger.ts", import.meta.url));
    const script = `import { createLogger } from ${JSON.stringify(module)};
      const logger = createLogger({ dir: ${JSON.stringify(dir)}, level: "info", stderr: { write() {} } });
      for (let n = 0; n < 300; n += 1) { logger.info(process.argv[1] + ":" + n + ":" + "x".repeat(400)); if (n % 50 === 0) await new Promise(setImmediate); }
      await logger.close();`;
    const names = ["a", "b", "c"];
    await Promise.all(
      names.map(async (name) => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", script, name], {
          stdio: "inherit",
        });
        expect(await once(child, "exit")).toEqual([0, null]);
      }),
    );
    const files = await readdir(dir);
    const texts = await Promise.all(files.map((file) => readFile(join(dir, file), "utf8")));
    const lines = texts.join("").trimEnd().split("\n");
    expect(lines).toHaveLength(900);
    for (const name of names) {
      const own = lines.filter((line) => line.includes(`[INFO] ${name}:`));
      expect(own.map((line) => Number(line.split(":").at(-2)))).toEqual(
        Array.from({ length: 300 }, (_, n) => n),
      );
      expect(own.every((line) => line.endsWith(`:${"x".repeat(400)}`))).toBe(true);
    }
  });
});

test("files and their directory are readable by their owner only", async () => {
  const dir = join(await directoryWith(), "logs");
  const { logger } = capture({ dir });
  logger.info("one");
  const [file] = await readdir(dir);
  const modes = [dir, join(dir, file ?? "")].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600]);
});

describe("maxBytes", () => {
  const total = async (dir: string) =>
    (await Promise.all((await readdir(dir)).map(async (file) => (await stat(join(dir, file))).size))).reduce(
      (sum, size) => sum + size,
      0,
    );

  test("limits all files together: the oldest are deleted first, and each deletion is logged", async () => {
    setDay("2026-11-24");
    const dir = await directoryWith({
      "che168-sync-2026-11-22.log": "x".repeat(4_000),
      "che168-sync-2026-11-23.log": "y".repeat(4_000),
      "other.txt": "",
    });
    const { logger, text } = capture({ dir, maxBytes: 10_000 });
    logger.info("z".repeat(3_000));
    expect((await readdir(dir)).sort()).toEqual([
      "che168-sync-2026-11-23.log",
      "che168-sync-2026-11-24.log",
      "other.txt",
    ]);
    expect(await total(dir)).toBeLessThanOrEqual(10_000);
    const reported =
      "[WARN] The log files reached logging.maxBytes (10000); deleted che168-sync-2026-11-22.log (4000 bytes)";
    expect(text()).toContain(reported);
    expect(await readFile(join(dir, "che168-sync-2026-11-24.log"), "utf8")).toContain(reported);
  });

  test("drops lines when today's file reaches it, keeps room for errors, and reports the number dropped", async () => {
    setDay("2026-11-24");
    const dir = await directoryWith();
    const { logger, text } = capture({ dir, maxBytes: 10_000 });
    for (let line = 0; line < 200; line += 1) {
      logger.info("x".repeat(100));
    }
    logger.error("the disk failed");
    const today = await readFile(join(dir, "che168-sync-2026-11-24.log"), "utf8");
    expect(today).toMatch(
      /\[WARN\] Today's log file reached logging\.maxBytes \(10000\); dropping lines.*\n.*the disk failed\n$/,
    );
    expect(await total(dir)).toBeLessThanOrEqual(10_000);
    expect(text().match(/x{100}/g)).toHaveLength(200);
    const kept = today.match(/x{100}/g)?.length ?? 0;

    setDay("2026-11-25");
    logger.info("a new day");
    expect(await readFile(join(dir, "che168-sync-2026-11-25.log"), "utf8")).toContain(
      `The log files have room again; ${200 - kept} lines were dropped`,
    );
    expect(await total(dir)).toBeLessThanOrEqual(10_000);
  });
});
