// Accounts of messengers, links and mail addresses, in a text with plain digits and letters.

/** Signs and small words between the name of a messenger and the id. */
const FILLER = "(?:[^\\p{L}\\p{N}]|[号码是为加搜添账帐同手机电话联系咨询索我的请公众]|id(?=[\\s:.=])){0,10}";
const ID = "[a-z\\d][a-z\\d_-]{4,}";
/** Starts with a letter and contains a digit or an underscore: an id, not a word of a car's name. */
const SURE_ID = "(?=[a-z-]*[\\d_])[a-z][a-z\\d_-]{4,}|\\d{6,}";

/** Sounds or looks like the first character of 微信. */
const WEI = "微薇威徽溦徵嶶葳";
/** Between the letters of a name; ¤ is half an emoji. */
const SEPARATOR = "[\\s.❤♥¤-]{0,3}";

/** Signs that look like a point, at the height of one or in the middle. */
const LOW_POINT = "[.。｡﹒]";
const MIDDLE_POINT = "[·・•‧∙⋅˙丶]";
/** A point between brackets or as a word: never a sign of punctuation. */
const DISGUISED_POINT = `(?:\\s?(?:(?:小数)?[点點]|[([{<【（「]\\s?(?:dot|точка|[点點]|${LOW_POINT}|${MIDDLE_POINT})\\s?[)\\]}>】）」])\\s?|\\s(?:dot|точка)\\s)`;

/** Prefilter: everything that these patterns match contains one of these. */
export const MAY_BE_CONTACT = new RegExp(
  [
    "[@＠#]|艾特|собака|圈a|[([]at[)\\]]|\\sat\\s|[.．]\\p{L}{2}|[.．]\\s(?:com|cn|ru)|(?<![a-z])dot(?![a-z])|точка|[、,，*]com|://",
    `(?:${LOW_POINT}|${MIDDLE_POINT}|[点點])(?:[)\\]}>】）」]|рф)|(?:[。｡﹒点點]|${MIDDLE_POINT})\\s?[a-z]{2}`,
    `[${WEI}维唯围魏]|[加佳嘉+＋➕]\\s?[vwq卫]|[Ａ-Ｚａ-ｚ]|[vwｖｗⅴωνᴠᴡ][^\\p{L}\\p{N}]{0,3}[xⅹｘ信❤♥:：=]`,
    "[\\u{1D400}-\\u{1D6A3}\\u{1F130}-\\u{1F189}Ⓐ-ⓩ]",
    "wei|we[^\\p{L}\\p{N}]{0,3}chat|чат|телег|(?<![а-яё])тг|telegram|whats\\s?app|viber|skype|(?<![a-z])(?:tg|line|kakao|dy|ks|xhs)(?![a-z])",
    "公众号|视频号|飞机|电报|抖[音因]|快手|小红[书薯]|[闲咸]鱼|钉钉|陌陌|卫星(?!导航|电视|定位|广播|天线|通[信讯])|绿泡|绿色",
    "群|球球|企鹅|🐧|口口|[扣抠蔻]|q[^\\p{L}\\p{N}]{0,3}q|(?<![a-z])q\\s?[:：]|q号",
  ].join("|"),
  "iu",
);

