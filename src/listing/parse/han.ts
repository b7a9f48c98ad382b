const DIGITS = "一二三四五六七八九";

/** A Chinese numeral up to 99: `两`, `双` → 2, `七` → 7, `十` → 10, `十一` → 11, `二十` → 20; 0 for any other text. */
export function readHanNumber(numeral: string): number {
  if (numeral === "两" || numeral === "双") {
    return 2;
  }
  const [tens, ones] = numeral.includes("十") ? numeral.split("十") : [undefined, numeral];
  const tensValue = tens === undefined ? 0 : tens === "" ? 10 : 10 * digit(tens);
  return tensValue + (ones === undefined || ones === "" ? 0 : digit(ones));
}

function digit(numeral: string): number {
  return numeral.length === 1 ? DIGITS.indexOf(numeral) + 1 : 0;
}

/** Traditional characters in names of places, makes and categories, aligned with {@link SIMPLIFIED}. */
const TRADITIONAL =
  "廣東蘇臺灣雲內貴陝遼寧龍濟連慶長無揚鹽錫紹興溫嶺滬門漢陽荊嶽義麗蘭銀烏魯齊爾濱瀋撫營錦蘆島煙濰棗萊臨徑張開鄭許駐馬廈贛饒區縣鄉鎮國車電動機體氣驅緊級轎貨舊輪個產豐寶奧賓馳別鐵歐鈴達紅風標緻現賽傳極問邁凱藍綠黃專業雙離變純輕掛樂創領遠騰衛獅鷹羅蓮恆潤眾華盧須準經聯繫線補網護閘閥頂場價萬億圓兩廠後隻樣";
const SIMPLIFIED =
  "广东苏台湾云内贵陕辽宁龙济连庆长无扬盐锡绍兴温岭沪门汉阳荆岳义丽兰银乌鲁齐尔滨沈抚营锦芦岛烟潍枣莱临径张开郑许驻马厦赣饶区县乡镇国车电动机体气驱紧级轿货旧轮个产丰宝奥宾驰别铁欧铃达红风标致现赛传极问迈凯蓝绿黄专业双离变纯轻挂乐创领远腾卫狮鹰罗莲恒润众华卢须准经联系线补网护闸阀顶场价万亿圆两厂后只样";
const FORMS = new Map([...TRADITIONAL].map((char, at) => [char, SIMPLIFIED.charAt(at)]));
const ANY_TRADITIONAL = new RegExp(`[${TRADITIONAL}]`, "gu");

/** A name in simplified characters; only characters that occur in the vocabularies are converted. */
export function simplified(name: string): string {
  return name.replace(ANY_TRADITIONAL, (char) => FORMS.get(char) ?? char);
}
