import type { Listing } from "../listing.ts";
import { parseCategory, rawOf, readVoltage } from "../parse/category.ts";
import { type EngineReading, readEngine } from "../parse/engine.ts";
import { NEWTON_METRE_UNITS } from "../parse/numbers.ts";
import { serveShortText, textOf } from "../parse/served.ts";
import { firstNumber, numberField, type Source } from "../parse-context.ts";
import { readDisplacement } from "./displacement.ts";
import { readPower } from "./power.ts";

type Engine = Pick<
  Listing,
  | "engine_type"
  | "engine_type_raw"
  | "mild_hybrid_voltage"
  | "aspiration"
  | "aspiration_raw"
  | "displacement"
  | "displacement_cc"
  | "power"
  | "power_kw"
  | "system_power_hp"
  | "torque_nm"
  | "cylinders"
  | "cylinder_layout"
  | "cylinder_layout_raw"
  | "engine_model"
  | "cylinder_head_material"
  | "cylinder_head_material_raw"
  | "cylinder_block_material"
  | "cylinder_block_material_raw"
  | "emission_standard"
  | "emission_standard_raw"
>;

const TORQUE = numberField({ units: NEWTON_METRE_UNITS, min: 20, max: 5000, digits: 0, zeroIsNull: true });
const CYLINDERS = numberField({ units: { 缸: 1, 个: 1 }, min: 1, max: 16, digits: 0, zeroIsNull: true });
const MAX_MODEL_LENGTH = 60;

/** What drives the car, except its battery. */
export function readEngineSection(source: Source): Engine {
  const { data, specs, trim, vocabulary, report } = source;
  const engine = engineOf(specs.own("engine"));
  const engineType = parseCategory(
    "engine_type",
    {
      texts: [specs.own("energy_type"), data.engine_type, specs.own("fuel_type")],
      facts: [engine.engine_type, trim.engine_type],
    },
    vocabulary,
    report,
  );
  const aspiration = parseCategory(
    "aspiration",
    { texts: [specs.own("aspiration"), data.aspiration], facts: [engine.aspiration, trim.aspiration] },
    vocabulary,
    report,
  );
  const emission = parseCategory(
    "emission_standard",
    {
      texts: [specs.own("emission_standard"), data.emission_standard],
      facts: [trim.emission_standard],
      last: [specs.foreign("emission_standard")],
    },
    vocabulary,
    report,
  );
  const layout = parseCategory(
    "cylinder_layout",
    {
      texts: engine.layout === null ? [specs.own("cylinder_layout"), data.cylinder_layout] : [],
      facts: [engine.layout],
    },
    vocabulary,
    report,
  );
  const head = parseMaterial(source, "cylinder_head_material");
  const block = parseMaterial(source, "cylinder_block_material");
  const isElectric = engineType.code === "electric";
  const torques = [specs.own("torque_nm"), specs.own("motor_torque_nm")];
  const cylinders = [specs.own("cylinders"), data.cylinders];
  return {
    engine_type: engineType.code,
    ...rawOf("engine_type_raw", engineType),
    mild_hybrid_voltage: engineType.code?.startsWith("mild_hybrid")
      ? (readVoltage(engineType.text) ?? readVoltage(textOf(data.engine_type)) ?? trim.mild_hybrid_voltage)
      : null,
    aspiration: aspiration.code,
    ...rawOf("aspiration_raw", aspiration),
    ...readDisplacement(source, engine, isElectric),
    ...readPower(source, engine, isElectric),
    torque_nm: firstNumber(
      "torque_nm",
      TORQUE,
      [...(isElectric ? torques.reverse() : torques), data.torque_nm],
      report,
    ),
    cylinders: engine.cylinders ?? firstNumber("cylinders", CYLINDERS, cylinders, report),
    cylinder_layout: layout.code,
    ...rawOf("cylinder_layout_raw", layout),
    engine_model: serveShortText(specs.own("engine_model") ?? data.engine_model, MAX_MODEL_LENGTH),
    cylinder_head_material: head.code,
    ...rawOf("cylinder_head_material_raw", head),
    cylinder_block_material: block.code,
    ...rawOf("cylinder_block_material_raw", block),
    emission_standard: emission.code,
    ...rawOf("emission_standard_raw", emission),
  };
}

function engineOf(raw: unknown): EngineReading {
  return readEngine(typeof raw === "string" ? raw : "");
}

function parseMaterial(
  { data, specs, vocabulary, report }: Source,
  field: "cylinder_head_material" | "cylinder_block_material",
) {
  const renamed: Source["report"] = (_, code, value) => report(field, code, value);
  return parseCategory("material", { texts: [specs.own(field), data[field]] }, vocabulary, renamed);
}
