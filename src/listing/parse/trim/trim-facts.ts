import { FIELDS } from "../../fields.ts";
import { memo } from "../../memo.ts";
import { readBodyType, readDoors, readSeats } from "./trim-body.ts";
import { readTrimDisplacement } from "./trim-displacement.ts";

/** Facts in a trim. Codes are those of the vocabularies; null when uncertain. */
export interface TrimFacts {
  /** Litres. */
  readonly displacement_l: number | null;
  readonly aspiration: "natural" | "turbo" | "supercharged" | null;
  readonly engine_type: string | null;
  /** Volts of a mild hybrid. */
  readonly mild_hybrid_voltage: number | null;
  readonly transmission_type: string | null;
  readonly drive_type: string | null;
  /** Number of drive motors. */
  readonly drive_motors: number | null;
  /** Null when the trim names several numbers of seats. */
  readonly seats: number | null;
  readonly seats_min: number | null;
  readonly seats_max: number | null;
  readonly doors: number | null;
  readonly body_type: string | null;
  readonly emission_standard: string | null;
  readonly battery_kwh: number | null;
  readonly ev_range_km: number | null;
  readonly battery_chemistry: "ternary" | "lfp" | null;
}

export const NO_FACTS: Readonly<TrimFacts> = {
  displacement_l: null,
  aspiration: null,
  engine_type: null,
  mild_hybrid_voltage: null,
  transmission_type: null,
  drive_type: null,
  drive_motors: null,
  seats: null,
  seats_min: null,
  seats_max: null,
  doors: null,
  body_type: null,
  emission_standard: null,
  battery_kwh: null,
  ev_range_km: null,
  battery_chemistry: null,
};

const PLUG_IN =
  /(?:双擎|混动|hybrid)\s*e\+|PHEV|插电|插混|(?<![A-Z])plug[ -]?in(?![A-Z])|подключаемый гибрид|(?<![A-Z])(?:DM-?[IPO]|C-DM|I-?DD)(?![A-Z])|EM-[IP](?![A-Z])/iu;
/** BYD's `DM`, the predecessor of `DM-i`; only with a series that contains 新能源 or DM itself. */
const DUAL_MODE = /(?<![A-Z-])DM(?![A-Z-])/u;
const NEW_ENERGY = /新能源|(?<![A-Z-])DM(?![A-Z-])/u;
const RANGE_EXTENDER =
  /增程|(?<![A-Z])(?:REEV|EREV)(?![A-Z])|range[ -]extende[rd]|extended[ -]range|расширител\p{L}+\s+(?:запаса\s+)?(?:хода|диапазона)/iu;
const HYDROGEN = /氢燃料|(?<![A-Z])FCEV(?![A-Z])/iu;
const MILD_HYBRID =
  /轻混|mild[ -]hybrid|мягкий гибрид|(?<![A-Z])MHEV(?![A-Z])|(?<!\d)(?:24|48|90)V(?![A-Z])/iu;
const VOLTAGE = /(?<!\d)(24|48|90)V(?![A-Z])/iu;
const HYBRID =
  /双擎|强混|full[ -]hybrid|полный гибрид|(?<![A-Z])e-?POWER(?![A-Z])|(?<![A-Z])HEV(?![A-Z])|油电混[动合]|锐[·・•.]?混动/iu;
const ELECTRIC =
  /纯电(?!续航)|(?<![A-Z])B?EV(?![A-Z])|(?<![A-Z])(?:pure|fully|all)[ -]electric(?![A-Z])|(?<![\p{L}-])электро(?:мобиль)?(?![\p{L}-])/iu;
const GASOLINE_CNG = /双燃料|(?<![A-Z])CNG(?![A-Z])/iu;
const DIESEL =
  /柴油|(?<![A-Z])(?:(?:TDI|TDCI|CRDI?|CDI)(?![A-Z])|(?:[TS]DV\d|TD[46])(?!\d))|BlueTEC|дизел|diesel/iu;
