import { parseCategory, rawOf } from "../parse/category/category.ts";
import { readHybridKind, readVoltage } from "../parse/category/free-spelling.ts";
import { readEngine } from "../parse/engine.ts";
import { publicName, textOf } from "../parse/text.ts";
import { firstNumber, numberField, type VehicleContext } from "../parse-context.ts";
import { readDisplacement } from "./displacement.ts";
import { readPower } from "./power.ts";

const CYLINDERS = numberField("cylinders", { units: { 缸: 1, 个: 1 } });
const MAX_MODEL_LENGTH = 60;

/** Engine and motors, without the battery. */
export function readEngineSection(context: VehicleContext) {
  const { data, specs, trim, report } = context;
  const engineText = specs.own("engine");
  const engine = readEngine(typeof engineText === "string" ? engineText : "");
  const engineType = parseCategory(
    "engine_type",
    {
      texts: [specs.own("energy_type"), data.engine_type, specs.own("fuel_type")],
      facts: [engine.engine_type, trim.engine_type],
    },
    context,
  );
  const aspiration = parseCategory(
    "aspiration",
    { texts: [specs.own("aspiration"), data.aspiration], facts: [engine.aspiration, trim.aspiration] },
    context,
  );
  const emission = parseCategory(
    "emission_standard",
    {
      texts: [specs.own("emission_standard"), data.emission_standard],
      facts: [trim.emission_standard],
      last: [specs.foreign("emission_standard")],
    },
    context,
  );
  const layout = parseCategory(
    "cylinder_layout",
    {
      texts: engine.layout === null ? [specs.own("cylinder_layout"), data.cylinder_layout] : [],
      facts: [engine.layout],
    },
    context,
  );
  const head = readMaterial(context, "cylinder_head_material");
  const block = readMaterial(context, "cylinder_block_material");
  const isElectric = engineType.code === "electric";
  return {
    engine_type: engineType.code,
    ...rawOf("engine_type", engineType),
    hybrid_kind:
      engineType.code === "hybrid"
        ? readHybridKind(
            engineType.text ??
              `${typeof engineText === "string" ? engineText : ""} ${trim.series ?? ""} ${trim.trim ?? ""}`,
          )
        : null,
    mild_hybrid_voltage: engineType.code?.startsWith("mild_hybrid")
      ? (readVoltage(engineType.text) ?? readVoltage(textOf(data.engine_type)) ?? trim.mild_hybrid_voltage)
      : null,
    aspiration: aspiration.code,
    ...rawOf("aspiration", aspiration),
    ...readDisplacement(context, engine, isElectric),
    ...readPower(context, engine, engineType.code),
    cylinders:
      engine.cylinders ??
      firstNumber("cylinders", CYLINDERS, [specs.own("cylinders"), data.cylinders], report),
    cylinder_layout: layout.code,
    ...rawOf("cylinder_layout", layout),
    engine_model: publicName(specs.own("engine_model") ?? data.engine_model, MAX_MODEL_LENGTH),
    cylinder_head_material: head.code,
    ...rawOf("cylinder_head_material", head),
    cylinder_block_material: block.code,
    ...rawOf("cylinder_block_material", block),
    emission_standard: emission.code,
    ...rawOf("emission_standard", emission),
  };
}

function readMaterial(context: VehicleContext, field: "cylinder_head_material" | "cylinder_block_material") {
  return parseCategory(field, { texts: [context.specs.own(field), context.data[field]] }, context);
}
