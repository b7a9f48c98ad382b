import { dirname } from "node:path";
import { type } from "arktype";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { CATEGORIES, type UserVocabulary } from "../listing/fields.ts";
import { expectedOf } from "../util/expected.ts";
import { readConfigFile } from "./config-file.ts";
import { display } from "./layers.ts";

/** A function, because every command imports this module, and building the schema takes longer than most imports. */
function vocabularySchema() {
  const terms = type({
    "[string]": {
      "+": "reject",
      "en?": "string",
      "ru?": "string",
      "zh?": "string",
      "spellings?": "string[]",
    },
  });
  const names = [...CATEGORIES, "marks", "options", "specifications", "trims"];
  return type({
    "+": "reject",
    ...Object.fromEntries(names.map((name) => [`${name}?`, terms])),
    "models?": type({ "[string]": type({ "[string]": "string" }) }),
  });
}

/**
 * Reads and validates the user's vocabulary (JSON, YAML or a module).
 *
 * @param file absolute path
 * @throws ConfigError with all problems, each under its key in the file
 */
export async function readVocabulary(file: string): Promise<UserVocabulary> {
  const { content, problems } = await readConfigFile(dirname(file), file, {});
  const checked = vocabularySchema()(content);
  const wrong: ConfigProblem[] =
    checked instanceof type.errors
      ? [...checked].map((error) => ({
          key: `vocabulary ${error.path.map(String).join(".")}`,
          message:
            error.expected === "removed"
              ? "is unknown"
              : `must be ${expectedOf(error)}, not ${display(error.data)}`,
        }))
      : [];
  if (problems.length > 0 || wrong.length > 0) {
    throw new ConfigError([...problems, ...wrong]);
  }
  return content as UserVocabulary;
}