const GASOLINE = /汽油|бензин|gasoline|petrol/iu;
const SOME_HYBRID = /混动|电驱|hybrid|гибрид/iu;

/**
 * Facts of a trim (`2.0T DCT四驱哮天犬版`); of the preceding series, only an electric or hybrid drive of the whole
 * series is read (`领克08 EM-P`, `菱智M5EV`). Model codes (`380TSI`, `35 TFSI`, `300h`) are not read as numbers.
 */
export function readTrimFacts(trim: string, series: string): TrimFacts {
  const facts = withoutGuess(factsOf(trim), trim, series);
  const isDualMode = DUAL_MODE.test(trim) && (NEW_ENERGY.test(series) || facts.engine_type === "hybrid");
  const isOpen = facts.engine_type === null || facts.engine_type === "hybrid";
  if (isDualMode || (isOpen && DUAL_MODE.test(series))) {
    return { ...facts, engine_type: "plug_in_hybrid" };
  }
  if (facts.engine_type !== null) {
    return facts;
  }
  const engineType = seriesEngineType(series);
  if (engineType === null || (engineType === "electric" && facts.displacement_l !== null)) {
    return facts;
  }
  return { ...facts, engine_type: engineType };
}

/** Three-litre engines badged T that were supercharged in some years: those of the Volkswagen group, Jaguar, Land Rover. */
const SUPERCHARGED_MARKS =
  /路虎|揽胜|发现|捷豹|land rover|range rover|jaguar|途锐|touareg|奥迪|audi|卡宴|cayenne|panamera/iu;

/** `3.0TSI` means charged, by a turbocharger or a supercharger: only the table has the type. */
function withoutGuess(facts: TrimFacts, trim: string, series: string): TrimFacts {
  const isAmbiguous =
    facts.aspiration === "turbo" &&
    facts.displacement_l === 3 &&
    (/3\.0\s?T(?:F?SI)(?![A-Z])/iu.test(trim) || SUPERCHARGED_MARKS.test(series));
  return isAmbiguous && !/TDI|TDV6|SDV6|柴油/iu.test(trim) ? { ...facts, aspiration: null } : facts;
}

const seriesEngineType = memo((series): string | null => {
  const engineType = readEngineType(series.normalize("NFKC"));
  const said = ["plug_in_hybrid", "range_extender", "hybrid", "electric"];
  return engineType !== null && said.includes(engineType) ? engineType : null;
});

const factsOf = memo((trim): TrimFacts => {
  const text = trim.normalize("NFKC");
  const engine = readTrimDisplacement(text);
  let engineType = readEngineType(text);
  // A fuel engine's size next to a word for electric: one of them refers to something else.
  if (engineType === "electric" && engine.sure) {
    engineType = null;
  }
  // With a battery, a bare decimal is usually a software version (`增程 ADS 2.0`).
  const known = engine.sure || (engineType !== "electric" && engineType !== "range_extender");
  return {
    displacement_l: known ? engine.litres : null,
    aspiration: known ? engine.aspiration : null,
    engine_type: engineType,
    mild_hybrid_voltage: engineType?.startsWith("mild_hybrid") ? numberOf(VOLTAGE, text, [24, 90]) : null,
    transmission_type: readTransmission(text),
    drive_type: readDrive(text),
    drive_motors: readMotors(text),
    ...readSeats(text),
    doors: readDoors(text),
    body_type: readBodyType(text),
    emission_standard: readEmissionStandard(text),
    battery_kwh: numberOf(BATTERY, text, FIELDS.battery_kwh.range),
    ev_range_km: numberOf(RANGE, text, FIELDS.ev_range_km.range),
    battery_chemistry: readChemistry(text),
  };
});

