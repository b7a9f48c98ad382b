import { memo } from "./memo.ts";

/** How an import is taxed: by the engine, or like an electric car. */
export type CustomsTrack = "combustion" | "parallel" | "series" | "electric";

/** An unknown fact on which the track depends. */
export interface UnknownTrack {
  readonly missing: "engine_type" | "hybrid_kind";
}

const TRACKS: Readonly<Record<string, CustomsTrack>> = {
  gasoline: "combustion",
  diesel: "combustion",
  gasoline_cng: "combustion",
  cng: "combustion",
  lpg: "combustion",
  plug_in_hybrid: "parallel",
  methanol_hybrid: "parallel",
  mild_hybrid_gasoline: "parallel",
  mild_hybrid_diesel: "parallel",
  range_extender: "series",
  electric: "electric",
};

/** The track of an engine type. `hybrid` depends on its kind; hydrogen, methanol and `other` have none. */
export function trackOf(engineType: string | null, hybridKind: string | null): CustomsTrack | UnknownTrack {
  if (engineType === "hybrid") {
    return hybridKind === "parallel" || hybridKind === "series" ? hybridKind : { missing: "hybrid_kind" };
  }
  const known = engineType !== null && Object.hasOwn(TRACKS, engineType) ? TRACKS[engineType] : undefined;
  return known ?? { missing: "engine_type" };
}

const OTHER_CATEGORIES = new Set(["pickup", "light_truck", "light_bus", "van", "motorhome"]);

/** False for body types that may not be passenger cars (category M1), for which other tariffs apply. */
export const isPassengerCar = (bodyType: string | null): boolean =>
  bodyType === null || !OTHER_CATEGORIES.has(bodyType);

/** 1 metric hp is 0.73549875 kW. */
const KW_PER_HP_E8 = 73_549_875;

/**
 * Metric hp in hundredths of a kW, rounded half up: 310 hp is 22,800. Whole numbers, because tariffs compare with borders such
 * as 228.00 kW.
 *
 * @param hp whole number, at most 100,000
 */
export const centikilowatts = (hp: number): number => Math.floor((hp * KW_PER_HP_E8 + 500_000) / 1_000_000);

/** Facts about the vehicle that customs facts are derived from. */
export interface CustomsVehicle {
  readonly engine_type: string | null;
  readonly hybrid_kind: string | null;
  readonly body_type: string | null;
  readonly displacement_cc: number | null;
  readonly power: number | null;
  readonly power_kw: number | null;
  readonly motor_power_kw: number | null;
  readonly model_year: number | null;
}

/** Facts about the offer that customs facts are derived from. */
export interface CustomsOffer {
  readonly price: number | null;
  readonly year: number | null;
  readonly first_registration: string | null;
  readonly never_registered: boolean | null;
}

/** Facts about an import that need neither tariffs nor exchange rates. */
export interface CustomsFacts {
  readonly passable_from: string | null;
  readonly passable_until: string | null;
  readonly customs_power_kw: number | null;
  readonly customs_power_basis: "engine" | "engine_and_motors" | "motors" | null;
  readonly customs_missing: readonly string[];
}

/** The facts of a listing. Pure. */
export function customsFacts(vehicle: CustomsVehicle, offer: CustomsOffer): CustomsFacts {
  return {
    ...(offer.first_registration === null ? NO_DATES : passableDates(offer.first_registration)),
    ...highestPower(vehicle),
    customs_missing: missingFacts(vehicle, offer),
  };
}

const NO_DATES = { passable_from: null, passable_until: null };
const passableDates = memo((registered) => ({
  passable_from: nextDay(addMonths(registered, 36)),
  passable_until: addMonths(registered, 60),
}));

/**
 * The highest power that a recycling fee may count, so that a car below a border is certainly below it. 160 hp is 117.68 kW,
 * but 118 kW is also printed as 160 hp: the higher value counts. Of motors the peak power, which the 30-minute power never
 * exceeds.
 */
function highestPower(car: CustomsVehicle): Pick<CustomsFacts, "customs_power_kw" | "customs_power_basis"> {
  const track = trackOf(car.engine_type, car.hybrid_kind);
  const engine = engineCentikilowatts(car).at(-1) ?? null;
  const motors = car.motor_power_kw ?? (track === "electric" ? car.power_kw : null);
  if (track === "combustion" && engine !== null) {
    return { customs_power_kw: engine / 100, customs_power_basis: "engine" };
  }
  if (track === "parallel" && engine !== null && motors !== null) {
    return { customs_power_kw: (engine + motors * 100) / 100, customs_power_basis: "engine_and_motors" };
  }
  if ((track === "series" || track === "electric") && motors !== null) {
    return { customs_power_kw: motors, customs_power_basis: "motors" };
  }
  return { customs_power_kw: null, customs_power_basis: null };
}

/** Power of the engine in hundredths of a kW: from kW and from hp, ascending; one value when only one is known or both agree. */
export function engineCentikilowatts(car: Pick<CustomsVehicle, "power" | "power_kw">): number[] {
  const values = [
    ...(car.power_kw === null ? [] : [Math.round(car.power_kw * 100)]),
    ...(car.power === null ? [] : [centikilowatts(car.power)]),
  ];
  return [...new Set(values)].sort((a, b) => a - b);
}

function missingFacts(car: CustomsVehicle, offer: CustomsOffer): string[] {
  if (!isPassengerCar(car.body_type)) {
    return ["vehicle_category"];
  }
  const missing: string[] = [];
  if (offer.price === null) {
    missing.push("price");
  }
  if (!isAgeKnown(car, offer)) {
    missing.push("production_date");
  }
  const track = trackOf(car.engine_type, car.hybrid_kind);
  if (typeof track !== "string") {
    return [...missing, track.missing];
  }
  const hasEngine = track === "combustion" || track === "parallel";
  if (hasEngine && car.displacement_cc === null) {
    missing.push("displacement_cc");
  }
  if (hasEngine && car.power === null && car.power_kw === null) {
    missing.push("power");
  }
  if (track !== "combustion") {
    missing.push("power_30min_kw");
  }
  return missing;
}

const isAgeKnown = (car: CustomsVehicle, offer: CustomsOffer): boolean =>
  offer.first_registration !== null ||
  (offer.never_registered === true ? car.model_year : offer.year) !== null;

/** The same day of a later month, or that month's last day; dates are `YYYY-MM-DD`. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const count = year * 12 + month - 1 + months;
  const later = [Math.floor(count / 12), (count % 12) + 1] as const;
  // Every month has 28 days.
  const lastDay = day <= 28 ? day : new Date(Date.UTC(...later, 0)).getUTCDate();
  return [...later, Math.min(day, lastDay)].map((part, index) => padded(part, index === 0 ? 4 : 2)).join("-");
}

const padded = (part: number, length: number): string => String(part).padStart(length, "0");

const nextDay = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
