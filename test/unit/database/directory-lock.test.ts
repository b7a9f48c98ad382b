import { expect, test } from "vitest";
import { loadFileLocks } from "../../../src/database/pglite/directory-lock.ts";

/** Native modules that are loaded in this process. */
const nativeModules = (): string[] => {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  return sharedObjects.filter((path) => path.includes("fs-native-extensions"));
};

test("Deno is rejected before the native file locks are loaded, which would end its process", async () => {
  await expect(loadFileLocks({ Deno: {} })).rejects.toMatchObject({
    code: "DATABASE_UNUSABLE",
    message: expect.stringMatching(/^Deno cannot load native file locks.*set DATABASE_URL/),
  });
  expect(nativeModules()).toEqual([]);
  expect((await loadFileLocks()).tryLock).toBeTypeOf("function");
  expect(nativeModules()).toHaveLength(1);
});