function readEngineType(text: string): string | null {
  if (PLUG_IN.test(text)) {
    return "plug_in_hybrid";
  }
  if (RANGE_EXTENDER.test(text)) {
    return "range_extender";
  }
  if (HYDROGEN.test(text)) {
    return "hydrogen";
  }
  if (MILD_HYBRID.test(text)) {
    return DIESEL.test(text) ? "mild_hybrid_diesel" : "mild_hybrid_gasoline";
  }
  if (HYBRID.test(text)) {
    return "hybrid";
  }
  if (ELECTRIC.test(text)) {
    return "electric";
  }
  if (GASOLINE_CNG.test(text)) {
    return "gasoline_cng";
  }
  if (SOME_HYBRID.test(text)) {
    return null;
  }
  const diesel = DIESEL.test(text);
  if (diesel === GASOLINE.test(text)) {
    return null;
  }
  return diesel ? "diesel" : "gasoline";
}

/** Automatic or manual equipment other than the gearbox. */
const NO_GEARBOX =
  /[自手]动(?:离合|驾驶|泊车|驻车|巡航|大灯|头灯|空调|启停|刹车|紧急|天窗|车窗|辅助|防眩)|[AM]T(?:轮?胎|越野胎)/gu;
const GEARBOXES: readonly (readonly [RegExp, string])[] = [
  [/(?<![A-Z])E-?CVT(?![A-Z])|电子无级/iu, "e_cvt"],
  [/(?<![A-Z])DHT(?![A-Z])/iu, "dht"],
  [
    /(?<![A-Z])(?:[EIGW]?DCT|DSG|PDK)|(?<![A-Z])(?:TST|DCG|DKG|EDC|TC-SST)(?![A-Z])|双离合|dual[ -]clutch|(?<![A-Z])S[- ]?tronic/iu,
    "dual_clutch",
  ],
  // Chang'an's IMT is an automated manual gearbox.
  [/(?<![A-Z])(?:i?AMT|IMT)(?![A-Z])|Easytronic/iu, "amt"],
  [/(?<![A-Z])[CI]VT(?![A-Z])|Multitronic|无级变速|continuously variable|вариатор/iu, "cvt"],
  [/(?<!\p{L})(?:робот|РКПП)(?!\p{L}|\s+с\s+одним)/iu, "dual_clutch"],
];
// МТ and АТ in Cyrillic letters as well.
const MANUAL =
  /手动|手排|(?<![A-Z])MT(?![A-Z\d])|(?<!\p{L})МТ(?!\p{L})|МКПП|механи|(?<![A-Z])manual(?![A-Z])/iu;
const AUTOMATIC =
  /自动|手自一体|(?<![A-Z])AT(?![A-Z\d])|(?<!\p{L})АТ(?!\p{L})|АКПП|автомат|(?<![A-Z])(?:automatic|tiptronic|touchtronic)/iu;

function readTransmission(text: string): string | null {
  const said = text.replace(NO_GEARBOX, " ");
  for (const [spelling, code] of GEARBOXES) {
    if (spelling.test(said)) {
      return code;
    }
  }
  const manual = MANUAL.test(said);
  if (manual === AUTOMATIC.test(said)) {
    return null;
  }
  return manual ? "manual" : "automatic";
}

const PART_TIME = /分时四驱|part[ -]time|подключаемый полный привод/iu;
const ALL_WHEELS =
  /四驱|全驱|[全四]轮驱动|(?<![A-Z\d])(?:4WD|4[X×Х]4)(?![A-Z\d])|(?<![A-Z])(?:[EI]?AWD|XWD)(?![A-Z])|(?:all|four)[ -]wheel[ -]drive|xDrive|quattro(?![A-Z])|4MATIC|(?<![A-Z])ALL4(?!\d)|4MOTION|полный привод|полноприводн/iu;
const REAR_WHEELS = /后驱|后轮驱动|rear[ -]wheel[ -]drive|(?<![A-Z])RWD(?![A-Z])|задний привод/iu;
const FRONT_WHEELS = /前驱|前轮驱动|front[ -]wheel[ -]drive|(?<![A-Z])FWD(?![A-Z])|передний привод/iu;
const TWO_WHEELS =
  /[两二]驱|两轮驱动|(?<![A-Z\d])(?:2WD(?![A-Z])|4[X×Х]2(?![A-Z\d]))|two[ -]wheel[ -]drive|(?<![A-Z])sDrive/iu;

