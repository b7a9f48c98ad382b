/**
 * Names of Chinese administrative divisions and their parts. A full name is stem, sometimes the peoples of an
 * autonomous division, and a suffix that names its kind: `北川` `羌族` `自治县`.
 */

/** Kind of a division by its suffix; several suffixes mean the same kind (`自治县` is a county). */
export type DivisionKind = "province" | "prefecture" | "city" | "district" | "county" | "banner";

const KINDS: readonly (readonly [suffix: string, kind: DivisionKind])[] = [
  ["特别行政区", "province"],
  ["行政委员会", "county"],
  ["自治区", "province"],
  ["自治州", "prefecture"],
  ["自治县", "county"],
  ["自治旗", "banner"],
  ["地区", "prefecture"],
  ["省", "province"],
  ["盟", "prefecture"],
  ["市", "city"],
  ["区", "district"],
  ["县", "county"],
  ["旗", "banner"],
];

/** Suffixes of two parts; elsewhere the same characters belong to the stem (`清新区`, `万柏林区`, `矿区`). */
const COMPOUND_STEMS = new Map([
  ["浦东新区", "浦东"],
  ["滨海新区", "滨海"],
  ["沈北新区", "沈北"],
  ["神农架林区", "神农架"],
  ["六枝特区", "六枝"],
  ["峰峰矿区", "峰峰"],
  ["鹰手营子矿区", "鹰手营子"],
  ["白云鄂博矿区", "白云鄂博"],
  ["中沙群岛的岛礁及其海域", "中沙群岛"],
]);

const WITH_ZU =
  "壮|满|回|苗|维吾尔|土家|彝|蒙古|藏|布依|侗|瑶|朝鲜|白|哈尼|哈萨克|黎|傣|畲|傈僳|仡佬|东乡|高山|拉祜|水|佤|纳西|羌|土|仫佬|锡伯|" +
  "柯尔克孜|达斡尔|景颇|毛南|撒拉|布朗|塔吉克|阿昌|普米|鄂温克|怒|京|基诺|德昂|保安|俄罗斯|裕固|乌孜别克|门巴|鄂伦春|独龙|赫哲|珞巴|各";
const WITHOUT_ZU = "蒙古|哈萨克|锡伯|塔吉克|柯尔克孜|维吾尔";
const PEOPLES_OF_AUTONOMOUS = new RegExp(`(?<=..)(?:(?:${WITH_ZU})族|${WITHOUT_ZU})+$`, "u");
const PEOPLES_OF_DISTRICT = new RegExp(`(?<=.)(?:${WITH_ZU})族$`, "u");

/** The suffix of a name and its kind; null without a suffix, and for a name that is only a suffix. */
export function splitSuffix(name: string): { rest: string; suffix: string; kind: DivisionKind } | null {
  for (const [suffix, kind] of KINDS) {
    if (name.length > suffix.length && name.endsWith(suffix)) {
      return { rest: name.slice(0, -suffix.length), suffix, kind };
    }
  }
  return null;
}

/**
 * The name without suffix and peoples: `顺河回族区` → `顺河`, `北川羌族自治县` → `北川`, `鄂温克族自治旗` → `鄂温克`,
 * `浦东新区` → `浦东`. A stem of one character keeps its suffix: `泾县`, `城区`.
 */
export function placeStem(fullName: string): string {
  const compound = COMPOUND_STEMS.get(fullName);
  if (compound !== undefined) {
    return compound;
  }
  const split = splitSuffix(fullName);
  if (split === null) {
    return fullName;
  }
  const stem = withoutPeoples(split.rest, split.suffix);
  return stem.length === 1 ? fullName : stem;
}

/**
 * Further spellings of a division besides its full name and its stem: without the suffix only
 * (`顺河回族`, `浦东新`), and an autonomous prefecture with 州 alone (`延边州`).
 */
export function otherSpellings(fullName: string): string[] {
  const split = splitSuffix(fullName);
  if (split === null) {
    return [];
  }
  const stem = placeStem(fullName);
  const spellings = split.suffix === "自治州" ? [`${stem}州`] : [];
  if (split.rest !== stem && split.rest.length > 1) {
    spellings.push(split.rest);
  }
  return spellings;
}

function withoutPeoples(rest: string, suffix: string): string {
  if (suffix === "区") {
    return rest.replace(PEOPLES_OF_DISTRICT, "");
  }
  if (!suffix.startsWith("自治")) {
    return rest;
  }
  const stem = rest.replace(PEOPLES_OF_AUTONOMOUS, "");
  // A division named after its people only keeps that name: 鄂温克族自治旗, 东乡族自治县.
  return stem === rest && rest.length > 2 ? rest.replace(/族$/u, "") : stem;
}

/** Words for a kind of division before or after a name in English or Russian; null for kinds that names do not keep. */
export const FOREIGN_KINDS: readonly (readonly [word: RegExp, kind: DivisionKind | null])[] = [
  [/\s+(?:new\s+)?(?:district|area|qu)$/iu, "district"],
  [/\s+(?:autonomous\s+)?(?:county|xian)$/iu, "county"],
  [/\s+(?:autonomous\s+)?(?:banner|qi)$/iu, "banner"],
  [/\s+(?:city|shi|municipality)$/iu, "city"],
  [/\s+(?:autonomous\s+)?(?:prefecture|province|region|league|sheng|diqu|meng)$/iu, null],
  [/^(?:городской\s+уезд|город|г\.)\s*/iu, "city"],
  [/^(?:(?:автономный\s+)?уезд)\s+/iu, "county"],
  [/^(?:район|р-н)\s+/iu, "district"],
  [/\s+(?:район|р-н)$/iu, "district"],
  [/\s+(?:уезд)$/iu, "county"],
  [/^(?:городской\s+округ|округ|провинция|пров\.)\s*/iu, null],
];
