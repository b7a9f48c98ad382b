// Spellings of digits and Latin letters that get past a search for plain ones, at unchanged positions.

const DIGITS = new Map(
  [
    "0〇零○⓪０⓿",
    "1一壹幺弌①１⒈⑴❶➀➊",
    "2二贰貳②２⒉⑵❷➁➋",
    "3三叁參③３⒊⑶❸➂➌",
    "4四肆④４⒋⑷❹➃➍",
    "5五伍⑤５⒌⑸❺➄➎",
    "6六陆陸⑥６⒍⑹❻➅➏",
    "7七柒⑦７⒎⑺❼➆➐",
    "8八捌⑧８⒏⑻❽➇➑",
    "9九玖⑨９⒐⑼❾➈➒",
  ].flatMap(([digit = "", ...forms]) => forms.map((form) => [form, digit] as const)),
);
/** A character class of every digit, in any spelling. */
export const ANY_DIGIT = `[\\d${[...DIGITS.keys()].join("")}]`;
/** Between two digits of one number: signs, white space, emoji, the invisible parts of keycaps, and 电. */
export const GAP = "[^\\p{L}\\p{N}]|电";

const INVISIBLE =
  /[\u200B-\u200F\u2060-\u2064\u00A0\u00AD\u061C\u180E\u2000-\u200A\u202F\u3000\uFEFF]|\uFE0F|\u20E3/g;
/** In place of each UTF-16 unit of an emoji; the patterns of `personal/` name it. */
const PICTURE = "¤";
/** Emoji, but for those that stand for a word: 微❤ is 微信, 🐧 is QQ. */
const PICTURES = /(?![❤♥🐧➕])\p{Extended_Pictographic}/gu;
const DASHES = /[\u2010-\u2015\u2212]/g;
/** All but the signs that end a link: ！（），；？ */
const FULL_WIDTH = /[\uFF02-\uFF07\uFF0A\uFF0B\uFF0D-\uFF1A\uFF1C-\uFF1E\uFF20-\uFF5E]/g;
/** These take two UTF-16 units: replaced by a digit and a space, so that positions stay the same. */
const MATHEMATICAL_DIGITS = /[\u{1D7CE}-\u{1D7FF}]/gu;
const MATHEMATICAL_LETTERS = /[\u{1D400}-\u{1D6A3}]/gu;
/** 🄰, 🅐, 🅰: 26 of each. */
const SQUARED_LETTERS = /[\u{1F130}-\u{1F149}\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}]/gu;
const CIRCLED_LETTERS = /[Ⓐ-ⓩ]/g;
/** As in `ⅴⅹ` and `ωx`. */
const LOOKALIKES = new Map([..."ⅴⅹωνᴠᴡ"].map((char, index) => [char, "vxwvvw".charAt(index)]));
const LOOKALIKE = /[ⅴⅹωνᴠᴡ]/g;
const OTHER_DIGITS = new RegExp(`[${[...DIGITS.keys()].join("")}]`, "g");

/** Most texts have no symbols and no characters of two UTF-16 units. */
const RARE = /[\u00A9\u00AE\u203C-\u2BFF\u3030\u303D\u3297\u3299\uD800-\uDFFF]/;

/** The text with every digit, dash, space and Latin letter in its plain form. Keeps every position. */
export function plainForm(text: string): string {
  const plain = text
    .replace(FULL_WIDTH, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(OTHER_DIGITS, (char) => DIGITS.get(char) ?? char)
    .replace(LOOKALIKE, (char) => LOOKALIKES.get(char) ?? char)
    .replace(INVISIBLE, " ")
    .replace(DASHES, "-");
  return RARE.test(plain) ? withoutSymbols(plain) : plain;
}

function withoutSymbols(text: string): string {
  return text
    .replace(MATHEMATICAL_DIGITS, (char) => `${((char.codePointAt(0) ?? 0) - 0x1d7ce) % 10} `)
    .replace(MATHEMATICAL_LETTERS, (char) => `${char.normalize("NFKC")} `)
    .replace(SQUARED_LETTERS, (char) => `${letterAt(((char.codePointAt(0) ?? 0) - 0x1f130) % 32)} `)
    .replace(CIRCLED_LETTERS, (char) => letterAt((char.charCodeAt(0) - 0x24b6) % 26))
    .replace(PICTURES, (char) => PICTURE.repeat(char.length));
}

const letterAt = (index: number): string => String.fromCharCode(0x61 + index);
