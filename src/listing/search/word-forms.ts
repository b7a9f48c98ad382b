/** Categories whose words are searched: `дизель`, `белый`, `внедорожник`, `полный привод`. */
export const CODED = ["engine_type", "transmission_type", "body_type", "drive_type", "color"] as const;

/** The word of the index for a code. */
export const codeWord = (category: (typeof CODED)[number], code: string): string => `=${category}:${code}`;

/** Whether a word of the index is a code. */
export const isCodeWord = (word: string): boolean => word.startsWith("=");

/** The word of the index for a sound. */
export const soundWord = (sound: string): string => `~${sound}`;

/** The sound that a word of the index encodes; undefined if it is not a sound. */
export const soundOf = (word: string): string | undefined =>
  word.startsWith("~") ? word.slice(1) : undefined;

/** A name without its separators: `cr-v` is `crv`. */
export const joined = (name: string): string => name.replace(/[^\p{L}\p{N}]+/gu, "");
