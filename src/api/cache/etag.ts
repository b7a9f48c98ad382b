import { shortHash } from "./hash.ts";

/**
 * Tags of answers. Two servers with the same program and settings give the same tags, so that clients may go from one to
 * the other.
 *
 * @param program what else decides how an answer looks: version of the program, settings
 */
export function createEtags(program: string): (version: string, key: string) => string {
  const salt = shortHash(program);
  return (version, key) => `${version}-${shortHash(`${salt} ${key}`)}`;
}
