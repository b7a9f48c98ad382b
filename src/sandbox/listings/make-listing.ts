import { blanks, descriptions, englishDescriptions, surnames } from "../data/texts.ts";
import { fractionOf, hash, pick } from "../world/random.ts";
import { kwOf, litres, psOf, systemPower } from "./car-facts.ts";
import type { Car, CasedLabel } from "./cars.ts";
import type { SamplePlace } from "./pick-place.ts";
import { latinTrim } from "./specification-russian.ts";

/** The three shapes of the service's listings. */
export type Shape = "mixed" | "russian" | "english";

/** The random draws of one listing, from which its fields are derived in any shape. */
export interface Draft {
  readonly innerId: string;
  /** The listing's hash, from which further details are drawn. */
  readonly draw: number;
  readonly shape: Shape;
  readonly car: Car;
  /** Id of the specification: the car's, or one that no other listing has. */
  readonly specid: number;
  readonly color: CasedLabel;
  readonly place: SamplePlace;
  /** Asking price in yuan. */
  readonly price: number;
  /** Kilometres. */
  readonly kmAge: number;
  /** `YYYY-MM` */
  readonly firstRegistration: string;
  /** `YYYY-MM-DD` */
  readonly offered: string;
  /** The dealer's number, undefined for a private seller. */
  readonly salon: number | undefined;
}

export type RawFields = Record<string, unknown>;

const VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
const IMAGES = "https://2sc2.autoimg.cn/escimg/auto/g";

function vin(draft: Draft, draw: (salt: number) => number): string {
  let text = draft.car.vinPrefix;
  for (let position = text.length; position < 11; position += 1) {
    text += VIN[draw(60 + position) % 33];
  }
  const masked = fractionOf(draw(59)) < 0.25;
  return masked ? `${text.slice(0, 10)}*******` : text + String(draw(58) % 1_000_000).padStart(6, "0");
}

function images(draft: Draft, draw: (salt: number) => number): string[] {
  const count = 5 + (draw(20) % 11);
  const folder = `${24 + (draw(21) % 9)}/M${draw(22) % 10}${draw(23) % 10}/${(draw(24) % 90) + 10}/`;
  const end = `PZ${draft.innerId}kAe${folder.length}d9.jpg.webp`;
  const list: string[] = [];
  for (let index = 0; index < count; index += 1) {
    list.push(`${IMAGES}${folder}1024x768_c42_autohomecar__Chx${draw(100 + index).toString(36)}${end}`);
  }
  return list;
}

/** A seller's description; one in eight contains a fictional phone number or account name. */
function description(draw: (salt: number) => number): string {
  // Some have line breaks and the delimiter of the daily files.
  const separator = ["\n", " | ", "", "", "", "", "", ""][draw(38) % 8];
  const text = descriptions.map((sentences, index) => pick(sentences, draw(30 + index))).join(separator);
  const contact = draw(35) % 16;
  const digits = String(draw(36) % 10_000).padStart(4, "0");
  if (contact === 0) {
    return `${text}电话1380000${digits} ${pick(surnames, draw(37))}经理`;
  }
  return contact === 1 ? `${text}微信 che_${digits}` : text;
}

function displacement({ powertrain }: Car): string {
  return powertrain.engine ? litres(powertrain.engine) : "0";
}

function power({ powertrain }: Car): number {
  return powertrain.engine?.hp ?? psOf(powertrain.motor?.kw ?? 0);
}

/** Power of engine, motors and both together, as far as the car has them. */
function powers(car: Car): Record<string, number> {
  const { engine, motor, kind } = car.powertrain;
  const isHybrid = kind === "plugIn" || kind === "rangeExtender" || kind === "hybrid";
  const system = systemPower(car);
  return {
    ...(engine && { ice_power_ps: engine.hp, ice_power_kw: kwOf(engine.hp) }),
    ...(motor && { electric_power_ps: psOf(motor.kw), electric_power_kw: motor.kw }),
    ...(isHybrid && { hybrid_power_ps: psOf(system), hybrid_power_kw: system }),
  };
}

/** Names of other marks that appear as models. */
const FOREIGN_MODELS = ["Zeekr", "Volkswagen", "Deepal"];

/** Defects of the service, in one listing out of 16. `series` is the Chinese name of the line. */
function withDefect(fields: RawFields, { car }: Draft, draw: (salt: number) => number): RawFields {
  const series = car.title.slice(0, car.title.indexOf(` ${car.year}款`));
  const defects: Readonly<Record<number, RawFields>> = {
    0: { year: 0 },
    1: { year: "0" },
    2: { year: "" },
    3: { model: "" },
    4: { model: series.slice(1) },
    5: { model: pick(FOREIGN_MODELS, draw(54)) },
    6: { vin: String(fields.vin ?? "").slice(0, 6) },
    7: { complectation: "" },
  };
  return { ...fields, ...defects[draw(53) % 128] };
}

