import type { Car, Engine } from "./cars.ts";

const PREFIX = { electric: "纯电动", plugIn: "插电式混合动力", rangeExtender: "增程式" } as const;

/** PS of a power in kW, as the specifications round it. */
export const psOf = (kw: number) => Math.round(kw * 1.35962);

/** kW of a power in PS. */
export const kwOf = (hp: number) => Math.round(hp / 1.35962);

/** Litres as the specifications write them: one decimal. */
export const litres = (engine: Engine) => (engine.cc / 1000).toFixed(1);

/** Equipment level from 0 to 9, derived from the list price. */
export function equipmentLevel(car: Car): number {
  const steps = [40_000, 70_000, 100_000, 140_000, 190_000, 260_000, 380_000, 600_000, 1_200_000];
  const level = steps.filter((step) => car.msrp >= step).length + ((car.index % 3) - 1);
  return Math.max(0, Math.min(9, level));
}

/** The emission standard named in the trim, else the one required of new cars of that year. */
export function emissionStandard(car: Car): string {
  if (car.powertrain.kind === "electric") {
    return "-";
  }
  const named = /国[IV]+b?/.exec(car.trim)?.[0];
  if (named) {
    return named;
  }
  if (car.year >= 2023) {
    return "国VIb";
  }
  if (car.year >= 2020) {
    return "国VI";
  }
  if (car.year >= 2017) {
    return "国V";
  }
  return car.year >= 2011 ? "国IV" : "国III(国IV)";
}

/** `2.0T 186马力 L4`, `纯电动 204马力`, `增程式 154马力`. */
export function engineText(car: Car): string {
  const { kind, engine, motor } = car.powertrain;
  if (kind === "electric") {
    return `纯电动 ${psOf(motor?.kw ?? 0)}马力`;
  }
  if (!engine) {
    return "-";
  }
  if (kind === "plugIn" || kind === "rangeExtender") {
    return `${PREFIX[kind]} ${engine.hp}马力`;
  }
  const letter = engine.aspiration === "N" ? "L" : "T";
  return `${litres(engine)}${letter} ${engine.hp}马力 ${engine.layout}${engine.cylinders}`;
}

/** Approximate system power of engine and motors, in kW. */
export function systemPower(car: Car): number {
  const { kind, engine, motor } = car.powertrain;
  const ofEngine = engine ? kwOf(engine.hp) : 0;
  if (!motor) {
    return ofEngine;
  }
  if (kind === "electric" || kind === "rangeExtender") {
    return motor.kw;
  }
  return Math.round(motor.kw + ofEngine * 0.4);
}

/** Top speed in km/h, seconds to 100 km/h and litres per 100 km: derived from weight and power, so that they are consistent. */
export function performance(car: Car): { topSpeed: number; seconds: string; consumption: string } {
  const ratio = (systemPower(car) / car.weight) * 1000;
  const electric = car.powertrain.kind === "electric";
  const topSpeed = Math.round(Math.min(330, 105 + ratio * (electric ? 0.55 : 0.95)));
  const seconds = Math.max(2.7, (electric ? 590 : 800) / ratio).toFixed(1);
  const hybrid = car.powertrain.motor ? 0.55 : 1;
  const consumption = (((car.powertrain.engine?.cc ?? 0) / 900 + car.weight / 380) * hybrid).toFixed(1);
  return { topSpeed, seconds, consumption };
}
