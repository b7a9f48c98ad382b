/** Seeds of two independent hashes. */
export const [ONE, OTHER] = [0x811c9dc5, 0x9e3779b9] as const;

/** 32-bit FNV-1a. Fast; not for input that an attacker chooses to collide. */
export function hash32(text: string, seed: typeof ONE | typeof OTHER): number {
  const prime = seed === ONE ? 0x01000193 : 0x85ebca6b;
  let hash: number = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  }
  return hash >>> 0;
}

/** 64 bits of hash as a short text. */
export const shortHash = (text: string): string =>
  hash32(text, ONE).toString(36) + hash32(text, OTHER).toString(36);

/**
 * Entity tags. Servers with the same program and settings issue the same tags, so clients can switch between them.
 *
 * @param program everything else that determines a response: version of the program, settings
 */
export function createEtags(program: string): (version: string, key: string) => string {
  const salt = shortHash(program);
  return (version, key) => `${version}-${shortHash(`${salt} ${key}`)}`;
}
