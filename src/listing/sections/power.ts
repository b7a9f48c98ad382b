import { memo } from "../memo.ts";
import { type EngineReading, horsepower, kilowatts, powersDiffer } from "../parse/engine.ts";
import { HORSEPOWER_UNITS, KILOWATT_UNITS, type NumberReading } from "../parse/numbers.ts";
import { isBlank } from "../parse/text.ts";
import { firstNumber, numberField, type ParseContext } from "../parse-context.ts";

const HORSEPOWER = numberField("power", { units: HORSEPOWER_UNITS });
const KILOWATTS = numberField("power_kw", { units: KILOWATT_UNITS, digits: 1 });
const KILOWATT_TEXT = /kw|квт|千瓦/iu;

/** Power as the account writes it: horsepower, unless it says kW (`150кВт` → 204). */
export function readAccountPower(raw: unknown): NumberReading {
  if (typeof raw !== "string") {
    return HORSEPOWER(raw);
  }
  return accountPower(raw);
}

/** `141 кВт (192 л.с.)`, `192马力/141kW` tell the same twice. */
const TOLD_TWICE = /^\s*([^()（）/]+?)\s*[(（/]\s*([^()（）/]+?)\s*[)）]?\s*$/u;

const accountPower = memo((text): NumberReading => {
  const twice = TOLD_TWICE.exec(text.slice(0, 60)) ?? [];
  const other = twice.slice(1).find((part) => !KILOWATT_TEXT.test(part));
  if (other !== undefined && twice.slice(1).some((part) => KILOWATT_TEXT.test(part))) {
    return HORSEPOWER(other);
  }
  if (!KILOWATT_TEXT.test(text.normalize("NFKC").slice(0, 60))) {
    return HORSEPOWER(text);
  }
  const reading = KILOWATTS(text);
  const value = horsepower(reading.value);
  const outOfRange = reading.value !== null && value === null;
  return { ...reading, value, issue: outOfRange ? "out_of_range" : reading.issue };
});

/**
 * Power of the engine, or of all motors of an electric car, in metric horsepower and kilowatts. Horsepower and
 * kilowatts of one table that differ by more than 3 % leave an issue, and the horsepower counts.
 */
export function readPower({ data, specs, report }: ParseContext, engine: EngineReading, isElectric: boolean) {
  const hp = firstNumber("power", HORSEPOWER, [specs.own("power_hp")], report);
  const kw = firstNumber("power_kw", KILOWATTS, [specs.beside("power_kw", "power_hp")], report);
  const motorHp = isElectric ? firstNumber("power", HORSEPOWER, [specs.own("motor_power_hp")], report) : null;
  const motorKw = isElectric
    ? firstNumber("power_kw", KILOWATTS, [specs.own("motor_power_kw")], report)
    : null;
  const account = accountValue(data.power, report);
  const power = motorHp ?? horsepower(motorKw) ?? hp ?? engine.power_hp ?? account ?? horsepower(kw);
  const saidHp = motorHp ?? hp;
  const saidKw = motorHp === null && motorKw === null ? kw : motorKw;
  const conflict = saidHp !== null && saidKw !== null && powersDiffer(saidHp, saidKw);
  if (conflict) {
    report("power", "conflict", `${saidHp} hp, ${saidKw} kW`);
  }
  const ownKw =
    saidKw ?? (power === null ? firstNumber("power_kw", KILOWATTS, [data.power_kw], report) : null);
  const system = [specs.own("system_power_hp"), data.system_power_hp];
  return {
    power: power ?? horsepower(ownKw),
    power_kw: conflict || ownKw === null ? kilowatts(power) : Math.round(ownKw),
    system_power_hp:
      firstNumber("system_power_hp", HORSEPOWER, system, report) ??
      horsepower(firstNumber("system_power_hp", KILOWATTS, [specs.own("system_power_kw")], report)),
  };
}

function accountValue(raw: unknown, report: ParseContext["report"]): number | null {
  if (isBlank(raw)) {
    return null;
  }
  const { value, issue } = readAccountPower(raw);
  if (issue !== null) {
    report("power", issue, raw);
  }
  return value;
}
