import type { Listing } from "../listing.ts";
import { memo } from "../memo.ts";
import { type CategoryReading, parseCategory, rawOf } from "../parse/category.ts";
import { parseDate, parseRegistration, parseYear } from "../parse/dates.ts";
import { parseFlag } from "../parse/flags.ts";
import { DISTANCE_UNITS, MONEY_UNITS } from "../parse/numbers.ts";
import { parsePlace } from "../parse/place.ts";
import { isBlank, serveShortText } from "../parse/served.ts";
import { readTransfers } from "../parse/transfers.ts";
import { firstNumber, numberField, type Source } from "../parse-context.ts";
import type { Issue, Places, Report } from "../types.ts";

type Offer = Pick<
  Listing,
  | "year"
  | "price"
  | "msrp"
  | "km_age"
  | "transfers"
  | "first_registration"
  | "first_registration_precision"
  | "never_registered"
  | "offer_created"
  | "seller_type"
  | "seller_type_raw"
  | "is_dealer"
  | "section"
  | "section_raw"
  | "color"
  | "color_raw"
  | "address"
  | "place"
  | "province"
  | "city"
  | "district"
>;

const PRICE = numberField({ units: MONEY_UNITS, min: 500, max: 100_000_000, digits: 0, zeroIsNull: true });
const MSRP = numberField({ units: MONEY_UNITS, min: 5000, max: 100_000_000, digits: 0, zeroIsNull: true });
const KM_AGE = numberField({ units: DISTANCE_UNITS, min: 0, max: 2_000_000, digits: 0 });
const MAX_ADDRESS_LENGTH = 200;
const DEALER_PATH = /\/dealer\//i;
/** Words with which the feed says that it has no price. */
const NO_PRICE = /^(?:暂无报价|暂无|未公布|价格待定|待定|面议)$/u;

/** What is offered: price, age, mileage, by whom and where. */
export function readOffer(source: Source): Offer {
  const { data, specs, trim, vocabulary, report, now } = source;
  const ownYear = parseYear(data.year, report, "year", now);
  const rule = { now, year: ownYear ?? trim.model_year };
  const registration = parseRegistration(data.first_registration, report, "first_registration", rule);
  const created = parseDate(data.offer_created, report, "offer_created", rule);
  const rawPlace = isBlank(data.address) ? data.city : data.address;
  const place = readPlace(rawPlace, report);
  const section = parseCategory("section", { texts: [data.section] }, vocabulary, report);
  const color = parseCategory("color", { texts: [data.color] }, vocabulary, report);
  const msrp = specs.own("msrp");
  return {
    year: ownYear ?? registrationYear(registration.date?.date) ?? trim.model_year,
    price: firstNumber("price", PRICE, [data.new_price, data.price], report),
    msrp: firstNumber("msrp", MSRP, [withoutNoPrice(msrp), withoutNoPrice(data.msrp)], report),
    km_age: firstNumber("km_age", KM_AGE, [data.km_age], report),
    transfers: readTransfers(source.extra?.inspection, data.transfers, report),
    first_registration: registration.date?.date ?? null,
    first_registration_precision: registration.date?.precision ?? null,
    never_registered: registration.neverRegistered ? true : null,
    offer_created: created?.date ?? null,
    ...readSeller(source),
    section: section.code,
    ...rawOf("section_raw", section),
    color: color.code,
    ...rawOf("color_raw", color),
    address: serveShortText(rawPlace, MAX_ADDRESS_LENGTH),
    place,
    province: place.province?.en ?? null,
    city: place.city?.en ?? null,
    district: place.district?.en ?? null,
  };
}

/** Addresses repeat: what was found, and what was reported, is kept for texts met before. */
function readPlace(raw: unknown, report: Report): Places {
  const { place, issues } = typeof raw === "string" ? placeOfText(raw) : placeOf(raw);
  for (const { field, code, value } of issues) report(field, code, value);
  return place;
}

const placeOfText = memo((text) => placeOf(text));

function placeOf(raw: unknown): { place: Places; issues: Issue[] } {
  const issues: Issue[] = [];
  const place = parsePlace(raw, (field, code, value) => issues.push({ field, code, value }));
  return { place, issues };
}

function registrationYear(date: string | undefined): number | null {
  return date === undefined ? null : Number(date.slice(0, 4));
}

function withoutNoPrice(raw: unknown): unknown {
  return typeof raw === "string" && NO_PRICE.test(raw.trim()) ? null : raw;
}

/** Seller type and dealer flag fill each other; when they disagree the flag wins. The address knows dealers too. */
function readSeller({
  data,
  vocabulary,
  report,
}: Source): Pick<Listing, "seller_type" | "seller_type_raw" | "is_dealer"> {
  const flag = parseFlag(data.is_dealer, report, "is_dealer");
  const seller = parseCategory("seller_type", { texts: [data.seller_type] }, vocabulary, report);
  const told = seller.code === "dealer" ? true : seller.code === "private" ? false : null;
  const inUrl = typeof data.url === "string" && DEALER_PATH.test(data.url.slice(0, 500)) ? true : null;
  const isDealer = flag ?? told ?? inUrl;
  if (flag !== null && told !== null && flag !== told) report("seller_type", "conflict", data.seller_type);
  return { is_dealer: isDealer, ...sellerType(seller, isDealer) };
}

/** The flag decides, unless the type is one that says more than dealer or not. */
function sellerType(
  seller: CategoryReading,
  isDealer: boolean | null,
): Pick<Listing, "seller_type" | "seller_type_raw"> {
  const saysMore = seller.code !== null && !["dealer", "private", "unknown", "other"].includes(seller.code);
  return {
    seller_type: isDealer === null || saysMore ? seller.code : isDealer ? "dealer" : "private",
    ...rawOf("seller_type_raw", seller),
  };
}
