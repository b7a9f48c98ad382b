/** Sentences of a seller's description, in the order in which sellers write them. */
export const descriptions: readonly (readonly string[])[] = [
  [
    "杜绝重大事故、泡水、火烧车，支持第三方检测。",
    "本车为本地一手个人用车，车主置换新车出售。",
    "准新车，新车质保期内，原版原漆，无任何事故。",
    "本店郑重承诺：无重大事故，无泡水，无火烧，假一赔三。",
    "精品车况，漆面保养得当，内饰干净无异味。",
    "公务员一手用车，全程4S店保养，记录可查。",
  ],
  [
    "发动机变速箱工况良好，动力充沛，换挡平顺，",
    "全车无钣金，个别位置有补漆，不影响使用，",
    "轮胎九成新，刹车片刚换，底盘无异响，",
    "车内无烟味，座椅无破损，脚垫齐全，",
    "车身四门两盖无更换，结构件完好，",
    "电子设备一切正常，空调制冷快，",
  ],
  [
    "手续齐全，随时过户，可提供按揭服务，",
    "保险到期时间可查，年检有效，无违章，",
    "可提档全国，支持外地客户视频看车，",
    "支持分期付款，首付低至两成，当天提车，",
    "支持置换，高价收车，以旧换新，",
  ],
  [
    "价格可小议，诚意者欢迎到店看车试驾。",
    "一口价不议价，非诚勿扰。",
    "店内还有多款同级别车型可选，欢迎咨询。",
    "购车送全车打蜡、内饰精洗和首次保养。",
    "看中的朋友抓紧，车源不等人。",
  ],
];

/** The same in English, for accounts set to English. */
export const englishDescriptions: readonly string[] = [
  "166 detailed inspections, no major accidents, no flooding, no fire.",
  "One owner, full dealer service history, original paint.",
  "Transfer included, financing possible, delivery to all provinces.",
  "Interior clean, non-smoker, all electronics work.",
  "Tyres nearly new, brakes just replaced, road test welcome.",
];

/** Surnames of fictional sellers and inspectors. */
export const surnames = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];

/** Points of an inspection report by group. */
export const inspectionPoints: Readonly<Record<string, readonly string[]>> = {
  外观检测: [
    "前保险杠",
    "发动机盖",
    "左前翼子板",
    "左前门",
    "左后门",
    "左后翼子板",
    "后备厢盖",
    "后保险杠",
    "右前门",
  ],
  骨架检测: ["左前纵梁", "右前纵梁", "左A柱", "左B柱", "右A柱", "右B柱", "后备厢底板"],
  内饰检测: ["仪表台", "方向盘", "座椅", "顶棚", "安全带"],
  机电检测: ["启动", "怠速", "变速箱", "转向系统", "制动系统", "空调系统", "灯光"],
};

/** Results of an inspection point; the first means "in order". */
export const inspectionResults = ["正常", "轻微划痕", "补漆", "轻微凹陷", "正常磨损", "轻微渗油"];

/** Placeholders for a missing value, as seen in real listings. */
export const blanks = ["", "-", "暂无", "未知", "--"];
