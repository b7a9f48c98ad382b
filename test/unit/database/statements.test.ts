import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../../../src/", import.meta.url));

test("prepared statements have distinct names: a connection refuses a repeated one", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const names = files.flatMap((file) =>
    [...readFileSync(SRC + file, "utf8").matchAll(/name: ["`](che168_[^"`$]+)["`]/g)].map(([, name]) => name),
  );
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
