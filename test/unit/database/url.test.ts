import { expect, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";

test.each([
  ["no address", "catalogue"],
  ["an address of another database", "mysql://h/n"],
  ["an impossible port", "postgres://u:secret@h:99999/n"],
])("%s is a ConfigError at once, without the password", async (_what, url) => {
  const opened = createDatabase({ url, signal: AbortSignal.timeout(4_000) });
  const error = await opened.catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    code: "CONFIG_INVALID",
    problems: [
      { key: "database.url", message: expect.stringContaining("must be postgres://user:password@") },
    ],
  });
  expect(String(error)).not.toContain("secret");
});
