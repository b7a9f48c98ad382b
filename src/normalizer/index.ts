/** The job that derives `processed_data` from `raw_data`. */

export { createNormalizer } from "./normalizer.ts";
export type {
  NormalizedRow,
  NormalizeProgress,
  NormalizeResult,
  NormalizeRunOptions,
  Normalizer,
  NormalizerOptions,
} from "./types.ts";
export { findUnknownValues, type UnknownValue } from "./unknown-values.ts";
