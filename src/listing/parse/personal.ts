import { isChe168Host, PEOPLE_AND_PAPERS, PERSON_WORDS, PROVINCES } from "./personal-patterns.ts";
import { ANY_DIGIT, GAP, plainForm } from "./plain-form.ts";

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
  if (!MAY_BE_PERSONAL.test(text)) {
    return text;
  }
  const plain = plainForm(text);
  const ranges = [
    ...mobilePhones(plain),
    ...find(OTHER_PHONES, plain),
    ...find(MESSENGERS, plain).filter((range) => !isAmount(plain, range)),
    ...emails(plain),
    ...find(LINKS, plain).filter(([start, end]) => !isChe168Link(plain.slice(start, end))),
    ...find([HIDDEN_MAIL, ...PEOPLE_AND_PAPERS], plain),
  ];
  if (ranges.length === 0) {
    return text;
  }
  const vins = find([VIN], plain).filter(([start, end]) => isVin(plain.slice(start, end)));
  return replaceRanges(text, outside(vins, ranges));
}

/** Half-open range of positions. */
type Range = readonly [start: number, end: number];

/** Prefilter: everything that is masked contains one of these. */
const MAY_BE_PERSONAL = new RegExp(
  `(?:${ANY_DIGIT}${GAP}{0,3}){5}|[@＠#]|艾特|[([]at[)\\]]|[.．]\\p{L}{2}|。[a-z]{2}|://|[微薇威徽溦徵嶶葳]|[加+＋➕]\\s?[vwｖｗ]|[vwｖｗ][\\s.-]?[x信ｘ❤♥:：=]|[ⅴων]\\s?[ⅹ信x]|公众号|飞机|1[3-9]\\d[\\s-]?[*xX•·]{4}|[使]\\s?\\d{3}|wei\\s?(?:xin|信)|we\\s?chat|чат|телег|telegram|whatsapp|(?<![a-z])(?:tg|line|kakao)(?![a-z])|[${PROVINCES}][A-ZＡ-Ｚ]|wj|车牌|球球|企鹅|抖音|快手|小红书|闲鱼|${PERSON_WORDS}|[\\u{1D7CE}-\\u{1D7FF}]|[oOоОlIЗзбВ|](?=[\\d\\s.oOоОlIЗзбВ|-]{6})|卫星(?!导航|电视|定位|广播|天线|通[信讯])|绿泡|绿色软件|(?<![a-z])q\\s?[:：]`,
  "iu",
);

// Telephones

const MOBILE =
  /(?<!\d)(?:(?:\+|00)?86[\s.-]{0,3})?1[\s.,，·_()（）电-]{0,3}[3-9](?:[\s.,，·_()（）电-]{0,3}\d){9}(?!\d)/g;
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

