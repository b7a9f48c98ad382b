import { isInRange } from "../fields.ts";
import { memo } from "../memo.ts";
import { numberRule } from "../parse-context.ts";
import { compileVocabulary, type Vocabulary } from "../vocabulary/index.ts";
import { type NumberReading, readNumber } from "./numbers.ts";
import { textOf } from "./text.ts";
import { MILLIMETRE_UNITS } from "./units.ts";

/** Result of {@link readStructure}. */
export interface StructureReading {
  readonly doors: number | null;
  readonly seats_min: number | null;
  readonly seats_max: number | null;
  /** Null without a type; `other` when the vocabulary lacks it. */
  readonly body_type: string | null;
  /** The text after doors and seats. */
  readonly type: string;
}

/** Length, width and height in millimetres; null when unreadable or out of bounds. */
export interface DimensionsReading {
  readonly length_mm: number | null;
  readonly width_mm: number | null;
  readonly height_mm: number | null;
}

const SIZES = {
  length_mm: numberRule("length_mm", { units: MILLIMETRE_UNITS }),
  width_mm: numberRule("width_mm", { units: MILLIMETRE_UNITS }),
  height_mm: numberRule("height_mm", { units: MILLIMETRE_UNITS }),
};

const MAX_STRUCTURE_LENGTH = 100;
const NUMBERS = "\\d{1,2}(?:\\s*[-~/、至–—]\\s*\\d{1,2})*";
const DOORS = new RegExp(
  `(?<![\\d.])(${NUMBERS})\\s*(?:门(?!槛)|-?\\s?дверн\\p{L}*|дв(?:\\.|ер\\p{L}*)?(?!\\p{L})|-?\\s?doors?(?!\\p{L}))\\s*,?`,
  "iu",
);
const SEATS = new RegExp(
  `(?<![\\d.])(${NUMBERS})\\s*(?:座(?![椅舱])|-?\\s?местн\\p{L}*|\\s?мест(?:а|о)?(?!\\p{L})|-?\\s?seat(?:er|s)?(?!\\p{L}))\\s*,?`,
  "iu",
);

/**
 * Reads `<doors>门<seats>座<type>`, also in Russian (`5-дверный 5-местный хэтчбек`) and English. The type is the longest
 * suffix in the vocabulary (`硬顶跑车` before `跑车`).
 */
export function readStructure(raw: string, vocabulary: Vocabulary = compileVocabulary()): StructureReading {
  const text = raw.length > MAX_STRUCTURE_LENGTH ? null : textOf(raw);
  if (text === null) {
    return { doors: null, seats_min: null, seats_max: null, body_type: null, type: "" };
  }
  const { doors, seats, type } = split(text);
  const bodyTypes = vocabulary.categories.body_type;
  const known = type === "" ? null : (bodyTypes.find(type) ?? bodyTypes.findAtEnd(type));
  return {
    doors: doors.length === 1 && areInRange("doors", doors) ? (doors[0] ?? null) : null,
    seats_min: areInRange("seats", seats) ? Math.min(...seats) : null,
    seats_max: areInRange("seats", seats) ? Math.max(...seats) : null,
    body_type: type === "" ? null : (known ?? "other"),
    type,
  };
}

/** Reads `<length>*<width>*<height>`, separated by `*`, `×`, `x` or Cyrillic `х`; unknown parts are null. */
export function readDimensions(raw: string): DimensionsReading {
  return dimensionsOf(raw.length > MAX_STRUCTURE_LENGTH ? "" : raw).values;
}

/** The readings of the three parts with their issues; unreadable without exactly three parts. */
export const dimensionsOf = memo((raw) => {
  const parts = raw.normalize("NFKC").split(/\s*[*×✕xхX✖]\s*/iu);
  const [length, width, height] = parts.length === 3 ? parts : [];
  const readings = {
    length_mm: readNumber(length, SIZES.length_mm),
    width_mm: readNumber(width, SIZES.width_mm),
    height_mm: readNumber(height, SIZES.height_mm),
  } satisfies Record<keyof DimensionsReading, NumberReading>;
  const values: DimensionsReading = {
    length_mm: readings.length_mm.value,
    width_mm: readings.width_mm.value,
    height_mm: readings.height_mm.value,
  };
  return { readable: parts.length === 3, readings, values };
});

const split = memo((raw) => {
  const text = raw.normalize("NFKC");
  return {
    doors: numbersIn(DOORS.exec(text)?.[1]),
    seats: numbersIn(SEATS.exec(text)?.[1]),
    type: text
      .replace(DOORS, " ")
      .replace(SEATS, " ")
      .replace(/^[\s,/-]+/u, "")
      .trim(),
  };
});

function numbersIn(text: string | undefined): number[] {
  return (text ?? "").split(/\D+/u).filter(Boolean).map(Number);
}

/** Whether there are numbers, all of them within the bounds of the field. */
function areInRange(field: "doors" | "seats", numbers: readonly number[]): boolean {
  return numbers.length > 0 && numbers.every((number) => isInRange(field, number));
}
