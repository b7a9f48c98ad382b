import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Crontab, parseCrontab } from "../../../src/cli/crontab/parse-crontab.ts";
import { startJobs } from "../../../src/cli/crontab/run-crontab.ts";
import { directoryWith } from "../../support/files/files.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { runCli, startSource } from "../../support/process/command.ts";

describe("a crontab", () => {
  test("is parsed into jobs, time zone and variables", () => {
    const text = `# every night
CRON_TZ = "Asia/Vladivostok"
LOG_LEVEL=debug

30 3 * * *	che168-sync daily
@midnight che168-sync dump /backups/$(date +\\%u).dump
*/10 8-20 * * mon-fri  che168-sync status --check
@reboot true`;
    expect(parseCrontab(text)).toEqual({
      timezone: "Asia/Vladivostok",
      env: { LOG_LEVEL: "debug" },
      jobs: [
        { line: 5, when: "30 3 * * *", command: "che168-sync daily" },
        { line: 6, when: "@daily", command: "che168-sync dump /backups/$(date +%u).dump" },
        { line: 7, when: "*/10 8-20 * * mon-fri", command: "che168-sync status --check" },
        { line: 8, when: "@reboot", command: "true" },
      ],
    });
  });

  test.each([
    ["61 3 * * * true", /^line 1: invalid time "61 3 \* \* \*"/],
    ["* * * * true", /^line 1: expected five fields and a command/],
    ["@dayly true", /did you mean @daily\?/],
    ["0 3 * * * date +%F", /write \\%/],
    [
      "CRON_TZ=Moscow\n0 3 * * * true",
      /^line 1: CRON_TZ must be an IANA time zone such as Europe\/Moscow, not "Moscow"/,
    ],
    ["# nothing", /it has no jobs/],
  ])("that is invalid is reported: %s", (text, message) => {
    const result = parseCrontab(text);
    expect(result).toHaveProperty("problems", [expect.stringMatching(message)]);
  });

  test("reports all problems together", () => {
    expect(parseCrontab("99 * * * * a\nnonsense\n0 3 * * * b")).toEqual({
      problems: [expect.stringContaining("line 1"), expect.stringContaining("line 2")],
    });
  });
});

describe("the jobs", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const start = async (lines: string, now: string) => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: new Date(now) });
    const cwd = await directoryWith();
    const { logger, lines: log } = collectingLogger();
    const crontab = parseCrontab(lines) as Crontab;
    const jobs = startJobs({ crontab, timezone: "Europe/Moscow", cwd, env: process.env, logger });
    onTestFinished(() => jobs.stop());
    const texts = () => log.map(({ text }) => text);
    return { cwd, jobs, texts, log };
  };
  const begun = (texts: string[]) => texts.filter((text) => text.startsWith("Started")).length;

  test("run at their time in their zone, with the variables of the file, and log their exit code", async () => {
    const { cwd, jobs, texts } = await start(
      "NAME=value\n30 3 * * * echo $NAME > out; exit 3",
      "2026-11-24T00:29:50Z",
    );
    await vi.advanceTimersByTimeAsync(9_000);
    expect(begun(texts())).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(begun(texts())).toBe(1);
    vi.useRealTimers();
    await expect.poll(() => texts().join("\n")).toContain("exit 3 failed (code 3)");
    expect(await readFile(join(cwd, "out"), "utf8")).toBe("value\n");
    expect(jobs.next()[0]?.at).toBeInstanceOf(Date);
  });

  test("run once a day across daylight saving changes", async () => {
    // 2:30 does not exist on 2026-03-29 in Berlin and exists twice on 2026-10-25.
    const spring = await start("CRON_TZ=Europe/Berlin\n30 2 * * * true", "2026-03-28T12:00:00Z");
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect(begun(spring.texts())).toBe(1);
    const autumn = await start("CRON_TZ=Europe/Berlin\n30 2 * * * true", "2026-10-24T12:00:00Z");
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect(begun(autumn.texts())).toBe(1);
  });

  test("are skipped while they are still running, and receive the signal that stops the schedule", async () => {
    const { jobs, texts } = await start("* * * * * exec sleep 600", "2026-11-24T00:00:30Z");
    await vi.advanceTimersByTimeAsync(121_000);
    expect(begun(texts())).toBe(1);
    expect(texts().join("\n")).toContain("is due but still running; skipped");
    vi.useRealTimers();
    await jobs.stop("SIGINT");
    expect(texts().at(-1)).toContain("was terminated by SIGINT (code 130)");
  });
});

describe("che168-sync schedule", () => {
  test("runs the jobs with their output, and stops with them", async () => {
    const cwd = await directoryWith({
      crontab:
        "CRON_TZ=Asia/Tokyo\n0 3 * * * che168-sync daily\n@reboot echo out; echo err >&2; exec sleep 600\n",
    });
    const running = startSource(["schedule", "crontab"], { cwd });
    await running.shown(/out[\s\S]*err|err[\s\S]*out/);
    await running.shown(
      /che168-sync daily runs at 0 3 \* \* \* \(Asia\/Tokyo\), next \d{4}-\d\d-\d\dT18:00:00/,
    );
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    expect(code).toBe(143);
    expect(stderr).toContain("was terminated by SIGTERM");
  });

  test("reports exit code 3 as a lock only for this program's own commands", async () => {
    const cwd = await directoryWith({
      "che168-sync": "#!/bin/sh\nexit 3\n",
      crontab: "@reboot ./che168-sync daily >> log 2>&1\n@reboot ./che168-sync daily; exit 3\n",
    });
    await chmod(join(cwd, "che168-sync"), 0o700);
    const running = startSource(["schedule", "crontab"], { cwd, env: { LOG_DIR: "false" } });
    await running.shown(
      /\[WARN\] \.\/che168-sync daily >> log 2>&1 did not run: another run holds the lock \(code 3\)/,
    );
    await running.shown(/\[ERROR\] \.\/che168-sync daily; exit 3 failed \(code 3\)/);
    running.child.kill("SIGTERM");
    await running.ended;
  });

  test("keeps running when its only job, of @reboot, has ended", async () => {
    const cwd = await directoryWith({ crontab: "@reboot true\n" });
    const running = startSource(["schedule", "crontab"], { cwd, env: { LOG_DIR: "false" } });
    await running.shown(/true finished \(code 0\)/);
    // Longer than a process with nothing to do takes to end.
    await runCli(["status", "--help"], { cwd });
    expect(running.child.exitCode).toBeNull();
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 143 });
  });

  test("reports invalid lines and runs nothing", async () => {
    const cwd = await directoryWith({ crontab: "@reboot echo ran\n0 25 * * * echo late\n" });
    const { code, stdout, stderr } = await runCli(["schedule", "crontab"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/\[ERROR\] .*crontab, line 2: invalid time "0 25 \* \* \*"/);
    expect(stdout).toBe("");
    expect(await runCli(["schedule", "none"], { cwd })).toMatchObject({ code: 2 });
  });
});
