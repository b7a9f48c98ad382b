import { memo } from "../memo.ts";
import { type EngineReading, horsepower, kilowatts, powersDiffer } from "../parse/engine.ts";
import type { NumberReading } from "../parse/numbers.ts";
import { isBlank } from "../parse/text.ts";
import { HORSEPOWER_UNITS, KILOWATT_UNITS, NEWTON_METRE_UNITS } from "../parse/units.ts";
import { firstNumber, numberField, type VehicleContext } from "../parse-context.ts";
import type { Machine, Measure } from "../specification-table.ts";

const HORSEPOWER = numberField("power", { units: HORSEPOWER_UNITS });
/** One decimal, so that horsepower is computed from the value of the source. */
const KILOWATTS = numberField("power_kw", { units: KILOWATT_UNITS, digits: 1 });
const TORQUE = numberField("torque_nm", { units: NEWTON_METRE_UNITS });
const KILOWATT_TEXT = /kw|квт|千瓦/iu;

/** Account power in horsepower, unless it has the unit kW (`150кВт` → 204). */
function readAccountPower(raw: unknown): NumberReading {
  return typeof raw === "string" ? accountPower(raw) : HORSEPOWER(raw);
}

/** One value in two units: `141 кВт (192 л.с.)`, `192马力/141kW`. */
const TWO_UNITS = /^\s*([^()（）/]+?)\s*[(（/]\s*([^()（）/]+?)\s*[)）]?\s*$/u;

const accountPower = memo((text): NumberReading => {
  const parts = (TWO_UNITS.exec(text.slice(0, 60)) ?? []).slice(1);
  const inHorsepower = parts.find((part) => !KILOWATT_TEXT.test(part));
  if (inHorsepower !== undefined && parts.some((part) => KILOWATT_TEXT.test(part))) {
    return HORSEPOWER(inHorsepower);
  }
  if (!KILOWATT_TEXT.test(text.normalize("NFKC").slice(0, 60))) {
    return HORSEPOWER(text);
  }
  const reading = KILOWATTS(text);
  const value = horsepower(reading.value);
  const outOfRange = reading.value !== null && value === null;
  return { ...reading, value, issue: outOfRange ? "out_of_range" : reading.issue };
});

/** Horsepower and kilowatts of one machine. */
interface Pair {
  readonly hp: number | null;
  readonly kw: number | null;
}

const HYBRIDS = new Set(["hybrid", "plug_in_hybrid", "range_extender", "methanol_hybrid"]);

/**
 * Power of the combustion engine (of an electric car: of its motors), of the drive motors together, and of the whole
 * system. Customs duties depend on these fields, so no pair mixes two machines: in the table of a hybrid only the engine's
 * group describes the engine, and 最大功率 of the basic group is the system's.
 */
export function readPower(context: VehicleContext, engine: EngineReading, engineType: string | null) {
  const { data, specs } = context;
  const isHybrid = HYBRIDS.has(engineType ?? "");
  const motors = pairOf(
    context,
    "motor_power_hp",
    hps(context, "motor_power_hp", [specs.own("motor_power_hp"), data.electric_power_ps]),
    kws(context, "motor_power_kw", [specs.own("motor_power_kw"), data.electric_power_kw]),
  );
  const main =
    engineType === "electric"
      ? readMotorPower(context, engine, motors)
      : readEnginePower(context, engine, isHybrid);
  const ofCar = isHybrid ? measuresOf(context, "power_kw", ["car"]) : [];
  const system = pairOf(
    context,
    "system_power_hp",
    hps(context, "system_power_hp", [
      specs.own("system_power_hp"),
      data.system_power_hp,
      data.hybrid_power_ps,
    ]),
    kws(context, "system_power_kw", [specs.own("system_power_kw"), data.hybrid_power_kw, ...ofCar]),
  );
  return {
    power: main.hp,
    power_kw: whole(main.kw),
    motor_power_hp: motors.hp,
    motor_power_kw: whole(motors.kw),
    system_power_hp: system.hp,
    system_power_kw: whole(system.kw),
    torque_nm: readTorque(context, engineType, isHybrid, main),
  };
}

/** The engine's hp by the order of sources; its kW agree with them or are computed. */
function readEnginePower(context: VehicleContext, engine: EngineReading, isHybrid: boolean): Pair {
  const { data } = context;
  const ofEngine: readonly Machine[] = isHybrid ? ["engine"] : ["engine", null, "car"];
  const hp = hps(context, "power", [
    ...measuresOf(context, "power_hp", isHybrid ? ["engine", null] : ofEngine),
    engine.power_hp,
    data.ice_power_ps,
  ]);
  const account = isBlank(data.power) ? null : accountValue(context);
  const all = account === null ? hp : [...hp, account];
  const kw = kws(context, "power_kw", [
    ...measuresOf(context, "power_kw", ofEngine),
    data.ice_power_kw,
    ...(isHybrid ? [] : [data.power_kw]),
  ]);
  const [first] = all;
  // Without groups the value may be the system's: it counts only when it agrees with the engine's hp.
  const flat =
    isHybrid && first !== undefined ? kws(context, "power_kw", measuresOf(context, "power_kw", [null])) : [];
  return pairOf(context, "power", all, [...kw, ...flat.filter((value) => !powersDiffer(first ?? 0, value))]);
}

