import { describe, expect, test } from "vitest";
import { litres } from "../../../src/sandbox/listings/car-facts.ts";
import { type Car, readCars } from "../../../src/sandbox/listings/cars.ts";
import { specificationOf } from "../../../src/sandbox/listings/specification.ts";
import { russianSpecification } from "../../../src/sandbox/listings/specification-russian.ts";
import { createDays } from "../../../src/sandbox/world/feed-days.ts";
import { addDays, isDay } from "../../../src/util/days.ts";

const cars = readCars();
const offending = (wrong: (car: Car) => boolean) => cars.filter(wrong).map(({ title }) => title);

describe("the cars of the sandbox", () => {
  test("are some hundred trims of more than 70 marks", () => {
    expect(new Set(cars.map(({ mark }) => mark)).size).toBeGreaterThan(70);
    expect(new Set(cars.map(({ model, trim }) => `${model} ${trim}`)).size).toBeGreaterThan(340);
    expect(new Set(cars.map(({ specid }) => specid)).size).toBe(cars.length);
  });

  test("have the engine that their trim names", () => {
    const named = ({ trim }: Car) => /(\d\.\d) ?(L|T|i)?/.exec(trim);
    expect(offending((car) => (named(car) ? !car.powertrain.engine : false))).toEqual([]);
    expect(
      offending((car) => {
        const { engine } = car.powertrain;
        return engine !== undefined && litres(engine) !== (named(car)?.[1] ?? litres(engine));
      }),
    ).toEqual([]);
    expect(
      offending((car) => {
        const letter = named(car)?.[2];
        const natural = car.powertrain.engine?.aspiration === "N";
        return (letter === "L" && !natural) || (letter === "T" && natural);
      }),
    ).toEqual([]);
    expect(offending((car) => car.trim.includes("柴油") !== (car.powertrain.kind === "diesel"))).toEqual([]);
  });

  test("have the gearbox, the drive, the seats and the battery that their trim names", () => {
    const says = (pattern: RegExp, fits: (car: Car) => boolean) =>
      offending((car) => pattern.test(car.trim) && !fits(car));
    expect(says(/手动|\bMT\b/, ({ gearbox }) => gearbox.startsWith("MT"))).toEqual([]);
    expect(says(/自动|\bAT\b/, ({ gearbox }) => !gearbox.startsWith("MT"))).toEqual([]);
    expect(says(/CVT/, ({ gearbox }) => gearbox.includes("CVT"))).toEqual([]);
    expect(says(/DCT|DSG|双离合/, ({ gearbox }) => gearbox.startsWith("DCT"))).toEqual([]);
    expect(says(/四驱|全轮|全驱|quattro|xDrive|4MATIC|4WD|ALL4/, ({ drive }) => drive.endsWith("4"))).toEqual(
      [],
    );
    expect(says(/两驱|后驱|前驱|2WD/, ({ drive }) => !drive.endsWith("4"))).toEqual([]);
    expect(says(/(?<!\d)[5-8]座/, ({ trim, seats }) => trim.includes(`${seats}座`))).toEqual([]);
    expect(
      says(/\d+km/i, ({ trim, powertrain }) => trim.toLowerCase().includes(`${powertrain.battery?.km}km`)),
    ).toEqual([]);
    expect(says(/\dkWh/, ({ trim, powertrain }) => trim.includes(`${powertrain.battery?.kwh}kWh`))).toEqual(
      [],
    );
  });

  test("have a complete specification in both languages", () => {
    for (const car of cars) {
      const rows = specificationOf(car).paramtypeitems.flatMap(({ paramitems }) => paramitems);
      const texts = [...rows.map(({ value }) => value), ...Object.values(russianSpecification(car))];
      expect(texts.filter((text) => text === "" || /undefined|NaN|null/.test(text))).toEqual([]);
      const { "Название модели": name, ...russian } = russianSpecification(car);
      expect(name).toContain(car.model);
      expect(Object.values(russian).filter((text) => /\p{Script=Han}/u.test(text))).toEqual([]);
    }
  });
});

describe("days of a time zone", () => {
  test("start at its midnight, also on daylight saving changes", () => {
    const berlin = createDays("Europe/Berlin");
    expect(new Date(berlin.start("2025-03-30")).toISOString()).toBe("2025-03-29T23:00:00.000Z");
    expect(new Date(berlin.start("2025-03-31")).toISOString()).toBe("2025-03-30T22:00:00.000Z");
    expect(new Date(berlin.start("2025-10-27")).toISOString()).toBe("2025-10-26T23:00:00.000Z");
    expect(berlin.iso(Date.parse("2025-07-01T10:00:00.250Z"))).toBe("2025-07-01T12:00:00.250+02:00");
    expect(createDays("America/St_Johns").iso(Date.parse("2025-01-01T10:00:00Z"))).toBe(
      "2025-01-01T06:30:00.000-03:30",
    );
  });

  test("start after the gap where midnight does not exist", () => {
    const cairo = createDays("Africa/Cairo");
    const start = cairo.start("2025-04-25");
    expect([cairo.of(start - 1), cairo.of(start)]).toEqual(["2025-04-24", "2025-04-25"]);
  });

  test("are counted by the calendar", () => {
    expect(addDays("2024-02-28", 2)).toBe("2024-03-01");
    expect(addDays("2025-01-01", -1)).toBe("2024-12-31");
    expect([isDay("2024-02-29"), isDay("2025-02-29"), isDay("2025-1-01"), isDay("")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
