import { isInRange } from "../fields.ts";
import { memo } from "../memo.ts";
import { parseCategory, rawOf } from "../parse/category/category.ts";
import { readHanNumber } from "../parse/han.ts";
import { textOf } from "../parse/text.ts";
import { firstNumber, numberField, type VehicleContext } from "../parse-context.ts";

const GEARS = numberField("gears", { units: { 挡: 1, 档: 1, 速: 1, 个: 1 } });
const GEARS_IN_TEXT =
  /(?<![\d.])(\d{1,2})\s*(?:[挡档速]|[-\s]?(?:AT|MT|DCT|DSG|AMT|АТ|МТ)(?!\p{L})|-?\s?(?:ступ\p{L}*|speed|gears?)(?!\p{L}))/iu;
const GEARS_IN_HAN = /([两二三四五六七八九十])[挡档速](?!位)/u;
/** `Two-speed`, `Двухступенчатая`; in order, from 2. */
const NUMBER_WORDS =
  "two|three|four|five|six|seven|eight|nine|ten|двух|тр[её]х|четыр[её]х|пяти|шести|семи|восьми|девяти|десяти".split(
    "|",
  );
const GEARS_IN_WORDS = new RegExp(
  NUMBER_WORDS.map((word) => `(?<!\\p{L})(${word})(?=[- ]?(?:speed|gear|ступ))`).join("|"),
  "iu",
);
/** Ratios that a CVT imitates, and combinations with a low range, are not gears. */
const NO_GEARS = /CVT|无级|вариатор|бесступенчат|模拟|组合/iu;
const MAX_TEXT_LENGTH = 100;

/** Gearbox, driven wheels and suspension. */
export function readDrivetrain(context: VehicleContext) {
  const { data, specs, trim } = context;
  const transmission = parseCategory(
    "transmission_type",
    {
      texts: [specs.own("transmission_type"), specs.own("gearbox"), data.transmission_type],
      facts: [trim.transmission_type],
      last: [specs.foreign("transmission_type"), specs.foreign("gearbox")],
    },
    context,
  );
  const driveTexts = [specs.own("drive_type"), data.drive_type];
  const drive = parseCategory(
    "drive_type",
    { texts: driveTexts, facts: [trim.drive_type], last: [specs.foreign("drive_type")] },
    context,
  );
  const front = readSuspension(context, "front_suspension");
  const rear = readSuspension(context, "rear_suspension");
  const motors = [...driveTexts, specs.own("drive_motors"), specs.own("motor_layout")].map(motorsOf);
  return {
    transmission_type: transmission.code,
    ...rawOf("transmission_type", transmission),
    gears: readGears(context, transmission.code),
    drive_type: drive.code,
    ...rawOf("drive_type", drive),
    motor_position: motors.slice(0, 2).find((one) => one.motor_position !== null)?.motor_position ?? null,
    drive_motors: motors.find((one) => one.drive_motors !== null)?.drive_motors ?? trim.drive_motors,
    front_suspension: front.code,
    ...rawOf("front_suspension", front),
    rear_suspension: rear.code,
    ...rawOf("rear_suspension", rear),
  };
}

function readSuspension(context: VehicleContext, field: "front_suspension" | "rear_suspension") {
  const { data, specs } = context;
  const sources = { texts: [specs.own(field), data[field]], last: [specs.foreign(field)] };
  return parseCategory(field, sources, context);
}

/** Position of the engine or main motor, and number of drive motors. */
interface MotorReading {
  readonly motor_position: "front" | "mid" | "rear" | null;
  readonly drive_motors: number | null;
}

const POSITIONS: readonly (readonly [RegExp, "front" | "mid" | "rear"])[] = [
  [/中置|mid[- ]?engine|средн\S*\s*мотор|среднемотор/iu, "mid"],
  [/后置|rear[- ]?engine|задн\S*\s*мотор|заднемотор/iu, "rear"],
  [/前置|front[- ]?engine|передн\S*\s*мотор|переднемотор/iu, "front"],
];
const MOTORS: readonly (readonly [RegExp, number])[] = [
  [/单电机|single[- ]?motor|(?<!\d)1\s*мотор/iu, 1],
  [/[双两]电机|dual[- ]?motor|(?<!\d)2\s*мотор|два\s*мотор/iu, 2],
  [/三电机|tri(?:ple)?[- ]?motor|(?<!\d)3\s*мотор|три\s*мотор/iu, 3],
  [/四电机|quad[- ]?motor|(?<!\d)4\s*мотор|четыре\s*мотор/iu, 4],
];

/** Details of a drive text: `RWD (mid-engine)`, `полный привод (2 мотора)`, `双电机四驱`. */
export const readMotors = memo(
  (text): MotorReading => ({
    motor_position: POSITIONS.find(([spelling]) => spelling.test(text))?.[1] ?? null,
    drive_motors: MOTORS.find(([spelling]) => spelling.test(text))?.[1] ?? null,
  }),
);

function motorsOf(raw: unknown): MotorReading {
  const text = textOf(raw);
  return readMotors(text === null || text.length > MAX_TEXT_LENGTH ? "" : text);
}

/** Gears from their own field, otherwise from the name of the gearbox (`9挡手自一体`, `5-ступенчатая МКПП`). */
function readGears({ data, specs, report }: VehicleContext, transmission: string | null): number | null {
  if (transmission === "cvt" || transmission === "e_cvt") {
    return null;
  }
  const texts = [specs.own("gearbox"), specs.own("transmission_type"), data.gears, data.transmission_type];
  const own = [specs.own("gears"), data.gears].filter((raw) => gearsIn(raw) === null && !hasNoGears(raw));
  return (
    gearsIn(specs.own("gears")) ??
    firstNumber("gears", GEARS, own, report) ??
    texts.map(gearsIn).find((gears) => gears !== null) ??
    null
  );
}

function gearsIn(raw: unknown): number | null {
  if (typeof raw !== "string" || raw.length > MAX_TEXT_LENGTH) {
    return null;
  }
  const text = raw.normalize("NFKC");
  if (NO_GEARS.test(text)) {
    return null;
  }
  const numeral = GEARS_IN_HAN.exec(text)?.[1];
  const word = GEARS_IN_WORDS.exec(text)?.slice(1);
  if (word !== undefined) {
    return 2 + (word.findIndex((one) => one !== undefined) % (NUMBER_WORDS.length / 2));
  }
  const gears =
    numeral === undefined ? Number(GEARS_IN_TEXT.exec(text)?.[1] ?? Number.NaN) : readHanNumber(numeral);
  return isInRange("gears", gears) ? gears : null;
}

function hasNoGears(raw: unknown): boolean {
  return typeof raw === "string" && NO_GEARS.test(raw.slice(0, MAX_TEXT_LENGTH));
}
