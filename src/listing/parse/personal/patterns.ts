/** Whether a host is che168.com or a subdomain. */
export function isChe168Host(host: string): boolean {
  return host === "che168.com" || host.endsWith(".che168.com");
}

/** Number plates start with the short name of a province. */
export const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

const PROVINCE_NAMES =
  "北京|天津|上海|重庆|河北|河南|云南|辽宁|黑龙江|湖南|安徽|山东|新疆|江苏|浙江|江西|湖北|广西|甘肃|山西|内蒙古|陕西|吉林|福建|贵州|广东|青海|西藏|四川|宁夏|海南";

/** Titles after a surname, and labels before a name. */
const TITLES = "先生|女士|小姐|经理|师傅|老板|大姐|大哥";
const NAME_LABELS = "联系人|车主姓名|卖家姓名|姓名|контактное лицо|контакт";
/** Prefilter: names of people are only recognised with one of these. */
export const PERSON_WORDS = `${TITLES}|${NAME_LABELS}|менеджер|госпо|г-н|г-жа|\\bm(?:r|rs|s)\\b`;

/** `全新A4L2023款` is not a plate. */
const PLATE = new RegExp(
  `(?<![全焕最崭创更上](?=新))[${PROVINCES}]` +
    "(?:[A-Z][\\s·.•-]?(?:(?=[A-Z]*\\d)[A-Z\\d]{5,6}|[A-Z\\d]{4}(?=[学警港澳挂领使]))[学警港澳挂领使]?|[a-z][\\s·.•-]?\\d{5,6})" +
    "(?![A-Za-z\\d款])",
  "gu",
);
const IDENTITY_CARD =
  /(?<!\d)[1-9]\d{5}[\s-]?(?:19|20)\d{2}[\s-]?(?:0[1-9]|1[0-2])[\s-]?(?:0[1-9]|[12]\d|3[01])[\s-]?\d{3}[\dXx](?!\d)/g;
const LABELLED_PLATE = /(?<=车牌(?:号码?)?\s?[:：]?\s?)[A-Z][A-Z\d]{5,6}(?![A-Za-z\d])/g;
/** With the province's name in full: 浙江A12345. */
const LONG_PLATE = new RegExp(
  `(?:${PROVINCE_NAMES})[省市]?[A-Z][\\s·.•-]?(?=[A-Z]*\\d)[A-Z\\d]{5,6}(?![A-Za-z\\d款])`,
  "gu",
);
/** 使123456; in `行使123456公里`, 使 is part of a verb. */
const EMBASSY_PLATE = /(?<![\p{L}\d])使\s?(?:\d{6}|\d{3}[\s·.•-]\d{3})(?!\d|\s?(?:公里|千米|万|km|元))/giu;
const POLICE_PLATE = new RegExp(`(?<![A-Za-z])WJ\\s?[${PROVINCES}]?\\s?\\d{4,5}[A-Z]?(?![A-Za-z\\d])`, "g");

// People

/**
 * Common surnames, except those that are also words before a title (`大师傅`, `好老板`). Names may contain digits, because plain
 * digits turn 张三丰 into 张3丰.
 */
const SURNAMES =
  "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳";
const PERSONS = [
  new RegExp(`(?:[小老]?[${SURNAMES}][\\p{Script=Han}\\d]{0,2}?)(?:${TITLES})`, "gu"),
  new RegExp(
    `(?<=(?:${NAME_LABELS})\\s?[:：]\\s?)(?:[\\p{Script=Han}\\d]{2,4}|\\p{L}[\\p{L}-]+(?:\\s\\p{Lu}\\p{L}+){0,2})`,
    "giu",
  ),
  /(?:(?<![\p{L}])(?:господин|госпожа|г-н|г-жа|менеджер)\s+)\p{Lu}\p{L}+(?:\s\p{Lu}\p{L}+)?/gu,
  /(?<![A-Za-z])(?:Mr|Mrs|Ms)\.?\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?/g,
];

/** Names of people, number plates and identity cards, in a text with plain digits and letters. */
export const PEOPLE_AND_PAPERS: readonly RegExp[] = [
  PLATE,
  LABELLED_PLATE,
  LONG_PLATE,
  EMBASSY_PLATE,
  POLICE_PLATE,
  IDENTITY_CARD,
  ...PERSONS,
];
