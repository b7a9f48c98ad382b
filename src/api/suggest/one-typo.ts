/** A word of three letters is one letter apart from too many others; only swapped letters are recognised (`bwm`). */
const MIN_LENGTH = 4;
const MIN_SWAPPED = 3;
/** Chinese names have few characters. */
const MIN_HAN_LENGTH = 3;
const HAN = /^\p{Script=Han}+$/u;
const THREE_LETTERS = /\p{L}[^\p{L}]*\p{L}[^\p{L}]*\p{L}/u;

const digitsOf = (word: string) => word.replace(/\D+/g, "");

/** Whether a word is long enough to be recognised in spite of a typo: `X5` is not a misspelt `X6`. */
export const isForgiven = (typed: string): boolean =>
  typed.length >= (HAN.test(typed) ? MIN_HAN_LENGTH : MIN_SWAPPED) && THREE_LETTERS.test(typed);

/**
 * Whether `word` is `typed` with at most one letter missing, added, replaced, or swapped with its neighbour. Digits must be the
 * same.
 *
 * @param isPrefix whether `typed` may be the beginning of the word only
 */
export function hasOneTypo(typed: string, word: string, isPrefix: boolean): boolean {
  if (word.length < typed.length - 1 || (!isPrefix && word.length > typed.length + 1)) {
    return false;
  }
  let at = 0;
  while (at < typed.length && typed.charCodeAt(at) === word.charCodeAt(at)) {
    at += 1;
  }
  // Compared for every name: without substrings.
  const continues = (typedAt: number, wordAt: number) => {
    const rest = typed.length - typedAt;
    if (isPrefix ? word.length - wordAt < rest : word.length - wordAt !== rest) {
      return false;
    }
    for (let index = 0; index < rest; index += 1) {
      if (typed.charCodeAt(typedAt + index) !== word.charCodeAt(wordAt + index)) {
        return false;
      }
    }
    return true;
  };
  const isSwapped = typed[at] === word[at + 1] && typed[at + 1] === word[at] && continues(at + 2, at + 2);
  const isLong = typed.length >= MIN_LENGTH || HAN.test(typed);
  const isNear =
    isSwapped || (isLong && (continues(at + 1, at + 1) || continues(at + 1, at) || continues(at, at + 1)));
  return (
    isNear && (isPrefix ? digitsOf(word).startsWith(digitsOf(typed)) : digitsOf(word) === digitsOf(typed))
  );
}
