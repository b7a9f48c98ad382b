/**
 * A short name for a text, quickly made; not against people who look for two texts of one name. FNV-1a, twice.
 */
export function shortHash(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b);
  }
  return (one >>> 0).toString(36) + (other >>> 0).toString(36);
}

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