/** Power of an electric car: of all motors, otherwise the one power that the source has. */
function readMotorPower(context: VehicleContext, engine: EngineReading, motors: Pair): Pair {
  const { data } = context;
  const machines: readonly Machine[] = ["engine", null, "car", "motors"];
  const hp =
    motors.hp === null
      ? hps(context, "power", [...measuresOf(context, "power_hp", machines), engine.power_hp])
      : [motors.hp];
  const account = isBlank(data.power) ? null : accountValue(context);
  const kw =
    motors.kw === null
      ? kws(context, "power_kw", [...measuresOf(context, "power_kw", machines), data.power_kw])
      : [motors.kw];
  return pairOf(context, "power", account === null ? hp : [...hp, account], kw);
}

/** Torque of the machine that `power` describes. */
function readTorque(
  context: VehicleContext,
  engineType: string | null,
  isHybrid: boolean,
  main: Pair,
): number | null {
  const { data, specs, report } = context;
  const inTable = (machines: readonly Machine[]) => measuresOf(context, "torque_nm", machines);
  if (engineType === "electric") {
    const raws = [
      specs.own("motor_torque_nm"),
      ...inTable(["engine", null, "car", "motors"]),
      data.torque_nm,
    ];
    return firstNumber("torque_nm", TORQUE, raws, report);
  }
  if (!isHybrid) {
    const raws = [...inTable(["engine", null, "car"]), specs.own("motor_torque_nm"), data.torque_nm];
    return firstNumber("torque_nm", TORQUE, raws, report);
  }
  // A flat table describes the engine when its kW agree with the engine's hp.
  const flatKw = firstNumber("power_kw", KILOWATTS, measuresOf(context, "power_kw", [null]), report);
  const isFlatOfEngine = flatKw !== null && main.hp !== null && !powersDiffer(main.hp, flatKw);
  const raws = [...inTable(isFlatOfEngine ? ["engine", null] : ["engine"]), data.torque_nm];
  return firstNumber("torque_nm", TORQUE, raws, report);
}

/** Raw values of a measure that describe one of the machines, in the order of the machines. */
function measuresOf({ specs }: VehicleContext, code: Measure, machines: readonly Machine[]): unknown[] {
  const found: unknown[] = [];
  const values = specs.measures;
  for (const machine of values.length === 0 ? [] : machines) {
    for (const one of values) {
      if (one.code === code && one.machine === machine) {
        found.push(one.value);
      }
    }
  }
  return found;
}

/** Every readable horsepower of the raw values; others leave an issue. */
function hps(context: VehicleContext, field: string, raws: readonly unknown[]): number[] {
  return numbers(context, field, HORSEPOWER, raws);
}

function kws(context: VehicleContext, field: string, raws: readonly unknown[]): number[] {
  return numbers(context, field, KILOWATTS, raws);
}

function numbers(
  { report }: VehicleContext,
  field: string,
  read: (raw: unknown) => NumberReading,
  raws: readonly unknown[],
): number[] {
  const found: number[] = [];
  for (const raw of raws) {
    if (raw === undefined || isBlank(raw)) {
      continue;
    }
    const { value, issue } = read(raw);
    if (issue !== null) {
      report(field, issue, raw);
    }
    if (value !== null) {
      found.push(value);
    }
  }
  return found;
}

/** Sources in order of preference: the first wins, its other half is filled, and a difference above 3 % is an issue. */
function pairOf(
  { report }: VehicleContext,
  field: string,
  hp: readonly number[],
  kw: readonly number[],
): Pair {
  const [firstHp] = hp;
  const [firstKw] = kw;
  if (firstHp === undefined) {
    if (kw.some((other) => powersDiffer(horsepower(firstKw ?? null) ?? 0, other))) {
      report(field, "conflict", `${kw.join(", ")} kW`);
    }
    return { hp: horsepower(firstKw ?? null), kw: firstKw ?? null };
  }
  const agreeing = kw.find((value) => !powersDiffer(firstHp, value));
  const hpDiffers = hp.some((other) => Math.abs(other - firstHp) > 0.03 * firstHp);
  if (hpDiffers || kw.some((value) => powersDiffer(firstHp, value))) {
    report(field, "conflict", `${hp.join(", ")} hp; ${kw.join(", ")} kW`);
  }
  return { hp: firstHp, kw: agreeing ?? kilowatts(firstHp) };
}

const whole = (kw: number | null): number | null => (kw === null ? null : Math.round(kw));

function accountValue({ data, report }: VehicleContext): number | null {
  const { value, issue } = readAccountPower(data.power);
  if (issue !== null) {
    report("power", issue, data.power);
  }
  return value;
}
