/** The configuration of the command line: sources, schema, and the user's vocabulary file. */

export { configKeys } from "./config-keys.ts";
export { type ConfigFlag, type Origin, RANK } from "./layers.ts";
export {
  defineConfig,
  type LoadConfigOptions,
  loadConfig,
  type Resolution,
  requireExport,
  requireUpstream,
  resolveConfig,
  type UpstreamConfig,
} from "./load.ts";
export type { ResolvedConfig, UserConfig } from "./schema.ts";
export { masked, secretsOf } from "./secrets.ts";
export { readTariffs } from "./user-tariffs.ts";
export { readVocabulary } from "./user-vocabulary.ts";
