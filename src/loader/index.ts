/** Loads the whole catalogue: `createLoader`. */
export { createLoader } from "./loader.ts";
export type { LoadTotals } from "./store-records.ts";
export type {
  LoadedExport,
  LoadedPage,
  Loader,
  LoaderOptions,
  LoadProgress,
  LoadResult,
  LoadRunOptions,
} from "./types.ts";
