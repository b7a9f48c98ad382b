import { bodies, colors, energies, type Label } from "../data/labels.ts";
import { fractionOf, hash, weighted } from "../world/random.ts";
import { type Car, type CasedLabel, readCars } from "./cars.ts";
import { createFragments, type Fragments } from "./fragments.ts";
import { type Draft, listingFields, type RawFields, type Shape } from "./make-listing.ts";
import { readPlaces, type SamplePlace } from "./pick-place.ts";

/** The filterable facts of a listing. */
export interface Facts {
  readonly mark: string;
  readonly model: string;
  readonly year: number;
  readonly price: number;
  readonly kmAge: number;
  readonly color: Label;
  readonly body: Label;
  readonly engine: Label;
  readonly gearbox: Label;
  readonly drive: Label;
}

/** The source of a catalogue: listings by number, as JSON text in pieces. */
export interface Listings {
  innerId(index: number): string;
  /** Position in `/offers`, ascending; without it the order of numbers. */
  rank?(index: number): number;
  /** The number of the listing with this inner_id; undefined when it does not exist. */
  indexOf(innerId: string): number | undefined;
  /** The listing's `data`; fields of `patch` replace its own. */
  data(index: number, patch?: RawFields): Buffer[];
  /** Names of the fields of `data`. */
  names(index: number, patch?: RawFields): readonly string[];
  /** The complete record of `/offers`. */
  record(index: number, patch?: RawFields): Buffer[];
  /** Filterable facts; undefined when the listing is not an object. */
  facts(index: number, patch?: RawFields): Facts | undefined;
}

/** Listings generated from a seed, any number of them. */
export interface GeneratedListings extends Listings {
  /** When the listing appeared, in milliseconds. */
  createdAt(index: number): number;
  /** Records when a listing beyond the initial ones appeared; called in the order of their numbers. */
  appear(index: number, at: number): void;
  /** The listing as first offered: price, mileage, shape. */
  draft(index: number): Draft;
  /** All cars, for `/filters`. */
  readonly cars: readonly Car[];
}

/** An inner_id is 50,000,000 plus a shuffled number below 2^23, so that the listing's number can be computed from it. */
const ID_BASE = 50_000_000;
const ID_SPAN = 2 ** 23;
const ID_FACTOR = 5_160_637;
const ID_INVERSE = inverse(ID_FACTOR);
/** Maximum number of listings with distinct inner_ids. */
export const MAX_LISTINGS = 5_000_000;

const DAY = 86_400_000;
/** Age of the oldest listing at the start of the feed. */
const CATALOGUE_DAYS = 300;
const SALONS = 700;
/**
 * Share of listings with a specification that no other listing has; the others share those of the cars, 240 listings each in
 * a catalogue of 170,000. Of 198,000 listings of the service, 3.7 % had a trim that occurred fewer than ten times.
 */
const RARE_SHARE = 0.04;
/** `specid` of the first rare specification. */
const FIRST_RARE = 1_000_000;
/** First `id` of the records of `/offers`. */
const FIRST_RECORD = 1_200_000;

/** The large field of each shape, which is appended as text. */
const HEAVY = { mixed: "extra", russian: "configuration", english: undefined } as const;

/** Inverse of an odd `factor` modulo 2^23. */
function inverse(factor: number): number {
  let result = factor;
  for (let round = 0; round < 5; round += 1) {
    result = Math.imul(result, 2 - Math.imul(factor, result));
  }
  return result & (ID_SPAN - 1);
}

/** Chooses among the cars that existed in a year: marks by popularity, cars of one mark evenly. */
function createGarage(cars: readonly Car[]): (year: number, draw: number) => Car {
  const byYear = new Map<number, (draw: number) => Car>();
  return (year, draw) => {
    let choose = byYear.get(year);
    if (!choose) {
      const built = cars.filter((car) => car.year <= year);
      const ofMark = Map.groupBy(built, (car) => car.rank);
      const weights = built.map(({ rank }) => 1 / (rank + 1) ** 0.85 / (ofMark.get(rank)?.length ?? 1));
      const weigh = weighted(weights);
      choose = (value) => built[weigh(value)] as Car;
      byYear.set(year, choose);
    }
    return choose(draw);
  };
}

/**
 * @param options.count number of initial listings, which appeared evenly over the 300 days before
 * @param options.since start of the feed, in milliseconds
 */