function readDrive(text: string): string | null {
  const rear = REAR_WHEELS.test(text);
  const front = FRONT_WHEELS.test(text);
  const two = TWO_WHEELS.test(text);
  if (ALL_WHEELS.test(text)) {
    return rear || front || two ? null : PART_TIME.test(text) ? "part_time_4wd" : "awd";
  }
  if (rear || front) {
    return rear && front ? null : rear ? "rwd" : "fwd";
  }
  return two ? "2wd" : null;
}

const MOTORS: readonly RegExp[] = [
  /单电机|single[ -]motor|один мотор/iu,
  /双电机|dual[ -]motor|два мотора/iu,
  /三电机|tri(?:ple)?[ -]motor|три мотора/iu,
  /四电机|quad[ -]motor|четыре мотора/iu,
];

function readMotors(text: string): number | null {
  const at = MOTORS.findIndex((spelling) => spelling.test(text));
  return at < 0 ? null : at + 1;
}

/** After these the character is part of a name: 中国, 全国, 北京, 南京, 赛欧, 西欧 … */
const ROMAN_STANDARD =
  /(?<![中全北南东燕赛西美])([国欧京]|(?<![A-Z])(?:China|Euro)(?![A-Z])|(?<!\p{L})(?:Китай|Евро))[\s-]*(VI|IV|V|III|II|I)(?:-?([AB]))?(?![A-Z\d])/iu;
const OTHER_STANDARD =
  /(?<![中全北南东燕赛西美])([国欧京])([一二三四五六1-6])([AB])?(?=$|[\s,.;:()/+]|排放|标准)/iu;
const TRANSLATED_STANDARD = /(?<!\p{L})(China|Euro|Китай|Евро)[\s-]*([1-6])([AB])?(?![A-Z\d.,])/iu;
const ROMAN_NUMERALS = ["I", "II", "III", "IV", "V", "VI"];

/** The emission standard in a trim, mostly at its end: `国VI`, `国VIb`, `欧IV`. */
function readEmissionStandard(text: string): string | null {
  const found = ROMAN_STANDARD.exec(text) ?? OTHER_STANDARD.exec(text) ?? TRANSLATED_STANDARD.exec(text);
  if (found === null) {
    return null;
  }
  const [, authority = "", numeral = "", part = ""] = found;
  const level =
    Math.max(ROMAN_NUMERALS.indexOf(numeral.toUpperCase()), "一二三四五六".indexOf(numeral)) + 1 ||
    Number(numeral);
  if (/^(?:欧|euro|евро)$/iu.test(authority)) {
    return `euro_${level}`;
  }
  if (authority === "京") {
    return level === 5 || level === 6 ? `beijing_${level}` : null;
  }
  return `china_${level}${level === 6 ? part.toLowerCase() : ""}`;
}

const BATTERY =
  /(?<![\d.])(\d{1,3}(?:\.\d{1,3})?)\s*(?:kW[·.]?h(?![A-Z])|кВт[·.*⋅-]?ч(?!\p{L})|千瓦时|度电)(?!\s*\/)/iu;
const RANGE =
  /(?<![\d.-]|综合(?:续航)?\s*|总续航\s*)(\d{2,4})\s*(?:km|公里|км)(?!\s*\/|[A-ZА-Я]|\s*综合|\s*总续航)/iu;

function numberOf(
  pattern: RegExp,
  text: string,
  [min, max]: readonly [min: number, max: number],
): number | null {
  const value = Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return value >= min && value <= max ? value : null;
}

function readChemistry(text: string): "ternary" | "lfp" | null {
  const lfp = /铁锂|(?<![A-Z])LFP(?![A-Z])|железо-?фосфат/iu.test(text);
  if (lfp === /三元锂|三元电池|(?<![A-Z])(?:NCM|NMC|ternary)(?![A-Z])/iu.test(text)) {
    return null;
  }
  return lfp ? "lfp" : "ternary";
}
