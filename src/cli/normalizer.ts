import type { Database } from "../database/index.ts";
import type { UserVocabulary } from "../listing/fields.ts";
import type { Normalizer } from "../normalizer/index.ts";
import type { Configured } from "./context.ts";

/** The user's own words; read before any work, because what is wrong with them is a wrong configuration. */
export async function userVocabulary({ config }: Configured): Promise<UserVocabulary | undefined> {
  const { file } = config.vocabulary;
  if (file === undefined) {
    return undefined;
  }
  const { readVocabulary } = await import("../config/user-vocabulary.ts");
  return readVocabulary(file);
}

/** The normaliser as the configuration wants it. */
export async function openNormalizer(
  { config, logger }: Configured,
  database: Database,
  vocabulary: UserVocabulary | undefined,
): Promise<Normalizer> {
  const { createNormalizer } = await import("../normalizer/index.ts");
  const { batchSize, serveVin } = config.normalizer;
  return createNormalizer({ database, logger, batchSize, serveVin, vocabulary });
}
