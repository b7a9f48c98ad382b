import { pinyin } from "pinyin-pro";

const HAN_RUN = /\p{Script=Han}+/gu;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** Longer texts are not names; converting them wastes time. */
const MAX_LENGTH = 200;

/** `["chang", "an"]` → `Chang'an`: one word, an apostrophe before a syllable that starts with a, o or e. */
export function joinSyllables(syllables: readonly string[]): string {
  const word = syllables.map((one, at) => (at > 0 && /^[aoe]/.test(one) ? `'${one}` : one)).join("");
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * Latin form of a name: every run of Han characters becomes one capitalised word of pinyin without tones, set
 * apart from the letters and digits beside it (`秦PLUS` → `Qin PLUS`). Everything else is kept; a character that has no
 * known reading is left out. Of more than 200 characters only the first 200 are read.
 */
export function toPinyin(text: string): string {
  const name = text.slice(0, MAX_LENGTH).replace(LONE_SURROGATE, "");
  return name.replace(HAN_RUN, (run, at: number) => {
    const word = joinSyllables(pinyin(run, { toneType: "none", type: "array", nonZh: "removed" }));
    const before = LETTER_OR_DIGIT.test(name.charAt(at - 1)) ? " " : "";
    const after = LETTER_OR_DIGIT.test(name.charAt(at + run.length)) ? " " : "";
    return before + word + after;
  });
}
