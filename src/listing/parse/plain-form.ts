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
/** Between two digits of one number: white space, dashes, points, the invisible parts of keycap emoji. */
export const GAP =
  "[\\s.,·_()/*~、|电\\u200B-\\u200F\\u2060\\uFE0F\\u20E3\\u2010-\\u2015\\u2212\\uFF08\\uFF09\\uFF0C-\\uFF0E\\uFF3F-]";

const INVISIBLE = /[\u200B-\u200F\u2060\u00A0\u2000-\u200A\u202F\u3000]|\uFE0F|\u20E3/g;
const DASHES = /[\u2010-\u2015\u2212]/g;
/** All but the signs that end a link: ！（），；？ */
const FULL_WIDTH = /[\uFF02-\uFF07\uFF0A\uFF0B\uFF0D-\uFF1A\uFF1C-\uFF1E\uFF20-\uFF5E]/g;
/** These take two UTF-16 units: replaced by a digit and a space, so that positions stay the same. */
const MATHEMATICAL_DIGITS = /[\u{1D7CE}-\u{1D7FF}]/gu;
/** As in `ⅴⅹ` and `ωx`. */
const LOOKALIKES = new Map([..."ⅴⅹων"].map((char, index) => [char, "vxwv".charAt(index)]));
const LOOKALIKE = /[ⅴⅹων]/g;
const OTHER_DIGITS = new RegExp(`[${[...DIGITS.keys()].join("")}]`, "g");

/** The text with every digit, dash, space and Latin letter in its plain form. Keeps every position. */
export function plainForm(text: string): string {
  return text
    .replace(FULL_WIDTH, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(OTHER_DIGITS, (char) => DIGITS.get(char) ?? char)
    .replace(MATHEMATICAL_DIGITS, (char) => `${((char.codePointAt(0) ?? 0) - 0x1d7ce) % 10} `)
    .replace(LOOKALIKE, (char) => LOOKALIKES.get(char) ?? char)
    .replace(INVISIBLE, " ")
    .replace(DASHES, "-");
}
