/** An engine size as a trim writes it. */
export interface TrimEngine {
  readonly litres: number | null;
  readonly aspiration: "natural" | "turbo" | "supercharged" | null;
  /** Letters after the number identify an engine size: `1.5T`, `2.0L`. */
  readonly sure: boolean;
}

const NO_ENGINE: TrimEngine = { litres: null, aspiration: null, sure: false };
const MIN_LITRES = 0.6;
const MAX_LITRES = 8.4;
/** Preceding letters make it part of a name (`ADiGO4.0`), further digits another number. */
const DECIMAL = /(?<![\d.A-Z])(\d\.\d(?:\d(?=[LT]))?)(?![\d.])/giu;
const OTHER_UNIT = /^\s*(?:km|kw|公里|千瓦|度|秒|s(?=破|级|加速)|米|m(?![a-z])|吨|万|寸|英|代|版|%|折|倍)/iu;
const SOFTWARE =
  /(?:(?<![A-Z])(?:ADS|DiLink|ADiGO|[A-Z]*Pilot|OTA|NOA|X?NGP|OS|HiCar|AI|IOV)|互联|智[联驾能控行]|辅助驾驶|鸿蒙|座舱|Smart Go|Смарт Гоу)\s*$/iu;
const HAN = /\p{Script=Han}/u;
const LETTERS = /^\s?([A-Z]+(?:\/[A-Z]+)?)/iu;
const TURBO = /^(?:T(?!S(?!I)|RD|OUR|IT|REND|OP|YP|WIN)|GTDI|GDIT)/iu;
const TURBO_BEHIND_SPACE = /^(?:TSI|TFSI|THP|TDI|TGDI|TCI|GDIT|TURBO)$/iu;
const TURBO_ELSEWHERE = /GTDI|EcoBoost|TURBO/iu;
const SUPERCHARGED = /^(?:SC|S\/C)$/iu;

/**
 * The engine size in a trim: a decimal `N.N` of 0.6 to 8.4, with or without trailing letters (`1.6L`, `2.0TSI`,
 * `3.0i`, `2.0智雅版`). Not read: numbers with other units, versions (`智行2.0`), model codes (without a decimal point).
 */
export function readTrimDisplacement(text: string): TrimEngine {
  for (const match of text.matchAll(DECIMAL)) {
    const litres = Number(match[1]);
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    if (litres < MIN_LITRES || litres > MAX_LITRES || OTHER_UNIT.test(after)) {
      continue;
    }
    const [spelled = "", letters = ""] = LETTERS.exec(after) ?? [];
    const sure = /^[LT]/i.test(spelled);
    if (SOFTWARE.test(before) && !sure) {
      continue;
    }
    // Software versions look alike: `智行2.0`. An engine size directly after a word has a letter: `运动1.5T`.
    if (HAN.test(before.at(-1) ?? "") && !sure && !/[两三]厢$/u.test(before)) {
      continue;
    }
    return { litres, aspiration: aspirationOf(spelled, letters, after), sure };
  }
  return NO_ENGINE;
}

function aspirationOf(spelled: string, letters: string, after: string): TrimEngine["aspiration"] {
  if (SUPERCHARGED.test(letters)) {
    return "supercharged";
  }
  if (/^\s/.test(spelled)) {
    return TURBO_BEHIND_SPACE.test(letters) ? "turbo" : null;
  }
  if (TURBO.test(letters)) {
    return "turbo";
  }
  if (!/^L/i.test(letters)) {
    return null;
  }
  // `2.0L GTDi240` is a turbo although it says L.
  return TURBO_ELSEWHERE.test(after) ? "turbo" : "natural";
}
