import type { ReportIssue } from "../../types.ts";
import type { Vocabulary } from "../../vocabulary/index.ts";
import { toPinyin } from "../../vocabulary/pinyin.ts";
import { simplified } from "../han.ts";
import { isBlank, publicName } from "../text.ts";

const MAX_NAME_LENGTH = 100;
/** Place of manufacture, and the word for car maker: `奔驰(进口)`, `小米汽车`. */
const MARK_SUFFIX =
  /\s*(?:[(（](?:进口|国产)[)）]|汽车|(?<=[\p{L}\s])qiche|(?<=\s)(?:auto|automobiles?|motors?))$/iu;

/**
 * The canonical Latin name of a make in any spelling; an unknown one is kept, with an issue. If the listing has none, the
 * make at the start of the full trim name (`宝马1系 2022款 …`) is used.
 *
 * @param series full trim name or series
 */
export function parseMark(
  raw: unknown,
  series: string | null,
  vocabulary: Vocabulary,
  report: ReportIssue,
): string | null {
  const text = publicName(raw, MAX_NAME_LENGTH);
  if (text !== null) {
    const plain = simplified(text).replace(MARK_SUFFIX, "");
    const mark =
      vocabulary.marks.find(text) ?? findMark(plain, vocabulary) ?? markOfTwoParts(plain, vocabulary);
    if (mark === null) {
      report("mark", "unknown_value", text);
    }
    return mark ?? text;
  }
  if (!isBlank(raw)) {
    report("mark", "unreadable", raw);
  }
  return series === null ? null : (markInFront(series.slice(0, MAX_NAME_LENGTH), vocabulary)?.code ?? null);
}

const HAN = /\p{Script=Han}/u;
const GAP_BEFORE_HAN = /^[\s·/-]*(?=\p{Script=Han})/u;

/**
 * The make at the start of a text, and the length of its name. Its maker may be in Latin letters: `Geely 银河E5` is
 * `吉利银河E5`.
 */
export function markInFront(text: string, { marks }: Vocabulary): { code: string; length: number } | null {
  const found = marks.findInFront(text);
  const maker = found === null ? undefined : marks.labels.get(found.code)?.zh;
  const gap = found === null ? null : GAP_BEFORE_HAN.exec(text.slice(found.length));
  if (found === null || gap === null || maker === undefined || HAN.test(text.slice(0, found.length))) {
    return found;
  }
  const start = found.length + gap[0].length;
  const named = marks.findInFront(maker + text.slice(start));
  return named === null || named.length <= maker.length
    ? found
    : { code: named.code, length: start + named.length - maker.length };
}

/** A make in a listed spelling, without its punctuation (`Mercedes Benz`) or in pinyin (`Wenjie`). */
const findMark = (text: string, { marks, looseMarks }: Vocabulary): string | null =>
  marks.find(text) ?? looseMarks(toPinyin).find(text);

/** Groups whose name precedes that of one of their makes: `BYD腾势`, `吉利极氪`. */
const MAKERS = new Set(
  "BYD,Geely,Chery,Changan,Great Wall,GAC,SAIC,BAIC,Dongfeng,FAW,JAC,Seres,Volkswagen,Nissan,NIO".split(","),
);
/** Between Han characters and letters: `JETOUR捷途`, `DEEPAL 深蓝`. */
const TWO_SCRIPTS =
  /^(?:(\p{Script=Han}+)[\s·/-]*([^\p{Script=Han}]+)|([^\p{Script=Han}]+?)[\s·/-]*(\p{Script=Han}+))$/u;

/** A name in two scripts, or after its maker. Null when its parts are two unrelated makes. */
function markOfTwoParts(text: string, vocabulary: Vocabulary): string | null {
  const { marks, looseMarks } = vocabulary;
  const parts = TWO_SCRIPTS.exec(text)
    ?.slice(1)
    .filter((part) => part !== undefined);
  const front =
    parts === undefined ? (marks.findInFront(text) ?? looseMarks(toPinyin).findInFront(text)) : null;
  const [first, second] =
    parts?.map((part) => findMark(part, vocabulary)) ??
    (front === null
      ? []
      : [front.code, findMark(text.slice(front.length).replace(/^[\s·/-]+/u, ""), vocabulary)]);
  if (parts !== undefined && (first === null || second === null || first === second)) {
    return first ?? second ?? null;
  }
  return first != null && second != null && (MAKERS.has(first) || first === second) ? second : null;
}

/** A name of a model without its make in front, in any of the make's spellings; the whole text if nothing would remain. */
export function withoutMark(text: string, mark: string, vocabulary: Vocabulary): string {
  const { marks, markLines, looseMarks } = vocabulary;
  const listed = marks.allInFront(text, mark);
  const loose = HAN.test(text.charAt(0)) ? [] : looseMarks(toPinyin).allInFront(text, mark);
  const lengths = [...listed, ...loose]
    .filter(({ spelling }) => !markLines.has(spelling))
    .map(({ length }) => length)
    .sort((a, b) => b - a);
  // An unknown make is spelled as in the listing.
  if (text.startsWith(`${mark} `)) {
    lengths.push(mark.length);
  }
  const front = listed.length + loose.length === 0 ? markInFront(text, vocabulary) : null;
  if (front?.code === mark) {
    lengths.push(front.length);
  }
  for (const length of lengths) {
    const rest = text.slice(length).replace(/^[\s·・-]+/u, "");
    if (rest !== "" && !/^[(（]/u.test(rest)) {
      return rest;
    }
  }
  return text;
}
