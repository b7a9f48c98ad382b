import { memo, memoInOrder } from "./memo.ts";
import { decimalText, isBlank } from "./parse/text.ts";
import type { ReportIssue } from "./types.ts";
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

/** The specification tables of a listing in any shape, by code. */
export interface Specifications {
  /** Value in the car's own tables, by name, otherwise by id; undefined when missing. */
  own(code: ReadSpecification): unknown;
  /** Value in a table of another car (its `specid` differs): unfit for fields that determine a price or a duty. */
  foreign(code: ReadSpecification): unknown;
  /** Values of every {@link Measure} in the car's own tables, with the machine that each describes. */
  readonly measures: readonly MeasuredValue[];
  /** Plain text in place of the tables: the trim. */
  readonly trim: string | null;
  /** The `specid` of the tables. */
  readonly specid: unknown;
}

/** Values by code: found by name, and found by id. */
interface Table {
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

/**
 * Reads the tables of a listing: `extra.configuration` and `configuration`, each as groups
 * (`paramtypeitems[].paramitems[]{id,name,value}`), as a flat object of names and values, as JSON text of either, or as
 * plain text, which is the trim. A table whose `specid` differs from the listing's belongs to another car and leaves an
 * issue.
 */
export function readSpecifications(
  data: Json,
  extra: Json | null,
  vocabulary: Vocabulary,
  report: ReportIssue,
): Specifications {
  const own = createTable();
  const foreign = createTable();
  let trim: string | null = null;
  let specid: unknown;
  const listingSpecid = idText(data.specid);
  for (const raw of [extra?.configuration, data.configuration]) {
    const configuration = decoded(raw);
    if (typeof configuration === "string") {
      if (!isBlank(configuration)) {
        trim ??= configuration;
      }
      continue;
    }
    if (typeof configuration !== "object" || configuration === null) {
      continue;
    }
    const itsSpecid = idText((configuration as Json).specid);
    const isForeign = listingSpecid !== null && itsSpecid !== null && itsSpecid !== listingSpecid;
    if (isForeign) {
      report("specid", "foreign_spec", (configuration as Json).specid);
    } else {
      specid ??= (configuration as Json).specid;
    }
    fill(isForeign ? foreign : own, configuration, namesOf(vocabulary), vocabulary.specificationIds);
  }
  return {
    trim,
    specid,
    own: (code) => valueIn(own, code),
    foreign: (code) => valueIn(foreign, code),
    measures: own.measured,
  };
}

function createTable(): Table {
  return { named: new Map(), identified: new Map(), measured: [] };
}

function valueIn(table: Table, code: string): unknown {
  const named = table.named.get(code);
  if (named !== undefined && !isBlank(named)) {
    return named;
  }
  const identified = table.identified.get(code);
  return identified === undefined || isBlank(identified) ? undefined : identified;
}

/** The decimal text of an id; null for 0 and for anything else. */
export function idText(raw: unknown): string | null {
  const text = typeof raw === "number" ? (decimalText(raw) ?? "") : typeof raw === "string" ? raw.trim() : "";
  return /^\d{1,10}$/.test(text) && !/^0+$/.test(text) ? text : null;
}

/** Decodes JSON text of an object or a list; other values are returned unchanged. */
export function decoded(raw: unknown): unknown {
  if (typeof raw !== "string" || !/^\s*[{[]/.test(raw)) {
    return raw;
  }
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}

const namesByVocabulary = new WeakMap<Vocabulary, (name: string) => string | null>();

/** Codes by name, memoised: all listings have the same few names. */
function namesOf(vocabulary: Vocabulary): (name: string) => string | null {
  const read = new Set<string>(READ);
  const codeOf = (name: string) => {
    const code = vocabulary.specifications.find(name);
    return code !== null && read.has(code) ? code : null;
  };
  const names = namesByVocabulary.get(vocabulary) ?? memoInOrder(codeOf);
  namesByVocabulary.set(vocabulary, names);
  return names;
}

function fill(
  table: Table,
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
  table: Table,
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
  if (code === null || value === undefined) {
    return;
  }
  const known = values.get(code);
  if (known === undefined || isBlank(known)) {
    values.set(code, value);
  }
}
