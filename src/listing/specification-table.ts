import { memo, memoInOrder, oncePer } from "./memo.ts";
import { isBlank } from "./parse/text.ts";
import type { SpecificationCode, Vocabulary } from "./vocabulary/index.ts";

/** Specifications that fields are read from, a third of a table. */
const READ = [
  "model_name",
  "msrp",
  "manufacturer",
  "car_class",
  "energy_type",
  "emission_standard",
  "engine",
  "gearbox",
  "structure",
  "dimensions",
  "displacement_cc",
  "displacement_l",
  "aspiration",
  "cylinders",
  "cylinder_layout",
  "engine_model",
  "fuel_type",
  "cylinder_head_material",
  "cylinder_block_material",
  "power_hp",
  "power_kw",
  "torque_nm",
  "motor_power_hp",
  "motor_power_kw",
  "car_power_kw",
  "motor_torque_nm",
  "system_power_hp",
  "system_power_kw",
  "drive_motors",
  "motor_layout",
  "battery_type",
  "battery_kwh",
  "range_cltc_km",
  "range_nedc_km",
  "range_wltc_km",
  "range_miit_km",
  "range_measured_km",
  "fast_charge_kw",
  "transmission_type",
  "gears",
  "drive_type",
  "front_suspension",
  "rear_suspension",
  "doors",
  "seats",
  "length_mm",
  "width_mm",
  "height_mm",
  "wheelbase_mm",
  "curb_weight_kg",
  "gross_weight_kg",
  "payload_kg",
  "trunk_l",
  "tank_l",
  "top_speed_kmh",
  "acceleration_s",
  "consumption_wltc",
  "consumption_nedc",
  "consumption_miit",
] as const satisfies readonly SpecificationCode[];

export type ReadSpecification = (typeof READ)[number];

/** A table's values that are not blank, by code: found by name, and found by id; and its {@link Measure}s. */
export interface Table {
  readonly specid: unknown;
  readonly named: ReadonlyMap<string, unknown>;
  readonly identified: ReadonlyMap<string, unknown>;
  readonly measured: readonly MeasuredValue[];
}

/** A table that is being read. */
interface Reading {
  readonly named: Map<string, unknown>;
  readonly identified: Map<string, unknown>;
  readonly measured: MeasuredValue[];
}

/** Rows that a table has several times: for the engine, for the motors, for the whole car. */
export type Measure = "power_hp" | "power_kw" | "torque_nm";
const MEASURES = new Set<string>([
  "power_hp",
  "power_kw",
  "torque_nm",
  "car_power_kw",
] satisfies SpecificationCode[]);

/** The subject of a group of rows; null for a flat table and for an unknown group. */
export type Machine = "engine" | "motors" | "car" | null;
/** A value of a {@link Measure}. */
export interface MeasuredValue {
  /** A {@link Measure}. */
  readonly code: string;
  readonly value: unknown;
  readonly machine: Machine;
}

const GROUP_NAMES: readonly (readonly [RegExp, Machine])[] = [
  [/电动机|电机|электро|motor/iu, "motors"],
  [/基本|основн|basic|general/iu, "car"],
  [/发动机|двигател|engine/iu, "engine"],
];
const machineOf = memo((group): { readonly machine: Machine } => ({
  machine: GROUP_NAMES.find(([name]) => name.test(group))?.[1] ?? null,
}));
/** Rows that only the group of the engine, or of the whole car, has. */
const MARKERS: ReadonlyMap<string, Machine> = new Map<SpecificationCode, Machine>([
  ["energy_type", "car"],
  ["model_name", "car"],
  ["msrp", "car"],
  ["displacement_cc", "engine"],
  ["displacement_l", "engine"],
  ["cylinders", "engine"],
  ["engine_model", "engine"],
  ["power_hp", "engine"],
]);

type Json = Readonly<Record<string, unknown>>;

/** More than any real table has; the rest is ignored. */
const MAX_GROUPS = 200;
const MAX_ROWS = 2000;

/** Reads a table: groups (`paramtypeitems[].paramitems[]{id,name,value}`), or an object of names and values. */
export function readTable(configuration: object, vocabulary: Vocabulary): Table {
  const reading: Reading = { named: new Map(), identified: new Map(), measured: [] };
  fill(reading, configuration, namesOf(vocabulary), vocabulary.specificationIds);
  return { specid: (configuration as Json).specid, ...reading };
}

/** Codes by name, memoised: all listings have the same few names. */
const namesOf = oncePer((vocabulary: Vocabulary) => {
  const read = new Set<string>(READ);
  return memoInOrder((name): string | null => {
    const code = vocabulary.specifications.find(name);
    return code !== null && read.has(code) ? code : null;
  });
});

function fill(
  table: Reading,
  configuration: object,
  codeOf: (name: string) => string | null,
  ids: ReadonlyMap<unknown, string>,
): void {
  const groups = Array.isArray(configuration) ? configuration : (configuration as Json).paramtypeitems;
  if (!Array.isArray(groups)) {
    for (const [name, value] of Object.entries(configuration).slice(0, MAX_ROWS)) {
      const code = codeOf(name);
      put(table.named, code, value);
      if (code !== null && MEASURES.has(code) && !isBlank(value)) {
        table.measured.push({ code, value, machine: null });
      }
    }
    return;
  }
  for (const group of groups.slice(0, MAX_GROUPS) as (Json | null)[]) {
    if (Array.isArray(group?.paramitems)) {
      fillGroup(table, group.name, group.paramitems.slice(0, MAX_ROWS), codeOf, ids);
    }
  }
}

function fillGroup(
  table: Reading,
  groupName: unknown,
  rows: readonly unknown[],
  codeOf: (name: string) => string | null,
  ids: ReadonlyMap<unknown, string>,
): void {
  let machine: Machine = typeof groupName === "string" ? machineOf(groupName).machine : null;
  const isNamed = machine !== null;
  const measured: { code: string; value: unknown; id: string | null }[] = [];
  for (const row of rows) {
    if (typeof row !== "object" || row === null) {
      continue;
    }
    const { id, name, value } = row as Json;
    const named = typeof name === "string" ? codeOf(name) : null;
    const code = named ?? ids.get(typeof id === "number" ? String(id) : id) ?? null;
    if (code === null) {
      continue;
    }
    put(named === null ? table.identified : table.named, code, value);
    if (!isNamed && machine !== "car") {
      machine = MARKERS.get(code) ?? machine;
    }
    if (MEASURES.has(code) && !isBlank(value)) {
      measured.push({ code, value, id: ids.get(typeof id === "number" ? String(id) : id) ?? null });
    }
  }
  for (const { code, value, id } of measured) {
    const isOfCar = code === "car_power_kw" || id === "car_power_kw";
    table.measured.push({
      code: isOfCar ? "power_kw" : code,
      value,
      machine: isOfCar ? "car" : machine,
    });
  }
}

/** Keeps the first value that is not blank. */
function put(values: Map<string, unknown>, code: string | null, value: unknown): void {
  if (code !== null && !values.has(code) && !isBlank(value)) {
    values.set(code, value);
  }
}
