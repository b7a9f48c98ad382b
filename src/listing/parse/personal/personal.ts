import { ANY_DIGIT, GAP, plainForm } from "../plain-form.ts";
import { HIDDEN_MAILS, LINKS, MAY_BE_CONTACT, MESSENGERS } from "./contacts.ts";
import { isChe168Host, PEOPLE_AND_PAPERS, PERSON_WORDS, PROVINCES } from "./patterns.ts";

/** Replacement of personal data. */
const MASK = "***";

const PERSONAL_KEY =
  /phone|tel|mobile|contact|linkman|seller_?name|username|wechat|weixin|qq|email|idcard|plate|licen[cs]e|车牌|电话|手机|联系/iu;

/** Whether a key of a listing holds personal data, so that nothing below it may be served. */
export function isPersonalKey(key: string): boolean {
  return PERSONAL_KEY.test(key);
}

/**
 * Masks personal data: telephone numbers, WeChat and QQ ids, e-mail addresses, links outside che168, number plates and
 * identity cards become `***`. Prices, mileage, VINs and dates are kept. Linear in the length of any text.
 */
export function maskPersonal(text: string): string {
  let masked = text;
  // Masking can expose adjacent personal data: `京A12345vx13800000000`.
  for (let times = 0; times < MAX_PASSES; times++) {
    const again = maskOnce(masked);
    if (again === masked) {
      break;
    }
    masked = again;
  }
  return masked;
}

const MAX_PASSES = 4;

function maskOnce(text: string): string {
  const hasNumber = MAY_BE_NUMBER.test(text);
  const hasContact = MAY_BE_CONTACT.test(text);
  const hasPaper = hasNumber || MAY_BE_PAPER.test(text);
  if (!hasContact && !hasPaper) {
    return text;
  }
  const plain = plainForm(text);
  const ranges = [
    ...(hasNumber ? [...mobilePhones(plain), ...find(OTHER_PHONES, plain)] : []),
    ...(hasContact ? contacts(plain) : []),
    ...(hasPaper ? find(PEOPLE_AND_PAPERS, plain) : []),
  ];
  if (ranges.length === 0) {
    return text;
  }
  const vins = find([VIN], plain).filter(([start, end]) => isVin(plain.slice(start, end)));
  return replaceRanges(text, outside(vins, ranges));
}

/** Half-open range of positions. */
type Range = readonly [start: number, end: number];

/** Prefilter: every telephone number and identity card contains one of these. */
const MAY_BE_NUMBER = new RegExp(
  [
    `(?:${ANY_DIGIT}(?:${GAP}){0,3}){5}`,
    `(?:${ANY_DIGIT}(?:(?!${ANY_DIGIT})\\p{Script=Han})?){11}`,
    "1[3-9]\\d[\\s-]?[*xX•·]{4}|1[3-9]\\d[[【]",
    "[\\u{1D7CE}-\\u{1D7FF}]|[oOоОlIЗзбВ|](?=[\\d\\s.oOоОlIЗзбВ|-]{6})",
  ].join("|"),
  "iu",
);
/** Prefilter: plates and names of people. */
const MAY_BE_PAPER = new RegExp(`[${PROVINCES}][A-ZＡ-Ｚ]|使\\s?\\d{3}|wj|车牌|${PERSON_WORDS}`, "iu");

// Telephones

const MOBILE =
  /(?<!\d)(?:(?:\+|00)?86[\s.-]{0,3})?1[\s.,，·_()（）电❤♥¤-]{0,3}[3-9](?:[\s.,，·_()（）电❤♥¤-]{0,3}\d){9}(?!\d)/g;
const MOBILE_HERE = new RegExp(MOBILE.source, "y");
const COUNTRY_CODE = /^(?:\+|00)?86\D*/;
/** Usual groups of the digits of a mobile number. */
const USUAL_GROUPS = new Set(["11", "3-4-4", "3-8", "7-4", "3-3-5", "1-1-1-1-1-1-1-1-1-1-1"]);
const UNIT_BEHIND =
  /\s{0,2}(?:元|圆|块|万|公里|千米|km|км|年|月|款|马力|匹|ps|hp|л\.?с|kw|квт|mm|мм|cc|ml|мл|l\b|л\b|руб|₽|юан|rmb|cny|¥)/iuy;
/** Rare in mobile numbers, but rarer in rows of other numbers: a following price proves nothing. */
const RARE_GROUPS = "4-3-4";
const DIGIT_BEHIND = /[\s.,/:*-]{1,2}\d/y;
const JOINED_DIGIT_BEHIND = /[./:*-]\d/y;
const DIGIT_BEFORE = /\d[\s.,/:*-]{1,2}$/;
const YEAR_AND_MONTH = /(?<!\d)(?:19|20)\d\d-(?:0?[1-9]|1[0-2])(?!\d)/;

/** A Chinese character that is neither a unit nor a counter. */
const DECOY =
  "(?![年月日款座门万元块圆公千里米升匹马力吨个台辆缸挡档速次代手级系型版号位人天成折新点分])\\p{Script=Han}";

