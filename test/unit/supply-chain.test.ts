import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { productionPackages } from "../../scripts/production.ts";

/** Licences that only require attribution. */
const PERMISSIVE = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
];

/** One of the alternatives is enough: "(BSD-3-Clause OR GPL-2.0)". */
const isPermissive = (expression: string) =>
  expression
    .replace(/^\((.*)\)$/, "$1")
    .split(" OR ")
    .some((alternative) => alternative.split(" AND ").every((licence) => PERMISSIVE.includes(licence)));

describe("production dependencies", () => {
  const packages = productionPackages();

  test("are read from the lock file", () => {
    expect(packages.map(({ name }) => name)).toContain("h3");
  });

  test("have permissive licences only", () => {
    expect(packages.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
  });

  test("run no install scripts", () => {
    expect(packages.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
  });

  test("are locked with checksums", () => {
    expect(
      packages.filter(({ integrity, isBundled }) => !isBundled && !integrity?.startsWith("sha512-")),
    ).toEqual([]);
  });

  test("have caret ranges, so that users can deduplicate; exact ones where MikroORM needs that very version", () => {
    const manifest = JSON.parse(
      readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8"),
    );
    const exact = Object.entries<string>(manifest.dependencies).flatMap(([name, range]) =>
      range.startsWith("^") ? [] : [name],
    );
    expect(exact.filter((name) => !/^(@mikro-orm\/|@electric-sql\/pglite$|kysely$)/.test(name))).toEqual([]);
  });
});
