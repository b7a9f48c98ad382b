import type { Term } from "../../../src/listing/vocabulary/types.ts";

export const HAN = /\p{Script=Han}/u;

/** Every way in which a term may be written. */
export const spellingsOf = ({ en, ru, zh, spellings }: Term) => [en, ru, zh, ...spellings];

/** Variants of a spelling as people type it. */
export const variants = (spelling: string) => [
  spelling,
  spelling.toUpperCase(),
  spelling.replaceAll("е", "ё"),
  spelling.replaceAll("ё", "е"),
  ` ${spelling.replaceAll(" ", "  ")} `,
  [...spelling].join(" "),
  spelling.replaceAll(" ", ""),
];
