import { type CustomsFacts, customsFacts } from "./customs-facts.ts";
import type { Listing } from "./listing.ts";
import { memo } from "./memo.ts";
import { maskPersonal } from "./parse/personal/personal.ts";
import { decoded } from "./parse/raw-values.ts";
import { shorten } from "./parse/text.ts";
import type { ParseContext } from "./parse-context.ts";
import { readIdentity } from "./sections/identity.ts";
import { readOffer } from "./sections/offer.ts";
import { readSpecifications } from "./specifications.ts";
import type { Issue, ReportIssue } from "./types.ts";
import { readVehicle } from "./vehicle.ts";
import { compileVocabulary, type UserVocabulary } from "./vocabulary/index.ts";

/** How a listing is normalised. */
export interface NormalizeOptions {
  /** Current time: later dates are rejected. @default the clock */
  readonly now?: Date | undefined;
  /** Spellings and codes that override the built-in ones. Compiled once per object, which must not change. */
  readonly vocabulary?: UserVocabulary | undefined;
  /** False omits the VIN. @default true */
  readonly serveVin?: boolean | undefined;
}

/** A canonical listing with the values that were rejected or corrected. */
export interface NormalizedListing {
  readonly listing: Listing;
  readonly issues: Issue[];
}

type Json = Readonly<Record<string, unknown>>;

/** Further issues are dropped. */
const MAX_ISSUES = 100;

/**
 * The canonical form of a listing's `data`, in any of the feed's shapes. Pure. Never throws for any JSON. A value
 * that cannot be read is null with an issue. The result, issues included, contains no personal data.
 *
 * @example normalizeListing({ mark: "奔驰", price: "18.98万元" }).listing.price // 189800
 */
export function normalizeListing(data: unknown, options: NormalizeOptions = {}): NormalizedListing {
  const { vehicle, own, issues } = normalizeParts(data, options);
  return { listing: { ...vehicle, ...own }, issues };
}

/** A canonical listing in two parts. */
export interface ListingParts {
  /** Facts about the vehicle. Listings that have them from the same specification share the object. */
  readonly vehicle: Readonly<Omit<Listing, OwnField>>;
  readonly own: Readonly<Pick<Listing, OwnField>>;
  readonly issues: Issue[];
}

type OwnField = keyof (ReturnType<typeof readIdentity> & ReturnType<typeof readOffer> & CustomsFacts);

/** As {@link normalizeListing}, with what listings share apart from what is the listing's own. */
export function normalizeParts(data: unknown, options: NormalizeOptions): ListingParts {
  const issues: Issue[] = [];
  const report = reporterTo(issues);
  const vocabulary = compileVocabulary(options.vocabulary);
  const now = options.now ?? new Date();
  const fields = recordOf(decoded(data)) ?? {};
  const extra = recordOf(decoded(fields.extra));
  const specs = readSpecifications(fields, extra, vocabulary, report);
  const { trim, vehicle } = readVehicle({ data: fields, specs, vocabulary, report, now });
  const context: ParseContext = { data: fields, extra, specs, trim, vocabulary, report, now };
  const identity = readIdentity(context, options.serveVin ?? true);
  const offer = readOffer(context);
  return { vehicle, own: { ...identity, ...offer, ...customsFacts(vehicle, offer) }, issues };
}

/** Collects issues; quoted values are shortened and masked. */
function reporterTo(issues: Issue[]): ReportIssue {
  return (field, code, value) => {
    if (issues.length >= MAX_ISSUES) {
      return;
    }
    issues.push({ field, code, value: quoted(value) });
  };
}

/** Masks before cutting, because half a phone number is not recognised. */
function quoted(value: unknown): unknown {
  // JSON has no -0.
  if (typeof value === "number") {
    return value + 0;
  }
  if (typeof value !== "string") {
    return shorten(value);
  }
  if (value.length <= MAX_QUOTED_LENGTH) {
    return shorten(maskShort(value));
  }
  return shorten(maskPersonal(value.slice(0, MAX_QUOTED_LENGTH)).slice(0, -MAX_PERSONAL_LENGTH));
}

const maskShort = memo(maskPersonal);
const MAX_QUOTED_LENGTH = 1000;
const MAX_PERSONAL_LENGTH = 200;

function recordOf(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