export function createListings(options: {
  seed: number;
  count: number;
  since: number;
  /** See SandboxOptions. */
  defects?: boolean;
}): GeneratedListings {
  const { seed, count, since, defects = false } = options;
  const cars = readCars();
  const garage = createGarage(cars);
  const fragments: Fragments = createFragments();
  const places: readonly SamplePlace[] = readPlaces();
  const tint = weighted(colors.map(({ share }) => share));
  const paints: readonly CasedLabel[] = colors.map((color) => ({ ...color, lower: color.ru.toLowerCase() }));
  const later: number[] = [];

  function createdAt(index: number): number {
    if (index >= count) {
      return later[index - count] ?? since;
    }
    const step = (CATALOGUE_DAYS * DAY) / Math.max(1, count);
    return Math.floor(since - (count - index) * step + (hash(seed, index + 0.5) % Math.ceil(step)) * 0.9);
  }

  const innerId = (index: number) =>
    String(ID_BASE + ((Math.imul(index, ID_FACTOR) + 3_692_747) & (ID_SPAN - 1)));

  function draft(index: number): Draft {
    const base = hash(seed, index);
    const draw = (salt: number) => hash(base, salt);
    const created = createdAt(index);
    const offered = new Date(created).toISOString().slice(0, 10);
    const year = Number(offered.slice(0, 4));
    const car = garage(year - (Number(offered.slice(5, 7)) < 3 ? 1 : 0), draw(1));
    const kind = fractionOf(draw(2));
    const shape: Shape = kind < 0.92 ? "mixed" : kind < 0.97 ? "russian" : "english";
    // Registered between the autumn before the model year and the summer after it, but before it was offered.
    const last = created - 40 * DAY;
    const registered = Math.min(last, Date.UTC(car.year - 1, 8 + (draw(3) % 22), 1));
    const age = (created - registered) / (365 * DAY);
    const perYear = 4_000 + fractionOf(draw(4)) * 9_000 + fractionOf(draw(5)) * 9_000;
    const keep =
      (car.powertrain.kind === "electric" ? 0.8 : 0.86) ** age * (0.88 + fractionOf(draw(6)) * 0.2);
    const salon = draw(7) % SALONS;
    const isPrivate = fractionOf(draw(8)) < 0.07;
    // Squared, so that the large cities at the top of the list get more listings.
    const seat = fractionOf(hash(isPrivate ? base : salon + 1, 9)) ** 2;
    return {
      innerId: innerId(index),
      draw: base,
      shape,
      car,
      specid: fractionOf(draw(14)) < RARE_SHARE ? FIRST_RARE + index : car.specid,
      color: paints[tint(draw(10))] as CasedLabel,
      place: places[Math.floor(seat * places.length)] as SamplePlace,
      price: Math.max(3_000, Math.round((car.msrp * keep) / 100) * 100),
      kmAge: age < 0.3 ? Math.round(age * 300) : Math.round((age * perYear) / 100) * 100,
      firstRegistration: new Date(registered).toISOString().slice(0, 7),
      offered,
      salon: isPrivate ? undefined : 300_000 + (hash(seed, salon + 0.25) % 380_000),
    };
  }

  /** The car's specification under the listing's `specid`. */
  function specificationOf({ car, specid }: Draft): Buffer[] {
    const text = fragments.specification(car);
    const head = (id: number) => `{"specid":${id}`;
    return specid === car.specid
      ? [text]
      : [Buffer.from(head(specid)), text.subarray(head(car.specid).length)];
  }

  /** The text of `data` between `before` and `after`. */
  function write(index: number, patch: RawFields | undefined, before: string, after: string): Buffer[] {
    const listing = draft(index);
    const { car, shape } = listing;
    const fields = listingFields(listing, FIRST_RECORD + index, defects);
    if (patch) {
      Object.assign(fields, patch);
    }
    const text = JSON.stringify(fields);
    const heavy = HEAVY[shape];
    if (heavy === undefined || patch?.[heavy] !== undefined) {
      return [Buffer.from(before + text + after)];
    }
    const opened = `${before}${text.slice(0, -1)},"${heavy}":`;
    if (shape === "russian") {
      return [Buffer.from(opened), fragments.russian(car), Buffer.from(`}${after}`)];
    }
    return [
      Buffer.from(`${opened}{"inspection":`),
      fragments.inspection(listing.draw >>> 7),
      CONFIGURATION,
      ...specificationOf(listing),
      Buffer.from(`,"option":{"map":${JSON.stringify(fragments.optionMap(listing.draw >>> 7))},`),
      fragments.options(car).subarray(1),
      Buffer.from(`}}${after}`),
    ];
  }

  return {
    cars,
    innerId,
    rank: (index) => Number(innerId(index)),
    createdAt,
    draft,
    appear(index, at) {
      later[index - count] = at;
    },
    indexOf(id) {
      const number = /^\d{8}$/.test(id) ? Number(id) - ID_BASE : -1;
      if (number < 0 || number >= ID_SPAN) {
        return undefined;
      }
      const index = Math.imul(number - 3_692_747, ID_INVERSE) & (ID_SPAN - 1);
      return index < count + later.length ? index : undefined;
    },
    data: (index, patch) => write(index, patch, "", ""),
    names(index, patch = {}) {
      const listing = draft(index);
      const fields = Object.keys({ ...listingFields(listing, FIRST_RECORD + index, defects), ...patch });
      return [...fields, HEAVY[listing.shape] ?? []].flat();
    },
    record(index, patch) {
      const created = new Date(createdAt(index)).toISOString();
      const head = `{"id":${FIRST_RECORD + index},"inner_id":"${innerId(index)}","change_type":"added"`;
      return write(index, patch, `${head},"created_at":"${created}","data":`, "}");
    },
    facts(index, patch) {
      const { car, color, price, kmAge } = draft(index);
      return {
        mark: car.mark,
        model: car.model,
        year: car.year,
        price: Number(patch?.price ?? price),
        kmAge: Number(patch?.km_age ?? kmAge),
        color,
        body: car.words.body,
        engine: car.words.engine,
        gearbox: car.words.gearbox,
        drive: car.words.drive,
      };
    },
  };
}

const CONFIGURATION = Buffer.from(',"configuration":');

/** Response of `/filters` for these cars, for an account set to Russian. */
export function filtersOf(cars: readonly Car[]): object {
  const models = Map.groupBy(cars, (car) => car.mark);
  const unique = (labels: readonly Label[]) => [...new Set(labels.map(({ ru }) => ru))].sort();
  return {
    mark: Object.fromEntries(
      [...models]
        .sort()
        .map(([mark, own]) => [mark, { model: [...new Set(own.map((car) => car.model))].sort() }]),
    ),
    transmission_type: ["Автоматическая", "Механическая"],
    color: unique(colors),
    body_type: unique(bodies),
    engine_type: unique(Object.values(energies)),
    drive_type: ["Передний привод", "Задний привод", "Полный привод"],
  };
}