function url(draft: Draft): string {
  const place = draft.salon === undefined ? "personal" : `dealer/${draft.salon}`;
  return `https://www.che168.com/${place}/${draft.innerId}.html`;
}

/** Numbers as text, Russian categories, Chinese addresses; the specification is in `extra`. */
function mixed(draft: Draft, draw: (salt: number) => number): RawFields {
  const { car } = draft;
  const fields: RawFields = {
    inner_id: draft.innerId,
    url: url(draft),
    mark: car.mark,
    model: car.model,
    title: car.title,
    configuration: car.trim,
    complectation: car.trim,
    year: String(car.year),
    price: String(draft.price),
    km_age: String(draft.kmAge),
    first_registration: draft.firstRegistration,
    color: draft.color.lower,
    engine_type: car.words.engine.ru,
    transmission_type: car.words.gearbox.lower,
    drive_type: car.words.drive.lower,
    displacement: displacement(car),
    power: String(power(car)),
    ...Object.fromEntries(Object.entries(powers(car)).map(([key, value]) => [key, String(value)])),
    specid: String(draft.specid),
    body_type: car.words.body.lower,
    address: draft.place.zh,
    seller_type: draft.salon === undefined ? "private" : "dealer",
    is_dealer: String(draft.salon !== undefined),
    section: "б/у",
    salon_id: String(draft.salon ?? 0),
    description: description(draw),
    vin: vin(draft, draw),
    offer_created: draft.offered,
    images: JSON.stringify(images(draft, draw)),
  };
  const odd = draw(50) % 64;
  const blank = pick(blanks, draw(51));
  if (odd === 0) {
    fields.color = blank;
  } else if (odd === 1) {
    fields.description = blank;
  } else if (odd === 2) {
    fields.vin = blank;
  } else if (odd === 3) {
    fields.drive_type = blank;
  } else if (odd === 4) {
    fields.first_registration = draft.kmAge < 100 ? "未上牌" : blank;
  } else if (odd === 5) {
    fields.km_age = `${(draft.kmAge / 10_000).toFixed(2)}万公里`;
  } else if (odd === 6) {
    fields.address = blank;
  }
  return fields;
}

/** Numbers as numbers, Russian text, a flat specification in `configuration`. */
function russian(draft: Draft, draw: (salt: number) => number): RawFields {
  const { car } = draft;
  return {
    inner_id: draft.innerId,
    url: url(draft),
    mark: car.mark,
    model: car.model,
    year: car.year,
    first_registration: draft.firstRegistration,
    color: draft.color.lower,
    price: draft.price,
    km_age: draft.kmAge,
    engine_type: car.words.engine.lower,
    transmission_type: car.words.gearbox.lower,
    drive_type: car.words.drive.lower,
    body_type: car.words.body.lower,
    address: draft.place.ru,
    seller_type: draft.salon === undefined ? "private" : "dealer",
    is_dealer: draft.salon !== undefined,
    section: "б/у",
    ...(draft.salon !== undefined && { salon_id: String(draft.salon) }),
    description: description(draw),
    displacement: Number(displacement(car)),
    power: power(car),
    ...powers(car),
    offer_created: draft.offered,
    images: images(draft, draw),
  };
}

/** English text, no specification. */
function english(draft: Draft, draw: (salt: number) => number, id: number): RawFields {
  const { car } = draft;
  return {
    id,
    inner_id: draft.innerId,
    url: url(draft),
    mark: car.mark,
    model: car.model,
    title: [car.model, car.year, latinTrim(car)].filter(Boolean).join(" "),
    year: car.year,
    color: draft.color.en,
    price: draft.price,
    km_age: draft.kmAge,
    first_registration: draft.firstRegistration,
    engine_type: car.words.engine.en,
    transmission_type: car.words.gearbox.en,
    body_type: car.words.body.en,
    drive_type: car.words.drive.en,
    address: draft.place.en,
    seller_type: draft.salon === undefined ? "private" : "dealer",
    is_dealer: draft.salon !== undefined,
    section: "Used",
    ...(draft.salon !== undefined && { salon_id: String(draft.salon) }),
    description: [pick(englishDescriptions, draw(30)), pick(englishDescriptions, draw(31))].join(" "),
    displacement: Number(displacement(car)),
    power: power(car),
    ...powers(car),
    vin: vin(draft, draw),
    offer_created: draft.offered,
    images: images(draft, draw),
  };
}

/**
 * The fields of a listing without its large part: `extra` of the mixed shape and `configuration` of the Russian one are
 * appended as text. `id` is the record's id, which English listings repeat in their data.
 */
export function listingFields(draft: Draft, id: number, defects: boolean): RawFields {
  const draw = (salt: number) => hash(draft.draw, salt);
  if (draft.shape === "mixed") {
    const fields = mixed(draft, draw);
    return defects ? withDefect(fields, draft, draw) : fields;
  }
  return draft.shape === "russian" ? russian(draft, draw) : english(draft, draw, id);
}

/** A new description, for a change of the listing. */
export function newDescription(draw: number): string {
  return description((salt) => hash(draw, salt));
}
