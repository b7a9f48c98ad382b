import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Che168Error } from "../../errors.ts";

/** Folder of the page's files in the built package. */
export const DASHBOARD_FOLDER = "dashboard";
/** Our files, in `src/api/dashboard/assets`. */
export const DASHBOARD_ASSETS = ["page.html", "style.css", "app.js", "plots.js", "texts.js"] as const;
/** Files of uPlot, and its licence. The build copies them, so that it is not a dependency of users. */
export const UPLOT_FILES = ["uPlot.iife.min.js", "uPlot.min.css", "LICENSE"] as const;

export const DASHBOARD_FILES = [...DASHBOARD_ASSETS, ...UPLOT_FILES];
export type DashboardFile = (typeof DASHBOARD_FILES)[number];

const here = dirname(fileURLToPath(import.meta.url));

/** Where a file of uPlot is in the development dependency. */
export const uPlotFile = (name: (typeof UPLOT_FILES)[number]): string => {
  const folder = dirname(createRequire(import.meta.url).resolve("uplot/package.json"));
  return name === "LICENSE" ? join(folder, name) : join(folder, "dist", name);
};

/** In the built package: beside the chunks or above them; in a checkout: the sources and the development dependency. */
function findFile(name: DashboardFile): string | undefined {
  const built = [here, join(here, ".."), join(here, "../..")].map((one) => join(one, DASHBOARD_FOLDER, name));
  const found = [...built, join(here, "assets", name)].find((path) => existsSync(path));
  if (found !== undefined) {
    return found;
  }
  try {
    return uPlotFile(name as (typeof UPLOT_FILES)[number]);
  } catch {
    return undefined;
  }
}

/** @throws Che168Error when the build did not copy it */
export async function readDashboardFile(name: DashboardFile): Promise<Buffer> {
  const path = findFile(name);
  if (path === undefined) {
    throw new Che168Error("USAGE", "The files of /dashboard are missing from this build; run npm run build.");
  }
  return readFile(path);
}
