import { collected, reported } from "../issues.ts";
import { memo } from "../memo.ts";
import { type CategoryReading, parseCategory, rawOf } from "../parse/category/category.ts";
import { parseDate, parseRegistration, parseYear } from "../parse/dates.ts";
import { marker, parseFlag } from "../parse/flags.ts";
import { parsePlace } from "../parse/place.ts";
import { isBlank, publicName } from "../parse/text.ts";
import { readTransfers } from "../parse/transfers.ts";
import { DISTANCE_UNITS, MONEY_UNITS } from "../parse/units.ts";
import { firstNumber, numberField, type ParseContext } from "../parse-context.ts";
import type { Places, ReportIssue } from "../types.ts";

const PRICE = numberField("price", { units: MONEY_UNITS });
const MSRP = numberField("msrp", { units: MONEY_UNITS });
const KM_AGE = numberField("km_age", { units: DISTANCE_UNITS, isMileage: true });
const MAX_ADDRESS_LENGTH = 200;
const DEALER_PATH = /\/dealer\//i;
/** Placeholders for a missing price. */
const NO_PRICE = /^(?:暂无报价|暂无|未公布|价格待定|待定|面议)$/u;

/** The offer: price, age, mileage, seller and place. */
export function readOffer(context: ParseContext) {
  const { data, specs, trim, report, now } = context;
  const ownYear = parseYear(data.year, report, "year", now);
  const rule = { now, year: ownYear ?? trim.model_year };
  const registration = parseRegistration(data.first_registration, report, "first_registration", rule);
  const created = parseDate(data.offer_created, report, "offer_created", rule);
  const rawPlace = isBlank(data.address) ? data.city : data.address;
  const place = readPlace(rawPlace, report);
  const section = parseCategory("section", { texts: [data.section] }, context);
  const color = parseCategory("color", { texts: [data.color] }, context);
  const msrp = specs.own("msrp");
  return {
    year: ownYear ?? registration.year ?? trim.model_year,
    price: firstNumber("price", PRICE, [data.new_price, data.price], report),
    msrp: firstNumber("msrp", MSRP, [withoutNoPrice(msrp), withoutNoPrice(data.msrp)], report),
    km_age: firstNumber("km_age", KM_AGE, [data.km_age], report),
    transfers: readTransfers(context.extra, data.transfers, report),
    first_registration: registration.date?.date ?? null,
    first_registration_precision: registration.date?.precision ?? null,
    never_registered: marker(registration.neverRegistered),
    offer_created: created?.date ?? null,
    ...readSeller(context),
    section: section.code,
    ...rawOf("section", section),
    color: color.code,
    ...rawOf("color", color),
    address: publicName(rawPlace, MAX_ADDRESS_LENGTH),
    place,
    province: place.province?.en ?? null,
    city: place.city?.en ?? null,
    district: place.district?.en ?? null,
  };
}

/** Memoised with its issues, because addresses repeat. */
const readPlace = (raw: unknown, report: ReportIssue): Places =>
  reported(typeof raw === "string" ? placeOfText(raw) : placeOf(raw), report);

const placeOf = (raw: unknown) => collected((report) => parsePlace(raw, report));
const placeOfText = memo(placeOf);

function withoutNoPrice(raw: unknown): unknown {
  return typeof raw === "string" && NO_PRICE.test(raw.trim()) ? null : raw;
}

/** Seller type and dealer flag fill each other, and the URL fills both; when they disagree the flag wins. */
function readSeller(context: ParseContext) {
  const { data, report } = context;
  const flag = parseFlag(data.is_dealer, report, "is_dealer");
  const seller = parseCategory("seller_type", { texts: [data.seller_type] }, context);
  const stated = seller.code === "dealer" ? true : seller.code === "private" ? false : null;
  const inUrl = typeof data.url === "string" && DEALER_PATH.test(data.url.slice(0, 500)) ? true : null;
  const isDealer = flag ?? stated ?? inUrl;
  if (flag !== null && stated !== null && flag !== stated) {
    report("seller_type", "conflict", data.seller_type);
  }
  return { is_dealer: isDealer, ...sellerType(seller, isDealer) };
}

/** The flag decides, unless the type is more specific than dealer or private. */
function sellerType(seller: CategoryReading, isDealer: boolean | null) {
  const isSpecific = seller.code !== null && !["dealer", "private", "unknown", "other"].includes(seller.code);
  const code = isDealer === null || isSpecific ? seller.code : isDealer ? "dealer" : "private";
  return { seller_type: code, ...rawOf("seller_type", seller) };
}
