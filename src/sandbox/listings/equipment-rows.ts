import { equipment } from "../data/equipment.ts";
import { equipmentLevel } from "./car-facts.ts";
import type { Car } from "./cars.ts";

/** A row of the specification: name, value, and the service's own id where it is known. */
export type SpecificationFact = readonly [name: string, value: string | number, id?: number];

/** Reads one row of equipment.ts for a car of an equipment level. */
function equipmentRow(text: string, level: number): SpecificationFact {
  const [name = "", words] = text.split("=");
  if (words !== undefined) {
    const [low = "-", middle = "-", high = "-"] = words.split(";");
    return [name, level < 3 ? low : level < 6 ? middle : high];
  }
  const cut = text.lastIndexOf(" ");
  const due = Number(text.slice(cut));
  return [text.slice(0, cut), level >= due ? "●" : level >= due - 2 ? "○" : "-"];
}

/** The groups of equipment in the specification of a car: about 140 rows, fewer for electric cars. */
export function equipmentGroups(car: Car): { name: string; rows: SpecificationFact[] }[] {
  const level = equipmentLevel(car);
  const electric = car.powertrain.kind === "electric";
  return equipment
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", list = ""] = line.split(" | ");
      const items = list.split(", ").filter((item) => !(electric && item.startsWith("*")));
      return { name, rows: items.map((item) => equipmentRow(item.replace("*", ""), level)) };
    });
}