const OTHER_PHONES = [
  // 138/1234/5678, 138*1234*5678, 138、1234、5678, but not power, displacement and year (138/1998/2018)
  /(?<![\d/*~、|'`…^])1[3-9]\d([/*~、|'`…^])(?![1-6]\d{3}\1(?:199\d|20[0-2]\d)(?!\d))\d{4}\1\d{4}(?![\d/*~、|'`…^])/g,
  // 138:1234:5678, but not power, revolutions and year (184:3500:2019)
  /(?<![\d=+:;；])1[3-9]\d([=+:;；])(?!\d\d00)\d{4}\1(?!19\d\d|20\d\d)\d{4}(?![\d=+:;；])/g,
  // 138加1234加5678, 138[微笑]1234[微笑]5678
  /(?<!\d)1[3-9]\d(?:\s?[电话加微薇威信手机联系]{1,2}\s?\d{4}|[[【]\p{Script=Han}{1,4}[\]】]\d{4}){2}(?!\d)/gu,
  // 13话812车34567看8: other characters than units between the digits
  new RegExp(`(?<!\\d)(?=(?:\\d{1,8}${DECOY}){2})1${DECOY}?[3-9](?:${DECOY}?\\d){9}(?!\\d)`, "gu"),
  // Letters that look like 0, 1 and 3 among the digits: 138O1234567, l38 1234 5678, 1З8 1234 5678
  /(?<![A-Za-z\d])(?=\S{0,12}[oOоОlIЗзбВ|])[1lI|][\s-]?(?:[3-9Ззб])[\doOоОlIЗзбВ|]{1,2}[\s-]?(?:[\doOоОlIЗзбВ|]{4}[\s-]?){2}(?<=[\doOоОlIЗзбВ|]{4})(?![A-Za-z\d])/g,
  // 8 (999) 123-45-67, 89991234567, 375 29 123-45-67
  /(?<![\d(])8[\s-]{0,2}(?:\([79]\d{2}\)|[79]\d{2})[\s-]{0,2}\d{3}[\s-]\d{2}[\s-]\d{2}(?!\d)/g,
  /(?<![A-Za-z\d.,])(?:[78]9|87)\d{9}(?![A-Za-z\d])/g,
  /(?<![A-Za-z\d.,])375[\s-]?\(?\d{2}\)?[\s-]?\d{3}[\s-]?\d{2}[\s-]?\d{2}(?!\d)/g,
  // 4006-123-456
  /(?<![A-Za-z\d])400\d[\s-]\d{3}[\s-]\d{3}(?!\d)/g,
  // 010-12345678, (0531) 8888888
  /(?<![A-Za-z\d])[(（]?0\d{2,3}[)）]?[\s-]{0,3}\d{3,4}[\s-]?\d{4}(?!\d)/g,
  // 400-123-4567, 400 1234 567
  /(?<![A-Za-z\d])[48]00(?:[\s-]?\d{3}[\s-]?\d{4}|[\s-]?\d{4}[\s-]?\d{3})(?!\d)/g,
  /\+\d(?:[\s().-]{0,2}\d){9,13}(?!\d)/g,
  // 138****5678: the rest is easily found.
  /(?<!\d)1[3-9]\d[\s-]?[*xX•·]{4}[\s-]?\d{4}(?!\d)/g,
  // Local numbers are only recognised by a preceding label.
  /(?<=(?:电话|手机|手机号|号码|座机|热线|联系方式|(?<![a-z])(?:tel|phone|mobile|call|viber|whats\s?app)|тел|телефон|в[оа]тс?ц?ап\p{L}{0,2}|вацап|вайбер)[\s:.=为是]{0,5})\d(?:[\s-]?\d){6,11}(?!\d)/giu,
];

function mobilePhones(plain: string): Range[] {
  const found: Range[] = [];
  MOBILE.lastIndex = 0;
  for (let match = MOBILE.exec(plain); match !== null; match = MOBILE.exec(plain)) {
    const start = match.index;
    const end = start + match[0].length;
    if (isMobile(plain, start, end, found.at(-1)?.[1] ?? 0)) {
      found.push([start, end]);
    } else {
      MOBILE.lastIndex = start + 1;
    }
  }
  return found;
}

/**
 * Whether a match of MOBILE is a telephone number. In unusual groups its digits may be a row of other numbers
 * (`15800 2019-08`, `1598 110 1750-4500`, `15000-160000元`), which an adjacent unit, date or number indicates.
 */
function isMobile(plain: string, start: number, end: number, lastPhoneEnd: number): boolean {
  const number = plain.slice(start, end).replace(COUNTRY_CODE, "");
  const groups = number
    .split(/\D+/)
    .map(({ length }) => length)
    .join("-");
  const hasUnit = matchesAt(UNIT_BEHIND, plain, end);
  // `1500000 2019年` is a price and a year.
  if (USUAL_GROUPS.has(groups)) {
    return groups !== "7-4" || !hasUnit;
  }
  // Emoji also separate the facts of a row.
  if (hasUnit || /[.,，❤♥¤]/.test(number) || YEAR_AND_MONTH.test(number)) {
    return false;
  }
  if (groups === RARE_GROUPS) {
    return !matchesAt(JOINED_DIGIT_BEHIND, plain, end);
  }
  const digitBefore = DIGIT_BEFORE.exec(plain.slice(Math.max(0, start - 3), start))?.[0];
  if (digitBefore !== undefined && start - digitBefore.length + 1 !== lastPhoneEnd) {
    return false;
  }
  if (!matchesAt(DIGIT_BEHIND, plain, end)) {
    return true;
  }
  // Unless the next telephone number follows in the same format.
  return matchesAt(MOBILE_HERE, plain, DIGIT_BEHIND.lastIndex - 1);
}

// Messengers, mail, links

const contacts = (plain: string): Range[] => [
  ...find(MESSENGERS, plain).filter((range) => !isAmount(plain, range)),
  ...emails(plain),
  ...find(LINKS, plain).filter(([start, end]) => !isChe168Link(plain.slice(start, end))),
  ...find(HIDDEN_MAILS, plain),
];

/** Whether an id is a number with a unit (`QQ 10000公里`), and so not an id. */
function isAmount(plain: string, [start, end]: Range): boolean {
  return (
    /(?:[^a-z\d_-]|qq|[vw]x|加[vw])\d{5,9}$/i.test(plain.slice(start, end)) &&
    matchesAt(UNIT_BEHIND, plain, end)
  );
}

function isChe168Link(link: string): boolean {
  const host = /^(?:https?:\/\/)?([a-z\d.-]+)(?:[/?#]|$)/i.exec(link)?.[1] ?? "";
  return isChe168Host(host.toLowerCase());
}

const MAX_MAIL_NAME_LENGTH = 66;
const MAIL_NAME_CHARACTER = /^[a-z\d._%+-]$/i;
const MAIL_HOST =
  /\s?[a-zа-яё\d-]{1,63}(?:[.。｡﹒点點·・•‧∙⋅˙丶][a-zа-яё\d-]{1,63}){0,8}(?:[.。｡﹒点點·・•‧∙⋅˙丶](?:[a-z]{2,}|рф)|[、,，*]com)/iy;
/** E-mail addresses, found from each `@` outwards within the maximum length of an address. */
function emails(plain: string): Range[] {
  const found: Range[] = [];
  for (let at = plain.indexOf("@"); at >= 0; at = plain.indexOf("@", at + 1)) {
    const gap = plain.charAt(at - 1) === " " ? 1 : 0;
    let start = at - gap;
    while (start > at - MAX_MAIL_NAME_LENGTH && MAIL_NAME_CHARACTER.test(plain.charAt(start - 1))) {
      start--;
    }
    if (start < at - gap && matchesAt(MAIL_HOST, plain, at + 1)) {
      found.push([start, MAIL_HOST.lastIndex]);
    }
  }
  return found;
}

// VINs

const VIN = /(?<![A-Za-z\d])[A-HJ-NPR-Za-hj-npr-z\d]{17}(?![A-Za-z\d])/g;
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/** The value of a letter for the check digit is its index in these rows, plus one. */
const VIN_LETTERS = ["ABCDEFGH", "JKLMN?P?R", "?STUVWXYZ"];

/** Whether the check digit is right (GB 16735): six letters before a telephone number are not a VIN. */
function isVin(token: string): boolean {
  const upper = token.toUpperCase();
  let sum = 0;
  for (const [at, weight] of VIN_WEIGHTS.entries()) {
    const char = upper.charAt(at);
    const value = /\d/.test(char)
      ? Number(char)
      : Math.max(...VIN_LETTERS.map((row) => row.indexOf(char))) + 1;
    sum += weight * value;
  }
  return upper.charAt(8) === (sum % 11 === 10 ? "X" : String(sum % 11));
}

function find(patterns: readonly RegExp[], plain: string): Range[] {
  return patterns.flatMap((pattern) =>
    [...plain.matchAll(pattern)].map((match): Range => [match.index, match.index + match[0].length]),
  );
}

/** The ranges that do not start inside a kept one, sorted by their starts. `kept` is sorted. */
function outside(kept: readonly Range[], ranges: readonly Range[]): Range[] {
  let at = 0;
  return [...ranges]
    .sort(([a], [b]) => a - b)
    .filter(([start]) => {
      while ((kept[at]?.[1] ?? Number.POSITIVE_INFINITY) <= start) {
        at++;
      }
      return start < (kept[at]?.[0] ?? Number.POSITIVE_INFINITY);
    });
}

function matchesAt(sticky: RegExp, text: string, position: number): boolean {
  sticky.lastIndex = position;
  return sticky.test(text);
}

const LOW_SURROGATE = /[\uDC00-\uDFFF]/;

/** Masks every range, overlapping ones with a single mask. `ranges` are sorted by their starts. */
function replaceRanges(text: string, ranges: readonly Range[]): string {
  let result = "";
  let done = 0;
  for (const [start, end] of ranges) {
    if (start >= done) {
      result += text.slice(done, start) + MASK;
    }
    // Never splits a surrogate pair.
    const whole = LOW_SURROGATE.test(text.charAt(end)) ? end + 1 : end;
    done = Math.max(done, whole);
  }
  return result + text.slice(done);
}
