import { expect, test } from "vitest";
import type { Context } from "../../../src/cli/context.ts";
import { exportOpener } from "../../../src/cli/export-file.ts";

test.each(["2026-11-27/all_active.xlsx", "all_active.JSON", "day.zip"])(
  "--from-export %s is wrong usage that names the remedy, before anything is read",
  async (file) => {
    const context = { configure: () => Promise.reject(new Error("configured")) } as unknown as Context;
    await expect(exportOpener({ "from-export": file }, context)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(/reads CSV.*download all_active\.csv of the same day/),
    });
  },
);

test.each([
  { date: "2026-02-30", "from-export": "cars.csv" },
  { "from-export": "2026-02-30" },
  { date: "2026-13-01", "from-export": "cars.csv" },
  { date: "30.02.2026", "from-export": "cars.csv" },
])("a day that does not exist is wrong usage (%o)", async (flags) => {
  const context = {
    cwd: "/",
    configure: async () => ({
      config: { timezone: "Europe/Moscow", upstream: { export: { url: "http://x" } } },
    }),
  } as unknown as Context;
  const [flag, day] = Object.entries(flags)[0] ?? [];
  await expect(exportOpener(flags, context)).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining(`--${flag} must be a day such as 2026-11-27, not "${day}"`),
  });
});
