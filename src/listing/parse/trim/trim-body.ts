import { readHanNumber } from "../han.ts";

const SEATS_RANGE = /(?<![A-Z\d./+-])(\d{1,2})((?:\s*[-~/、至]\s*\d{1,2})+)\s*座(?![椅舱])/iu;
const SEATS = /(?<![\d./+~-])(\d{1,2})(?:\s*座(?![椅舱])|\s*-?местн|\s+мест[ао]?(?![а-я])|[- ]seat)/giu;
const SEATS_HAN =
  /(?<![一二三四五六七八九十百])(十[一二三四五六七八九]?|[二两双三四五六七八九])座(?![椅舱])/gu;
const SEATS_IN_WORDS = /(?<!\p{L})(two|three|four|five|six|seven|eight)[- ]seat(?!s? (?:heat|vent|mass))/giu;
const WORDS = ["two", "three", "four", "five", "six", "seven", "eight"];
const MAX_SEATS = 60;

/** Seats in a trim; null when it names none or an implausible number. */
export interface Seats {
  readonly seats: number | null;
  readonly seats_min: number | null;
  readonly seats_max: number | null;
}

/** One number, or the lowest and highest of several (`5/7座`). */
export function readSeats(text: string): Seats {
  const range = SEATS_RANGE.exec(text);
  const numbers =
    range === null
      ? [
          ...text.matchAll(SEATS).map(([, digits]) => Number(digits)),
          ...text.matchAll(SEATS_HAN).map(([, numeral = ""]) => readHanNumber(numeral)),
          ...text.matchAll(SEATS_IN_WORDS).map(([, word = ""]) => WORDS.indexOf(word.toLowerCase()) + 2),
        ]
      : [range[1], ...(range[2] ?? "").split(/\D+/u).filter(Boolean)].map(Number);
  if (numbers.length === 0 || !numbers.every((seats) => seats >= 1 && seats <= MAX_SEATS)) {
    return { seats: null, seats_min: null, seats_max: null };
  }
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  return { seats: low === high ? low : null, seats_min: low, seats_max: high };
}

const DOORS =
  /(?<![\d一二三四五六七八九十])([2-5二两双三四五])(?:门(?![槛把])|[- ]door(?![a-z])|-дверн|\s+двер(?:и|ей)(?![а-я]))/iu;

export function readDoors(text: string): number | null {
  const numeral = DOORS.exec(text)?.[1];
  if (numeral === undefined) {
    return null;
  }
  return /\d/.test(numeral) ? Number(numeral) : readHanNumber(numeral);
}

const BODIES: readonly (readonly [RegExp, string])[] = [
  [
    /敞篷|(?<![A-Z])(?:cabrio(?:let)?|convertible|sp[iy]der|roadster)(?![A-Z])|кабриолет|родстер/iu,
    "convertible",
  ],
  [/房车|宿营车|旅居车|motorhome|автодом/iu, "motorhome"],
  [/旅行版|旅行车|旅行轿车|(?<![A-Z])(?:avant(?!-)|wagon)(?![A-Z])|универсал(?![а-я])/iu, "wagon"],
  [/皮卡|(?<![A-Z])pickup(?![A-Z])|пикап/iu, "pickup"],
];
const SEDAN = /三厢|(?<![A-Z])sedan(?![A-Z])|седан/iu;
const HATCHBACK = /两厢|(?<![A-Z])hatchback(?![A-Z])|х[еэ]тчб[еэ]к/iu;

/** A code of the body vocabulary. */
export function readBodyType(text: string): string | null {
  for (const [spelling, code] of BODIES) {
    if (spelling.test(text)) {
      return code;
    }
  }
  const sedan = SEDAN.test(text);
  if (sedan === HATCHBACK.test(text)) {
    return null;
  }
  return sedan ? "sedan" : "hatchback";
}