const OTHER_PHONES = [
  // 138/1234/5678, 138*1234*5678, 138、1234、5678
  /(?<![\d/*~、|])1[3-9]\d([/*~、|])\d{4}\1\d{4}(?![\d/*~、|])/g,
  // Letters that look like 0, 1 and 3 among the digits: 138O1234567, l38 1234 5678, 1З8 1234 5678
  /(?<![A-Za-z\d])(?=\S{0,12}[oOоОlIЗзбВ|])[1lI|][\s-]?(?:[3-9Ззб])[\doOоОlIЗзбВ|]{1,2}[\s-]?(?:[\doOоОlIЗзбВ|]{4}[\s-]?){2}(?<=[\doOоОlIЗзбВ|]{4})(?![A-Za-z\d])/g,
  // 8 (999) 123-45-67
  /(?<![\d(])8[\s-]{0,2}(?:\(9\d{2}\)|9\d{2})[\s-]{0,2}\d{3}[\s-]\d{2}[\s-]\d{2}(?!\d)/g,
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
  /(?<=(?:电话|手机|手机号|号码|座机|热线|联系方式|(?<![a-z])(?:tel|phone|mobile|call)|тел|телефон)[\s:.=为是]{0,5})\d(?:[\s-]?\d){6,11}(?!\d)/giu,
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
  if (hasUnit || /[.,，]/.test(number) || YEAR_AND_MONTH.test(number)) {
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

/** Signs and small words between the name of a messenger and the id. */
const FILLER = "(?:[^\\p{L}\\p{N}]|[号码是为加搜添账帐同手机电话联系咨询索我的请公众]|id(?=[\\s:.=])){0,10}";
const ID = "[a-z\\d][a-z\\d_-]{4,}";
/** Starts with a letter and contains a digit or an underscore: an id, not a word of a car's name. */
const SURE_ID = "(?=[a-z-]*[\\d_])[a-z][a-z\\d_-]{4,}|\\d{6,}";
const MESSENGERS = [
  new RegExp(
    `(?:[微薇威徽溦徵嶶葳][\\s.-]?(?:[信❤♥]|xin)|绿泡泡?|绿色软件|v[\\s.-]?[信❤♥]|wei[\\s.-]?(?:xin|信)|we[\\s.-]?chat|вичат|вейчат)${FILLER}${ID}`,
    "giu",
  ),
  // VX is also a trim of several cars.
  new RegExp(
    `(?<![a-z])(?:[vw][\\s.-]?x|[微薇]\\s?x|[加+➕]\\s?[vw微薇威])\\s?(?:号|号码)?\\s?[:=]\\s*${ID}`,
    "giu",
  ),
  new RegExp(
    `(?<![a-z])(?:[vw][.-]?x(?:号|号码)?|[微薇]\\s?x|加\\s?[vw微薇威]|\\+\\s?[微薇威]|➕\\s?[v微薇威]|(?<![a-z\\d])\\+\\s?v(?=[\\s.:])|[微薇]\\s?[:=]|(?<!\\d)v\\s?[:=])[\\s._-]*(?:${SURE_ID})`,
    "giu",
  ),
  /(?<![A-Za-z])(?:wx|vx)\s+[a-z][a-z_-]{5,}/gu,
  // The id precedes the messenger: 加我zhang_8888微信
  new RegExp(
    `(?:(?<=[加搜找我号]\\s?)(?:${SURE_ID})|(?<![a-z\\d_-])(?=[a-z\\d-]*_)[a-z][a-z\\d_-]{4,})\\s?(?:的|是)?\\s?(?:[微薇威徽]\\s?信|wei\\s?xin|we\\s?chat|[vw]x(?![a-z\\d]))`,
    "giu",
  ),
  // 卫星 sounds like 微信; satellites have no ids.
  new RegExp(`卫星(?!导航|电视|定位|广播|天线|通[信讯])${FILLER}(?:${SURE_ID})`, "giu"),
  /公众号\s?[:=]\s?[\p{L}\p{N}_-]{2,20}/gu,
  /飞机\s?(?:号|群)?\s?[:：]?\s?@[a-z\d_]{3,}/giu,
  /(?<![a-z])(?:q\s?q|q号|q(?=\s?:)|加\s?q|扣扣|球球|企鹅号?|微?信?群)(?:[\s:=.-]|[号群是为加]){0,6}\d{5,11}(?!\d)/giu,
  new RegExp(`(?:抖音|快手|小红书|闲鱼)${FILLER}(?:${SURE_ID}|${ID}(?=$|[^a-z\\d]))`, "giu"),
  /(?:telegram|whatsapp|телегра[мф]\p{L}{0,8}|телега|(?<![a-z])tg)\s?[:：]?\s?@?[a-z][a-z\d_]{4,}/giu,
  /(?<![a-z])(?:telegram|tg|телегра[мф]\p{L}{0,8})\s?[:：]?\s?@[a-z\d_]{3,}/giu,
  new RegExp(`(?<![a-z-])(?:line|kakao(?:talk)?)\\s?(?:id)?\\s?:\\s?(?:${SURE_ID})`, "giu"),
];
const LINKS = [
  /(?<![a-z])[a-z]{2,12}:\/\/[^\s<>"'\p{Script=Han}，。；！？（）、]+/giu,
  /(?<![a-z\d@._/-])(?:[a-z\d-]{1,63}\.){1,8}(?:com|cn|net|org|ru|me|cc|vip|top|shop|xyz|link|site|online|club|info|io|app|tv|wang)(?![a-z\d-])(?:[/?#][^\s<>"'\p{Script=Han}，。；！？（）、]*)?/giu,
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
const MAIL_HOST = /\s?[a-z\d-]{1,63}(?:[.。点][a-z\d-]{1,63}){0,8}[.。点][a-z]{2,}/iy;
/** An obfuscated address: `zhang(at)qq.com`, `zhang#qq.com`. */
const HIDDEN_MAIL =
  /(?<![a-z\d._-])[a-z\d][a-z\d._-]{1,40}\s?(?:[([]at[)\]]|艾特|#)\s?[a-z\d-]{1,63}[.。点](?:[a-z\d-]{1,63}[.。点])?[a-z]{2,6}(?![a-z])/giu;

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
