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
