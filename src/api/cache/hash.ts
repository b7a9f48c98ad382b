/** Seeds of two hashes that have little to do with one another. */
export const [ONE, OTHER] = [0x811c9dc5, 0x9e3779b9] as const;

/** 32 bits of a text, quickly made (FNV-1a); not against people who look for two texts of one hash. */
export function hash32(text: string, seed: typeof ONE | typeof OTHER): number {
  const prime = seed === ONE ? 0x01000193 : 0x85ebca6b;
  let hash: number = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  }
  return hash >>> 0;
}

/** A short name for a text. */
export const shortHash = (text: string): string =>
  hash32(text, ONE).toString(36) + hash32(text, OTHER).toString(36);
