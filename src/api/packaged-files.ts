import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Che168Error } from "../errors.ts";

/** Files of a page, which the build copies into the package, so that their libraries are not dependencies of users. */
export interface PackagedFiles<Name extends string> {
  /** Path of the page. */
  readonly page: string;
  /** Folder of the files in the built package. */
  readonly folder: string;
  readonly names: readonly Name[];
  /**
   * Path of a file in a checkout.
   *
   * @throws Error when the library is not installed
   */
  source(name: Name): string;
}

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** Where a development dependency is installed. */
export const packageFolder = (name: string): string => dirname(require.resolve(`${name}/package.json`));

/** In the built package: beside the chunks or above them; in a checkout: the source. */
function find<Name extends string>({ folder, source }: PackagedFiles<Name>, name: Name): string | undefined {
  const built = [here, join(here, ".."), join(here, "../..")].map((parent) => join(parent, folder, name));
  const found = built.find((path) => existsSync(path));
  if (found !== undefined) {
    return found;
  }
  try {
    return source(name);
  } catch {
    return undefined;
  }
}

/** @throws Che168Error `USAGE` when the build did not copy the file */
export async function readPackaged<Name extends string>(
  files: PackagedFiles<Name>,
  name: Name,
): Promise<Buffer> {
  const path = find(files, name);
  if (path === undefined) {
    throw new Che168Error(
      "USAGE",
      `The files of ${files.page} are missing from this build; run npm run build.`,
    );
  }
  return readFile(path);
}
