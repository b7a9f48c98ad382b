import { isInRange } from "../../fields.ts";
import type { Category, Lexicon } from "../../vocabulary/index.ts";
import { readTrimFacts } from "../trim/trim-facts.ts";

/** Categories whose values contain numbers or remarks, and so cannot be listed as spellings. */
export const SPELLED_FREELY: Partial<Record<Category, (text: string, lexicon: Lexicon) => string | null>> = {
  engine_type: readEngineType,
  transmission_type: readTransmission,
  drive_type: (text, lexicon) => withoutRemarks(text, lexicon) ?? readTrimFacts(text, "").drive_type,
  emission_standard: (text, lexicon) =>
    withoutRemarks(text, lexicon) ?? readTrimFacts(text, "").emission_standard ?? readEuroStandard(text),
  battery_chemistry: (text, lexicon) => withoutRemarks(text, lexicon) ?? readByWords(CHEMISTRIES, text),
  aspiration: (text, lexicon) => withoutRemarks(text, lexicon) ?? readByWords(ASPIRATIONS, text),
  // A size in front (`中大型MPV`) or a roof (`Soft-top Convertible`) does not change the type.
  body_type: (text, lexicon) => withoutBrackets(text, lexicon) ?? lexicon.findAtEnd(text),
  car_class: withoutBrackets,
  color: readColor,
  material: (text, lexicon) => withoutBrackets(text, lexicon) ?? readByWords(MATERIALS, text),
  suspension: readSuspension,
};

const VOLTAGE = /(?<!\d)(\d{2})\s?[VВ](?![A-ZА-ЯЁ])/iu;
const DIESEL = /柴油|дизель|diesel/iu;
const GASOLINE = /汽油|бензин|gasoline|petrol|轻混|mild|мягк/iu;

const FUEL = "(?:汽油|柴油|бензин|дизел|gas(?:oline)?(?!\\p{L})|petrol|diesel)\\p{L}*";
/** 电喷 is fuel injection. */
const ELECTRICITY = "(?:电(?!喷)|электр\\p{L}*|electr\\p{L}*)";
const JOINT = "\\s*[/+、,&-]\\s*";
/** A fuel joined with electricity: `汽油/电`, `Бензин + электро`, `Gasoline-Electric`, `petrol electric hybrid`. */
const FUEL_AND_ELECTRICITY = new RegExp(
  `${FUEL}(?:${JOINT}|\\s(?=electr|электро(?!дви|при)))${ELECTRICITY}|${ELECTRICITY}${JOINT}${FUEL}`,
  "iu",
);
const ANY_FUEL = new RegExp(FUEL, "iu");
const METHANOL_AND_ELECTRICITY = new RegExp(
  `(?:甲醇|метанол|methanol)\\p{L}*?${JOINT}${ELECTRICITY}|${ELECTRICITY}${JOINT}(?:甲醇|метанол|methanol)`,
  "iu",
);
/** Beside a fuel, these say more than the fuel: `汽油+增程`, `插电式/汽油`. */
const KINDS_BESIDE_FUEL: readonly (readonly [RegExp, string])[] = [
  [/增程|range[ -]?exten|E-?REV|REEV|расширител/iu, "range_extender"],
  [/插电|插混|plug[ -]?in|PHEV|подключаем/iu, "plug_in_hybrid"],
  [/油电混/u, "hybrid"],
];
/** A combustion engine that only generates electricity for the motor. */
const SERIES_HYBRID = /(?:汽油|柴油)\+?电驱|(?<![A-Z])e-?POWER(?![A-Z])|электропривод|электродвиж/iu;
const PARALLEL_HYBRID = /油电混|混合动力|(?<![A-Z])e?:?HEV(?![A-Z])|hybrid|гибрид/iu;

/** Longer texts are not read to their end. */
const MAX_TEXT_LENGTH = 300;

/** Kind of a hybrid from the text that yielded its type; null for a mixture of unknown kind. */
export function readHybridKind(text: string): "parallel" | "series" | null {
  const plain = text.slice(0, MAX_TEXT_LENGTH).normalize("NFKC");
  if (SERIES_HYBRID.test(plain)) {
    return "series";
  }
  return !FUEL_AND_ELECTRICITY.test(plain) && PARALLEL_HYBRID.test(plain) ? "parallel" : null;
}

/** A label with a voltage is a mild hybrid (`Бензиновый + 12V mild hybrid`). */
function readEngineType(text: string, lexicon: Lexicon): string | null {
  const plain = text.normalize("NFKC");
  if (VOLTAGE.test(plain)) {
    if (DIESEL.test(plain)) {
      return "mild_hybrid_diesel";
    }
    return GASOLINE.test(plain) ? "mild_hybrid_gasoline" : null;
  }
  if (METHANOL_AND_ELECTRICITY.test(plain)) {
    return "methanol_hybrid";
  }
  const kind = ANY_FUEL.test(plain) ? readByWords(KINDS_BESIDE_FUEL, plain) : null;
  return kind ?? (FUEL_AND_ELECTRICITY.test(plain) ? "hybrid" : withoutRemarks(plain, lexicon));
}

