import { join } from "node:path";
import { type PackagedFiles, packageFolder } from "../packaged-files.ts";

/** Swagger UI, and the files that its licence requires. */
export const DOCS_FILES: PackagedFiles<
  "swagger-ui-bundle.js" | "swagger-ui.css" | "LICENSE" | "NOTICE" | "swagger-ui-bundle.js.LICENSE.txt"
> = {
  page: "/docs",
  folder: "swagger-ui",
  names: ["swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"],
  source: (name) => join(packageFolder("swagger-ui-dist"), name),
};
