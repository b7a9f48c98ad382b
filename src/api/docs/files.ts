import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Che168Error } from "../../errors.ts";

/** Folder of Swagger UI's files in the built package. The build copies them, so that it is not a dependency of users. */
export const VENDORED = "swagger-ui";
/** The files of the page, and those that its licence requires. */
export const VENDORED_FILES = [
  "swagger-ui-bundle.js",
  "swagger-ui.css",
  "LICENSE",
  "NOTICE",
  "swagger-ui-bundle.js.LICENSE.txt",
] as const;
export type VendoredFile = (typeof VENDORED_FILES)[number];

const NEEDED: VendoredFile = "swagger-ui-bundle.js";

/** In the built package: beside the chunks or above them; in a checkout: the development dependency. */
function findFolder(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = [here, join(here, ".."), join(here, "../..")].map((folder) => join(folder, VENDORED));
  const found = built.find((folder) => existsSync(join(folder, NEEDED)));
  if (found !== undefined) {
    return found;
  }
  try {
    return dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  } catch {
    return undefined;
  }
}

/** @throws Che168Error when the build did not copy them */
export async function readVendored(file: VendoredFile): Promise<Buffer> {
  const folder = findFolder();
  if (folder === undefined) {
    throw new Che168Error("USAGE", "The files of /docs are missing from this build; run npm run build.");
  }
  return readFile(join(folder, file));
}
