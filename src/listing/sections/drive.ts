/** Where a car's engine or main motor sits, and how many motors drive it. */
export interface MotorReading {
  motor_position: "front" | "mid" | "rear" | null;
  drive_motors: number | null;
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

/** What a drive text says besides the driven wheels: `RWD (mid-engine)`, `полный привод (2 мотора)`, `双电机四驱`. */
export function readMotors(text: string | null): MotorReading {
  const said = text ?? "";
  return {
    motor_position: POSITIONS.find(([spelling]) => spelling.test(said))?.[1] ?? null,
    drive_motors: MOTORS.find(([spelling]) => spelling.test(said))?.[1] ?? null,
  };
}
