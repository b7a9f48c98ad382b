import { memoInOrder } from "./memo.ts";
import { decimalText, isBlank } from "./parse/text.ts";
import type { ReportIssue } from "./types.ts";
import type { SpecificationCode, Vocabulary } from "./vocabulary/index.ts";

/** The specifications that fields are read from; a table has three times as many. */
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
  "trunk_l",
  "tank_l",
  "top_speed_kmh",
  "acceleration_s",
  "consumption_wltc",
  "consumption_nedc",
  "consumption_miit",
] as const satisfies readonly SpecificationCode[];

export type ReadSpecification = (typeof READ)[number];

/** The specification tables of a listing, whatever their shape, by code. */
export interface Specifications {
  /** The value in the car's own tables: by name first, by id second. Undefined when it is not there. */
  own(code: ReadSpecification): unknown;
  /** The value in a table of another car (its `specid` differs); good for nothing that decides a price or a duty. */
  foreign(code: ReadSpecification): unknown;
  /** The car's own value from the same group of the table as that of the other code; `own(code)` when it has none. */
  beside(code: ReadSpecification, other: ReadSpecification): unknown;
  /** The trim, where the place of the tables holds a plain text. */
  readonly trim: string | null;
  /** The `specid` that the tables carry. */
  readonly specid: unknown;
}

/** Values by code: those found by name, and those found by id. */
interface Table {
  readonly named: Map<string, unknown>;
  readonly identified: Map<string, unknown>;
  /** Values of {@link PAIRED} with the number of the group in which they stand. */
  readonly paired: { code: string; group: number; value: unknown }[];
}

/** Codes that a table tells more than once, for the engine and for the whole car. */
const PAIRED = new Set<string>(["power_hp", "power_kw"] satisfies SpecificationCode[]);

type Json = Readonly<Record<string, unknown>>;

/** More groups or rows than any real table has; what lies behind is not read. */
const MAX_GROUPS = 200;
const MAX_ROWS = 2000;

/**
 * Reads the tables of a listing: `extra.configuration` and `configuration`, each as groups
 * (`paramtypeitems[].paramitems[]{id,name,value}`), as a flat object of names and values, as either in a JSON
 * string, or as a plain text, which is the trim. A table with another `specid` than the listing's belongs to
 * another car and leaves an issue.
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
    beside(code, other) {
      const group = own.paired.find((one) => one.code === other)?.group;
      const paired = own.paired.find((one) => one.code === code && one.group === group);
      return paired === undefined ? valueIn(own, code) : paired.value;
    },
  };
}

function createTable(): Table {
  return { named: new Map(), identified: new Map(), paired: [] };
}

function valueIn(table: Table, code: string): unknown {
  const named = table.named.get(code);
  if (named !== undefined && !isBlank(named)) {
    return named;
  }
  const identified = table.identified.get(code);
  return identified === undefined || isBlank(identified) ? undefined : identified;
}

/** The decimal text of an id; null for 0 and for what is no id. */
export function idText(raw: unknown): string | null {
  const text = typeof raw === "number" ? (decimalText(raw) ?? "") : typeof raw === "string" ? raw.trim() : "";
  return /^\d{1,10}$/.test(text) && !/^0+$/.test(text) ? text : null;
}

/** An object or a list, also from its JSON text; any other text stays text. */
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

/** Names of a table are few and come with every listing: their codes are kept. */
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
      put(table, table.named, codeOf(name), value, 0);
    }
    return;
  }
  groups.slice(0, MAX_GROUPS).forEach((group: unknown, at) => {
    const rows = (group as Json | null)?.paramitems;
    if (!Array.isArray(rows)) {
      return;
    }
    for (const row of rows.slice(0, MAX_ROWS)) {
      if (typeof row !== "object" || row === null) {
        continue;
      }
      const { id, name, value } = row as Json;
      const code = typeof name === "string" ? codeOf(name) : null;
      if (code !== null) {
        put(table, table.named, code, value, at);
      } else {
        put(table, table.identified, ids.get(typeof id === "number" ? String(id) : id) ?? null, value, at);
      }
    }
  });
}

/** The first value that says something stays. */
function put(
  table: Table,
  values: Map<string, unknown>,
  code: string | null,
  value: unknown,
  group: number,
): void {
  if (code === null || value === undefined) {
    return;
  }
  const known = values.get(code);
  if (known === undefined || isBlank(known)) {
    values.set(code, value);
  }
  if (PAIRED.has(code) && !isBlank(value)) {
    table.paired.push({ code, group, value });
  }
}