/** The volts in a label such as `Бензиновый + 48V mild hybrid`. */
export function readVoltage(text: string | null): number | null {
  const volts = Number(VOLTAGE.exec(text ?? "")?.[1] ?? Number.NaN);
  return isInRange("mild_hybrid_voltage", volts) ? volts : null;
}

const GEARBOXES: readonly (readonly [RegExp, string])[] = [
  // An electric car with two gears shifts by itself.
  [
    /(?:[2两二]|two)[\s-]?(?:[挡档速]|speed).*(?:电动车|electric|EV)|(?:电动车|electric|EV).*(?:[2两二]|two)[\s-]?(?:[挡档速]|speed)|(?:2-?|двух)ступ.*электро/iu,
    "automatic",
  ],
  [/E-?CVT|电子无级|электронн\S*\s+вариатор/iu, "e_cvt"],
  [/DHT|混合动力专用|混动专用|гибридная коробка/iu, "dht"],
  [
    /双离合|(?<![A-Z])(?:DCT|DSG|PDK|DKG|DCG)|dual[ -]?clutch|двумя сцеплениями|преселект|S[- ]?tronic/iu,
    "dual_clutch",
  ],
  [/(?<![A-Z])(?:AMT|ISR|SMG)(?![A-Z])|机械式自动|序列变速|automated manual|одним сцеплением/iu, "amt"],
  [/CVT|(?<![A-Z])IVT(?![A-Z])|无级变速|continuously variable|вариатор|бесступенчат/iu, "cvt"],
  [/单速|固定齿比|single[ -]?speed|fixed gear|одноступ|редуктор|电动车.*变速/iu, "single_speed"],
  [
    /手自一体|自动|автомат|АКПП|automatic|tiptronic|(?<![A-Z])AT(?![A-Z])|(?<!\p{L})АТ(?!\p{L})/iu,
    "automatic",
  ],
  [/手动|手排|механ|МКПП|manual|(?<![A-Z])MT(?![A-Z])|(?<!\p{L})МТ(?!\p{L})/iu, "manual"],
  [/робот|РКПП/iu, "dual_clutch"],
];

/** Gearboxes with their number of gears: `9挡手自一体`, `7-ступенчатая АКПП`, `8-Speed Wet Dual Clutch`. */
function readTransmission(text: string): string | null {
  return GEARBOXES.find(([spelling]) => spelling.test(text))?.[1] ?? null;
}

const SUSPENSIONS: readonly (readonly [RegExp, string])[] = [
  [/麦[弗费佛]逊|滑柱|macpherson|mcpherson|макферсон/iu, "macpherson"],
  [
    /双[叉横摇摆]臂|双?A\s?[型形字]?臂|双球节|长短臂|double wishbone|двойн\S*\s+(?:поперечн\S*\s+)?рычаг|двухрычаж/iu,
    "double_wishbone",
  ],
  [/[多三四五六]\s?(?:连|联)?杆|multi-?link|многорычаж/iu, "multi_link"],
  [/扭.{0,2}梁|torsion beam|торсион\S*\s+балк/iu, "torsion_beam"],
  [/钢板弹?簧|板簧|leaf spring|рессор/iu, "leaf_spring"],
  [/拖[曳拽引]臂|纵[向]?[摆置]?臂|斜臂|trailing arm|продольн\S*\s+рычаг/iu, "trailing_arm"],
  [
    /整体桥|整体式|刚性桥|非独立|德迪翁|solid axle|rigid axle|неразрезн|(?<!не)(?<!полу)зависим/iu,
    "solid_axle",
  ],
  // Texts without a linkage.
  [/半独立|semi-?independent|полузависим/iu, "semi_independent"],
  [/(?<!半)独立|independent|независим/iu, "independent"],
  [/空气|气囊|air (?:spring|suspension)|пневмо/iu, "air_spring"],
  [/电子|电控|电磁|主动|自适应|electronic|adaptive|электронн|адаптивн/iu, "electronic"],
  [/螺旋弹|coil spring|пружин/iu, "coil_spring"],
];

/** The linkage decides; remarks about springs and stabilisers are ignored. */
function readSuspension(text: string): string | null {
  return SUSPENSIONS.find(([spelling]) => spelling.test(text))?.[1] ?? null;
}

