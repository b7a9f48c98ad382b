import { isInRange } from "../fields.ts";
import { memo } from "../memo.ts";
import { round } from "./numbers.ts";

/** Facts in an engine string such as `2.0T 295马力 L4`. */
export interface EngineReading {
  readonly displacement_l: number | null;
  readonly aspiration: "natural" | "turbo" | null;
  readonly power_hp: number | null;
  readonly cylinders: number | null;
  /** In line, V, flat (H), W, or rotary. */
  readonly layout: "L" | "V" | "H" | "W" | "R" | null;
  readonly engine_type: string | null;
}

const KW_TO_HP = 1.35962;
const MAX_ENGINE_LENGTH = 120;
/** A lone `л` (or `升`) is the unit; `L` and `T` (in either alphabet) denote the aspiration. */
const SIZE =
  /(?<![\d.,A-Z])(\d{1,2}[.,]\d{1,2})\s?(L|[TТ](?:D|DI|SI|FSI|HP|GDI|CI)?|Л|升)?(?=[\s,/+·(]|$)(?!\s*(?:kw|квт|千瓦))/iu;
const MILLILITRES = /(?<![\d.])(\d{3,4})\s?(?:ml|cc|毫升|мл|см3)(?![a-zа-я])/iu;
const TURBO_IN_WORDS = /涡轮增压|турбо|turbo/iu;
const NATURAL_IN_WORDS = /自然吸气|атмосфер|naturally/iu;
const HORSEPOWER = /(?<![\d.])(\d{1,4})\s*(?:马力|匹|hp|bhp|ps|л\.?\s?с\.?)(?![a-z])/iu;
const KILOWATTS = /(?<![\d.])(\d{1,4}(?:\.\d)?)\s*(?:kw|千瓦|квт)(?![a-zч·.*])/iu;
const CYLINDERS = /(?<![A-Z\d])([LVHWRI])-?(\d{1,2})(?![A-Z\d.])/iu;
const CYLINDERS_IN_WORDS = /(直列|水平对置|[VW]型)\s?(\d{1,2})\s?缸/iu;
const LAYOUTS_IN_WORDS: Readonly<Record<string, EngineReading["layout"]>> = {
  直列: "L",
  水平对置: "H",
  V型: "V",
  W型: "W",
};
const ENGINE_TYPES: readonly (readonly [RegExp, string])[] = [
  [/甲醇.*混|醇[氢电]/u, "methanol_hybrid"],
  [/甲醇/u, "methanol"],
  [
    /插电|插混|PHEV|(?<![A-Z])(?:DM-?[IP]|C-DM|EM-[IP])(?![A-Z])|подключаем\S*\s+гибрид|plug-?in/iu,
    "plug_in_hybrid",
  ],
  [/增程|REEV|EREV|range[ -]?exten|расширител/iu, "range_extender"],
  [/氢|fuel cell|водород/iu, "hydrogen"],
  [/柴油.*(?:轻混|\d{2}V)/iu, "mild_hybrid_diesel"],
  [
    /轻混|(?<![A-Z])MHEV|(?<!\d)(?:24|48|90)V(?![A-Z])|mild hybrid|мягк\S*\s+гибрид/iu,
    "mild_hybrid_gasoline",
  ],
  [/油电混合|油电混动|混合动力|(?<![A-Z])HEV|hybrid|гибрид/iu, "hybrid"],
  [/纯电|电动|(?<![A-Z])B?EV(?![A-Z])|электр|electric/iu, "electric"],
  [/双燃料|(?<![A-Z])CNG/iu, "gasoline_cng"],
  [/柴油|(?<![A-Z])TDI(?![A-Z])|дизель|diesel/iu, "diesel"],
  [/汽油|бензин|gasoline|petrol/iu, "gasoline"],
];

const NOTHING: EngineReading = {
  displacement_l: null,
  aspiration: null,
  power_hp: null,
  cylinders: null,
  layout: null,
  engine_type: null,
};

/**
 * Reads `<N.N>(L|T) <hp>马力 <layout><cylinders>`, also with `л.с.`, `hp` or kW, and engines without a size
 * (`纯电动 204马力`, `增程式 84马力`). Unusual but readable values are kept; values out of the bounds of their fields
 * are null.
 */
export function readEngine(text: string): EngineReading {
  return text.length > MAX_ENGINE_LENGTH ? NOTHING : engineOf(text);
}

const engineOf = memo((raw): EngineReading => {
  const text = raw.normalize("NFKC").replace(/\s+/gu, " ").trim();
  const size = SIZE.exec(text);
  const litres =
    within("displacement", size?.[1]?.replace(",", ".")) ??
    litresOf(within("displacement_cc", MILLILITRES.exec(text)?.[1]));
  const [, layout, cylinders] = CYLINDERS.exec(text) ?? CYLINDERS_IN_WORDS.exec(text) ?? [];
  const count = within("cylinders", cylinders);
  const engineType = ENGINE_TYPES.find(([spelling]) => spelling.test(text))?.[1] ?? null;
  const letter = size?.[2]?.charAt(0).toUpperCase();
  return {
    displacement_l: litres,
    aspiration: litres === null ? null : (aspirationOf(letter) ?? aspirationInWords(text)),
    power_hp:
      within("power", HORSEPOWER.exec(text)?.[1]) ??
      horsepower(within("power_kw", KILOWATTS.exec(text)?.[1])),
    cylinders: count,
    layout: count === null ? null : layoutOf(layout),
    engine_type: engineType,
  };
});

/** Kilowatts to metric horsepower, rounded; null outside of the bounds of a power. */
export function horsepower(kilowatts: number | null): number | null {
  const hp = kilowatts === null ? Number.NaN : round(kilowatts * KW_TO_HP, 0);
  return isInRange("power", hp) ? hp : null;
}

/** Metric horsepower to kilowatts, rounded. */
export function kilowatts(hp: number | null): number | null {
  return hp === null ? null : round(hp / KW_TO_HP, 0);
}

/** Whether two values contradict each other: more than 3 % apart. */
export function powersDiffer(hp: number, kw: number): boolean {
  return Math.abs(kw * KW_TO_HP - hp) > 0.03 * hp;
}

function aspirationOf(letter: string | undefined): EngineReading["aspiration"] {
  if (letter === "L") {
    return "natural";
  }
  return letter === "T" || letter === "Т" ? "turbo" : null;
}

function aspirationInWords(text: string): EngineReading["aspiration"] {
  const turbo = TURBO_IN_WORDS.test(text);
  if (turbo === NATURAL_IN_WORDS.test(text)) {
    return null;
  }
  return turbo ? "turbo" : "natural";
}

function litresOf(millilitres: number | null): number | null {
  return millilitres === null ? null : round(millilitres / 1000, 2);
}

function layoutOf(letter: string | undefined): EngineReading["layout"] {
  const upper = letter?.toUpperCase();
  if (upper !== undefined && upper in LAYOUTS_IN_WORDS) {
    return LAYOUTS_IN_WORDS[upper] ?? null;
  }
  if (upper === "I") {
    return "L";
  }
  return upper === "L" || upper === "V" || upper === "H" || upper === "W" || upper === "R" ? upper : null;
}

/** The number, if it is within the bounds of a field. */
function within(field: Parameters<typeof isInRange>[0], digits: string | undefined): number | null {
  const value = Number(digits ?? Number.NaN);
  return isInRange(field, value) ? value : null;
}
