import { expect, test } from "vitest";
import { parseCrontab } from "../../../src/cli/crontab/parse-crontab.ts";
import { scheduleDaily } from "../../../src/daily/index.ts";
import { isChe168Error } from "../../../src/errors.ts";
import { openExport } from "../../../src/export-file/index.ts";
import { mustBe } from "../../../src/util/must-be.ts";
import { problemsOf } from "../../support/config/load.ts";

test.each([
  ["text", '"text"'],
  ["", '""'],
  ["two\nlines", '"two\\nlines"'],
  ["x".repeat(80), `"${"x".repeat(57)}..."`],
  [undefined, "undefined"],
  [null, "null"],
  [5, "5"],
  [["a"], '["a"]'],
])("a received value is shown on one line, cut: %j", (received, shown) => {
  expect(mustBe("a number", received)).toBe(`must be a number, not ${shown}`);
});

const messageOf = async (work: () => unknown): Promise<string> => {
  try {
    return JSON.stringify(await work());
  } catch (error) {
    return isChe168Error(error) ? error.message : `unexpected: ${error}`;
  }
};

test("a wrong time zone is described in the same words by the CLI, the configuration and the library", async () => {
  const { problems } = parseCrontab("CRON_TZ=Mars/Olympus") as { problems: readonly string[] };
  const run = async () => {};
  const messages = [
    ...problems,
    ...(await problemsOf({ files: { "che168.config.yaml": "timezone: Mars/Olympus" } })).map(
      ({ message }) => message,
    ),
    await messageOf(() => scheduleDaily({ at: "03:00", timezone: "Mars/Olympus", lastRun: null, run })),
    await messageOf(() => openExport({ path: "cars.csv" }, { timezone: "Mars/Olympus" })),
  ];
  expect(messages).toHaveLength(4);
  for (const message of messages) {
    expect(message).toContain('must be an IANA time zone such as Europe/Moscow, not "Mars/Olympus"');
  }
});
