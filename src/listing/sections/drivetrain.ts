import type { Listing } from "../listing.ts";
import { memo } from "../memo.ts";
import { parseCategory, rawOf } from "../parse/category.ts";
import { textOf } from "../parse/served.ts";
import { firstNumber, numberField, type Source } from "../parse-context.ts";
import { readMotors } from "./drive.ts";

type Drivetrain = Pick<
  Listing,
  | "transmission_type"
  | "transmission_type_raw"
  | "gears"
  | "drive_type"
  | "drive_type_raw"
  | "motor_position"
  | "drive_motors"
  | "front_suspension"
  | "front_suspension_raw"
  | "rear_suspension"
  | "rear_suspension_raw"
>;

const GEARS = numberField({
  units: { 挡: 1, 档: 1, 速: 1, 个: 1 },
  min: 1,
  max: 12,
  digits: 0,
  zeroIsNull: true,
});
const GEARS_IN_TEXT = /(?<![\d.])(\d{1,2})\s*(?:[挡档速]|-?\s?(?:ступ\p{L}*|speed|gears?)(?!\p{L}))/iu;
/** Ratios that a CVT imitates, and combinations with a low range, are no gears. */
const NO_GEARS = /CVT|无级|вариатор|бесступенчат|模拟|组合/iu;
const MAX_TEXT_LENGTH = 100;

/** Gearbox, driven wheels and suspension. */
export function readDrivetrain(source: Source): Drivetrain {
  const { data, specs, trim, vocabulary, report } = source;
  const transmission = parseCategory(
    "transmission_type",
    {
      texts: [specs.own("transmission_type"), specs.own("gearbox"), data.transmission_type],
      facts: [trim.transmission_type],
      last: [specs.foreign("transmission_type"), specs.foreign("gearbox")],
    },
    vocabulary,
    report,
  );
  const driveTexts = [specs.own("drive_type"), data.drive_type];
  const drive = parseCategory(
    "drive_type",
    { texts: driveTexts, facts: [trim.drive_type], last: [specs.foreign("drive_type")] },
    vocabulary,
    report,
  );
  const front = parseSuspension(source, "front_suspension");
  const rear = parseSuspension(source, "rear_suspension");
  const motors = [...driveTexts, specs.own("drive_motors"), specs.own("motor_layout")].map(motorsOf);
  return {
    transmission_type: transmission.code,
    ...rawOf("transmission_type_raw", transmission),
    gears: readGears(source, transmission.code),
    drive_type: drive.code,
    ...rawOf("drive_type_raw", drive),
    motor_position: motors.slice(0, 2).find((said) => said.motor_position !== null)?.motor_position ?? null,
    drive_motors: motors.find((said) => said.drive_motors !== null)?.drive_motors ?? trim.drive_motors,
    front_suspension: front.code,
    ...rawOf("front_suspension_raw", front),
    rear_suspension: rear.code,
    ...rawOf("rear_suspension_raw", rear),
  };
}

function parseSuspension(
  { data, specs, vocabulary, report }: Source,
  field: "front_suspension" | "rear_suspension",
) {
  const renamed: Source["report"] = (_, code, value) => report(field, code, value);
  const sources = { texts: [specs.own(field), data[field]], last: [specs.foreign(field)] };
  return parseCategory("suspension", sources, vocabulary, renamed);
}

const motorsOfText = memo(readMotors);

function motorsOf(raw: unknown) {
  const text = textOf(raw);
  return text === null || text.length > MAX_TEXT_LENGTH ? readMotors(null) : motorsOfText(text);
}

/** Gears from their own field, else from the gearbox's name (`9挡手自一体`, `5-ступенчатая МКПП`). */
function readGears({ data, specs, report }: Source, transmission: string | null): number | null {
  if (transmission === "cvt" || transmission === "e_cvt") return null;
  const texts = [specs.own("gearbox"), specs.own("transmission_type"), data.gears, data.transmission_type];
  const own = [specs.own("gears"), data.gears].filter((raw) => gearsIn(raw) === null && !saysNoGears(raw));
  return (
    gearsIn(specs.own("gears")) ??
    firstNumber("gears", GEARS, own, report) ??
    texts.map(gearsIn).find((gears) => gears !== null) ??
    null
  );
}

function gearsIn(raw: unknown): number | null {
  if (typeof raw !== "string" || raw.length > MAX_TEXT_LENGTH) return null;
  const text = raw.normalize("NFKC");
  if (NO_GEARS.test(text)) return null;
  const gears = Number(GEARS_IN_TEXT.exec(text)?.[1] ?? Number.NaN);
  return gears >= 1 && gears <= 12 ? gears : null;
}

function saysNoGears(raw: unknown): boolean {
  return typeof raw === "string" && NO_GEARS.test(raw.slice(0, MAX_TEXT_LENGTH));
}