const MATERIALS: readonly (readonly [RegExp, string])[] = [
  [/镁|magnesium|магни/iu, "magnesium"],
  [/铝|alumin|алюмин/iu, "aluminum"],
  [/铁|cast iron|чугун/iu, "cast_iron"],
  [/钢|steel|сталь/iu, "steel"],
];

const ASPIRATIONS: readonly (readonly [RegExp, string])[] = [
  [/机械.*涡轮|涡轮.*机械/u, "turbo_supercharged"],
  [/电[动子]增压/u, "electric_turbo"],
  [/双涡轮(?!管)|bi-?turbo|twin[- ]?turbo/iu, "twin_turbo"],
  [/涡轮|turbo|турб/iu, "turbo"],
  [/机械增压|supercharg/iu, "supercharged"],
  [/自然吸气|atmospheric|атмосферн/iu, "natural"],
];
const CHEMISTRIES: readonly (readonly [RegExp, string])[] = [
  [/(?:三元|NCM|NMC).*铁锂|铁锂.*三元/iu, "ternary_lfp"],
  [/锰铁锂|LMFP/iu, "lmfp"],
  [/铁锂|刀片|短刀|LFP|железо-?фосфат/iu, "lfp"],
  [/三元|镍钴锰|镍钴铝|NCM|NMC|NCA/iu, "ternary"],
  [/锰酸锂/u, "lmo"],
  [/锂|lithium|литий|li-ion/iu, "lithium_ion"],
];

/** The first kind whose word occurs in the text, regardless of process or brand (`压铸铝合金`, `神盾短刀电池`). */
function readByWords(kinds: readonly (readonly [RegExp, string])[], text: string): string | null {
  return kinds.find(([spelling]) => spelling.test(text))?.[1] ?? null;
}

const EURO = /^(?:euro|евро|eu)[\s-]*(VI|IV|V|III|II|I|[1-6])(?![A-Z]{2}|\d)/iu;
const ROMAN = ["I", "II", "III", "IV", "V", "VI"];

/** `Euro VI d`, `Евро 5b`. */
function readEuroStandard(text: string): string | null {
  const numeral = EURO.exec(text.normalize("NFKC"))?.[1]?.toUpperCase();
  if (numeral === undefined) {
    return null;
  }
  return `euro_${ROMAN.indexOf(numeral) + 1 || numeral}`;
}

const FINISH = /\s*(?:металлик|перламутр\S*|матов\S*|глянцев\S*|metallic|pearl|matte?|gloss)\s*/giu;
const COLOR_CHARACTERS = /[白黑灰银蓝红绿紫金粉棕褐橙黄]/gu;

/** Colours with a finish (`белый перламутр`), and names of paints that end in one colour (`极地白`). */
function readColor(text: string, lexicon: Lexicon): string | null {
  const plain =
    withoutBrackets(text, lexicon) ?? lexicon.find(text.replace(FINISH, " ")) ?? readTwoColors(text, lexicon);
  if (plain !== null) {
    return plain;
  }
  const name = text.replace(BRACKETS, "").replace(/色$/u, "");
  const colors = name.match(COLOR_CHARACTERS) ?? [];
  return colors.length === 1 && name.endsWith(colors[0]) ? lexicon.find(colors[0]) : null;
}

const GRAYS: ReadonlySet<string | null> = new Set(["silver_gray", "dark_gray"]);
const BETWEEN_COLORS = /\s*(?:[/／、&+]|和)\s*/u;

/** Two colours have a code only if it means both, in either order: `灰/银色` is silver_gray, `蓝/绿色` is not a colour. */
function readTwoColors(text: string, lexicon: Lexicon): string | null {
  const parts = text.split(BETWEEN_COLORS);
  if (parts.length < 2 || parts.some((part) => part === "")) {
    return null;
  }
  const codes = new Set(parts.map((part) => lexicon.find(part) ?? lexicon.find(`${part}色`)));
  const [code = null] = codes;
  if (codes.size === 1) {
    return code;
  }
  if (![...codes].every((one) => GRAYS.has(one))) {
    return null;
  }
  const names = parts.map((part) => part.replace(/色$/u, ""));
  return lexicon.find(names.join(" ")) ?? lexicon.find(names.toReversed().join(" "));
}

const BRACKETS = /\s*[(（].*$/u;

/** `白色(珠光)` is white. */
function withoutBrackets(text: string, lexicon: Lexicon): string | null {
  const first = text.replace(BRACKETS, "");
  return first === "" || first === text ? null : lexicon.find(first);
}

const AFTER_FIRST = /\s*[(（+/、,，].*$/u;

/** `国VI(国V)` and `Евро-4+OBD` are read by their first part. */
function withoutRemarks(text: string, lexicon: Lexicon): string | null {
  const first = text.replace(AFTER_FIRST, "");
  return first === "" || first === text ? null : lexicon.find(first);
}
