import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type PackagedFiles, packageFolder } from "../packaged-files.ts";

const here = dirname(fileURLToPath(import.meta.url));
const OWN = ["page.html", "style.css", "app.js", "plots.js", "texts.js"] as const;
const U_PLOT = { "uPlot.iife.min.js": "dist", "uPlot.min.css": "dist", LICENSE: "." } as const;
type UPlotFile = keyof typeof U_PLOT;

const isUPlot = (name: string): name is UPlotFile => name in U_PLOT;

/** The page's own files; uPlot, with its licence. */
export const DASHBOARD_FILES: PackagedFiles<(typeof OWN)[number] | UPlotFile> = {
  page: "/dashboard",
  folder: "dashboard",
  names: [...OWN, ...(Object.keys(U_PLOT) as UPlotFile[])],
  source: (name) =>
    isUPlot(name) ? join(packageFolder("uplot"), U_PLOT[name], name) : join(here, "assets", name),
};
