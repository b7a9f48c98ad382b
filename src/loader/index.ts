/** Loads the whole catalogue: `createLoader`. */
export { createLoader } from "./loader.ts";
export type { LoadTotals } from "./stored-counts.ts";
export type {
  LoadedExport,
  LoadedPage,
  Loader,
  LoaderOptions,
  LoadProgress,
  LoadResult,
  LoadRunOptions,
} from "./types.ts";