export const MESSENGERS: readonly RegExp[] = [
  new RegExp(
    `(?:[${WEI}]${SEPARATOR}(?:[信❤♥]|xin)|绿泡泡?|绿色(?:聊天)?软件|v${SEPARATOR}[信❤♥]|(?<![a-z])wei${SEPARATOR}[❤♥]|wei[\\s.-]?(?:xin|信)|we${SEPARATOR}chat|вичат|вейчат)${FILLER}${ID}`,
    "giu",
  ),
  // Homophones that are also words: 微芯, 维信, 唯心.
  new RegExp(`[${WEI}维唯围魏][\\s.❤♥¤]{0,3}[信芯心新讯訊欣]${FILLER}(?:${SURE_ID})`, "giu"),
  // VX is also a trim of several cars.
  new RegExp(
    `(?<![a-z])(?:[vw]${SEPARATOR}x|[微薇]\\s?x|[加+➕]\\s?[vw微薇威])\\s?(?:号|号码)?\\s?[:=]\\s*${ID}`,
    "giu",
  ),
  new RegExp(
    `(?<![a-z])(?:[vw](?:[.-]?|[❤♥¤]{1,3})x(?:号|号码)?|[微薇]\\s?x|[加佳嘉]\\s?[vw微薇威卫]|\\+\\s?[微薇威]|➕\\s?[v微薇威]|(?<![a-z\\d])\\+\\s?v(?=[\\s.:])|[微薇]\\s?[:=]|(?<!\\d)v\\s?[:=])[\\s._-]*(?:${SURE_ID})`,
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
  /(?:公众号|视频号)\s?[:=]\s?[\p{L}\p{N}_-]{2,20}/gu,
  /飞机\s?(?:号|群)?\s?[:：]?\s?@[a-z\d_]{3,}/giu,
  new RegExp(`(?:纸飞机|电报)[号群]?\\s?[:=]?\\s?(?:@[a-z\\d_]{3,}|${SURE_ID})`, "giu"),
  new RegExp(
    `(?<![a-z])(?:q${SEPARATOR}q|q号|q(?=\\s?:)|加\\s?q|[扣抠蔻口]{2}|球球|企鹅号?|🐧|微?信?群)(?:[\\s:=.¤-]|[号群是为加]){0,6}\\d{5,11}(?!\\d)`,
    "giu",
  ),
  /(?<![折抵回代])[扣抠]\s?[:：]?\s?[1-9]\d{6,10}(?!\d)/gu,
  new RegExp(
    `(?:抖[音因]|快手|小红[书薯]|[闲咸]鱼|钉钉|陌陌|微博|skype)${FILLER}(?:${SURE_ID}|${ID}(?=$|[^a-z\\d]))`,
    "giu",
  ),
  new RegExp(`(?<![a-z])(?:dy|ks|xhs)\\s?:\\s?(?:${SURE_ID})`, "giu"),
  /(?:telegram|whatsapp|телегра[мф]\p{L}{0,8}|телега|(?<![a-z])tg|(?<![а-яё\d]\s?)тг)\s?[:：]?\s?@?[a-z][a-z\d_]{4,}/giu,
  /(?<![a-z])(?:telegram|tg|телегра[мф]\p{L}{0,8}|(?<![а-яё])тг)\s?[:：]?\s?@[a-z\d_]{3,}/giu,
  new RegExp(`(?<![a-z-])(?:line|kakao(?:talk)?)\\s?(?:id)?\\s?:\\s?(?:${SURE_ID})`, "giu"),
];

/** The point of a name, also in disguise. */
const SPACED_POINT = `(?:\\s?(?:${LOW_POINT}|${MIDDLE_POINT})\\s?|${DISGUISED_POINT})`;
const ENDINGS = "com|cn|net|org|ru|me|cc|vip|top|shop|xyz|link|site|online|club|info|io|app|tv|wang";
const NAMES = `(?<![a-z\\d@._/-])[a-z\\d-]{2,63}(?:${SPACED_POINT}[a-z\\d-]{2,63}){0,3}`;
const CYRILLIC_ENDINGS = "(?:рф|рус|москва)";

export const LINKS: readonly RegExp[] = [
  /(?<![a-z])[a-z]{1,12}:\/\/[^\s<>"'\p{Script=Han}，。；！？（）、]+/giu,
  new RegExp(
    `(?<![a-z\\d@._/-])(?:[a-z\\d-]{1,63}\\.){1,8}(?:${ENDINGS})(?![a-z\\d-])(?:[/?#][^\\s<>"'\\p{Script=Han}，。；！？（）、]*)?`,
    "giu",
  ),
  // авто.рф, авто точка рф
  new RegExp(
    `(?<![\\p{L}\\d@._/-])[\\p{L}\\d-]{2,63}(?:\\.[\\p{L}\\d-]{2,63}){0,3}(?:\\.|\\s(?:dot|точка)\\s)${CYRILLIC_ENDINGS}(?![\\p{L}\\d-])(?:[/?#][^\\s<>"'\\p{Script=Han}，。；！？（）、]*)?`,
    "giu",
  ),
  // 。 and · have fewer endings than 点, because they also end a sentence or separate words: `2.0T。top配置`, `GLS·VIP`
  new RegExp(
    `${NAMES}(?:${SPACED_POINT}(?:com|cn|ru)|[。｡﹒](?:net|org)|${DISGUISED_POINT}(?:${ENDINGS}))(?![a-z\\d-])`,
    "giu",
  ),
  // name·net; in `BMW·net` the capitals are a make, not the name of a host
  new RegExp(
    `(?<![A-Za-z\\d@._/-])(?:[A-Za-z\\d-]{2,63}${MIDDLE_POINT}){0,3}(?:(?=[A-Z-]{0,62}[a-z\\d])[A-Za-z\\d-]{2,63}${MIDDLE_POINT}(?:net|org)|[A-Z\\d-]{2,63}${MIDDLE_POINT}(?:NET|ORG))(?![A-Za-z\\d-])`,
    "gu",
  ),
  /(?<![a-z\d@._/-])[a-z][a-z\d-]{2,62}[、,，*]com(?![a-z\d-])/giu,
  new RegExp(`(?<![a-z\\d])www(?:${SPACED_POINT}[a-z\\d-]{2,63}){1,4}`, "giu"),
  // авто·рф; РФ in capitals is the country
  new RegExp(
    `(?<![\\p{L}\\d@._/-])[\\p{L}\\d-]{2,63}(?:${LOW_POINT}|${MIDDLE_POINT}|${DISGUISED_POINT})рф(?![\\p{L}\\d-])`,
    "gu",
  ),
  /(?<![a-z\d@._/-])(?:[a-z\d-]{1,63}\.){1,8}(?:公司|中国|网址)(?!\p{Script=Han})/giu,
];

/** Obfuscated addresses: `zhang(at)qq.com`, `zhang#qq.com`, `zhang собака mail точка ru`. */
export const HIDDEN_MAILS: readonly RegExp[] = [
  new RegExp(
    `(?<![a-z\\d._-])[a-z\\d][a-z\\d._-]{1,40}\\s?(?:[([]at[)\\]]|艾特|圈a|собака|#)\\s?[a-z\\d-]{1,63}${SPACED_POINT}(?:[a-z\\d-]{1,63}${SPACED_POINT})?[a-z]{2,6}(?![a-z])`,
    "giu",
  ),
  new RegExp(
    `(?<![a-z\\d._-])[a-z\\d][a-z\\d._-]{2,40}\\sat\\s(?:qq|163|126|139|gmail|mail|foxmail|outlook|hotmail|yandex|sina|sohu|icloud)${SPACED_POINT}(?:com|cn|ru|net)(?![a-z])`,
    "giu",
  ),
];
