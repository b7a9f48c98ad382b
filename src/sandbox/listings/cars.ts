import { chineseCars } from "../data/cars-chinese.ts";
import { germanCars } from "../data/cars-german.ts";
import { worldCars } from "../data/cars-world.ts";
import { engines } from "../data/engines.ts";
import { accountGearboxes, bodies, drives, energies, gearboxes, type Label } from "../data/labels.ts";
import { marks } from "../data/marks.ts";

/** A combustion engine: displacement in mL, power in PS, torque in N·m. */
export interface Engine {
  readonly code: string;
  readonly cc: number;
  readonly hp: number;
  readonly nm: number;
  readonly layout: string;
  readonly cylinders: number;
  readonly aspiration: "N" | "T" | "TT" | "S";
  /** 92, 95, 98 for petrol, 0 for diesel. */
  readonly octane: number;
}

export interface Powertrain {
  readonly kind: keyof typeof energies;
  readonly engine?: Engine;
  readonly motor?: { readonly kw: number; readonly nm: number };
  readonly battery?: { readonly kwh: number; readonly km: number };
}

/** A label with its Russian form in lower case, as in most fields. */
export interface CasedLabel extends Label {
  readonly lower: string;
}

/** One trim of one model year: the data of its specification. Lengths in mm, weight in kg. */
export interface Car {
  /** Position in the list of all cars; its specification's id follows from it. */
  readonly index: number;
  readonly specid: number;
  readonly mark: string;
  /** Rank of its mark by popularity, from 0. */
  readonly rank: number;
  readonly vinPrefix: string;
  readonly maker: string;
  readonly model: string;
  readonly year: number;
  readonly trim: string;
  /** `<Chinese name of the line> <year>款 <trim>` */
  readonly title: string;
  readonly carClass: string;
  readonly structure: string;
  readonly doors: number;
  readonly seats: number;
  readonly size: readonly [length: number, width: number, height: number];
  readonly wheelbase: number;
  readonly weight: number;
  readonly powertrain: Powertrain;
  /** Category labels of engine, gearbox (accounts have only two), drive and body. */
  readonly words: Readonly<Record<"engine" | "gearbox" | "drive" | "body", CasedLabel>>;
  /** Codes of labels.ts. */
  readonly gearbox: string;
  readonly drive: string;
  /** List price in yuan. */
  readonly msrp: number;
}

const KINDS = { hev: "hybrid", phev: "plugIn", reev: "rangeExtender" } as const;
const SEATS: Record<string, number> = { 两: 2, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8 };

const rows = (table: string) => table.trim().split("\n");
const cells = (row: string) => row.split("|").map((cell) => cell.trim());

function readEngines(): Map<string, Engine> {
  const list = rows(engines).map((row) => {
    const [code = "", cc, hp, nm, block = "", aspiration, octane] = row.split(" ");
    const engine = {
      code,
      cc: Number(cc),
      hp: Number(hp),
      nm: Number(nm),
      layout: block.charAt(0),
      cylinders: Number(block.slice(1)),
      aspiration: aspiration as Engine["aspiration"],
      octane: Number(octane),
    };
    return [code, engine] as const;
  });
  return new Map(list);
}

function readPowertrain(text: string, known: ReadonlyMap<string, Engine>): Powertrain {
  const [scheme = "", facts] = text.includes(":") ? text.split(":") : ["", text];
  const [first = "", ...numbers] = (facts ?? "").split("/");
  if (scheme === "ev") {
    const [kw = 0, nm = 0, kwh = 0, km = 0] = [first, ...numbers].map(Number);
    return { kind: "electric", motor: { kw, nm }, battery: { kwh, km } };
  }
  const [code = "", voltage] = first.split("~");
  const engine = known.get(code);
  if (!engine) {
    throw new Error(`No engine ${code} in engines.ts`);
  }
  if (scheme === "") {
    const kind = voltage ? "mildHybrid" : engine.octane === 0 ? "diesel" : "gasoline";
    return { kind, engine };
  }
  const [kw = 0, nm = 0, kwh = 0, km = 0] = numbers.map(Number);
  const kind = KINDS[scheme as keyof typeof KINDS];
  return { kind, engine, motor: { kw, nm }, ...(kwh > 0 && { battery: { kwh, km } }) };
}

/** `2018-2020` and `2013,2015` as years. */
function readYears(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

const word = (label: Label): CasedLabel => ({ ...label, lower: label.ru.toLowerCase() });

function readWords(
  structure: string,
  kind: Powertrain["kind"],
  gearbox: string,
  drive: string,
): Car["words"] {
  const body = bodies.find(({ ending }) => structure.endsWith(ending));
  const driven = drives[drive];
  if (!body || !driven) {
    throw new Error(`No label for ${structure} or ${drive} in labels.ts`);
  }
  return {
    engine: word(energies[kind]),
    gearbox: word(accountGearboxes[gearbox.startsWith("MT") ? "manual" : "automatic"]),
    drive: word(driven),
    body: word(body),
  };
}

/** Reads the tables of the data folder: every trim in each of its model years. */
export function readCars(): Car[] {
  const known = readEngines();
  const ranks = new Map(
    rows(marks).map((row, rank) => {
      const [mark = "", , vinPrefix = ""] = cells(row);
      return [mark, { rank, vinPrefix }] as const;
    }),
  );
  const cars: Car[] = [];
  let line: string[] = [];
  for (const row of [germanCars, worldCars, chineseCars].flatMap(rows)) {
    if (row.startsWith("=")) {
      line = cells(row.slice(1));
      continue;
    }
    const [mark = "", maker = "", model = "", series, carClass = "", shape = "", size = "", base, weight] =
      line;
    const [years = "", trim = "", power = "", gearbox = "", drive = "", price] = cells(row);
    const place = ranks.get(mark);
    if (!place || !gearboxes[gearbox]) {
      throw new Error(`Unreadable row: ${row}`);
    }
    const own = /(\d|[两四五六七八])座/.exec(trim)?.[1];
    const structure = own ? shape.replace(/\d座/, `${SEATS[own] ?? own}座`) : shape;
    const [length = 0, width = 0, height = 0] = size.split("*").map(Number);
    const powertrain = readPowertrain(power, known);
    const words = readWords(structure, powertrain.kind, gearbox, drive);
    for (const year of readYears(years)) {
      const index = cars.length;
      cars.push({
        index,
        specid: 12_000 + index * 71,
        mark,
        ...place,
        maker,
        model,
        year,
        trim,
        title: `${series} ${year}款 ${trim}`,
        carClass,
        structure,
        doors: Number(structure.charAt(0)),
        seats: Number(structure.charAt(2)),
        size: [length, width, height],
        wheelbase: Number(base),
        weight: Number(weight),
        powertrain,
        words,
        gearbox,
        drive,
        msrp: Math.round(Number(price) * 10_000),
      });
    }
  }
  return cars;
}
