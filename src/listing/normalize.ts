import type { Listing } from "./listing.ts";
import { maskPersonal } from "./parse/personal.ts";
import { textOf } from "./parse/served.ts";
import { shorten } from "./parse/text.ts";
import { parseBareTrim, parseModelYear, parseTrim, type TrimReading } from "./parse/trim.ts";
import type { Source } from "./parse-context.ts";
import { readBody } from "./sections/body.ts";
import { readDrivetrain } from "./sections/drivetrain.ts";
import { readEngineSection } from "./sections/engine.ts";
import { readIdentity } from "./sections/identity.ts";
import { readOffer } from "./sections/offer.ts";
import { readPerformance } from "./sections/performance.ts";
import { decoded, readSpecifications, type Specifications } from "./specifications.ts";
import type { Issue, Report } from "./types.ts";
import { compileVocabulary, type UserVocabulary } from "./vocabulary/index.ts";

/** How a listing is normalised. */
export interface NormalizeOptions {
  /** The present moment: nothing is dated later. @default the clock */
  now?: Date | undefined;
  /** A user's spellings and codes, laid over ours. Compiled once for each object, which must not change. */
  vocabulary?: UserVocabulary | undefined;
  /** False leaves the VIN out. @default true */
  serveVin?: boolean | undefined;
}

/** A canonical listing, and what could not be taken as it came. */
export interface NormalizedListing {
  listing: Listing;
  issues: Issue[];
}

type Json = Readonly<Record<string, unknown>>;

/** More issues than this tell nothing new. */
const MAX_ISSUES = 100;

/**
 * The canonical form of a listing's `data`, in any of the feed's shapes. Pure; throws for no JSON whatever. What
 * cannot be read is null with an issue; nothing personal is in the result, not even in the issues.
 *
 * @example normalizeListing({ mark: "奔驰", price: "18.98万元" }).listing.price // 189800
 */
export function normalizeListing(data: unknown, options: NormalizeOptions = {}): NormalizedListing {
  const issues: Issue[] = [];
  const report = reporterTo(issues);
  const vocabulary = compileVocabulary(options.vocabulary);
  const now = options.now ?? new Date();
  const fields = recordOf(decoded(data)) ?? {};
  const extra = recordOf(decoded(fields.extra));
  const specs = readSpecifications(fields, extra, vocabulary, report);
  const trim = readTrim(fields, specs, report, now);
  const source: Source = { data: fields, extra, specs, trim, vocabulary, report, now };
  const listing: Listing = {
    ...readIdentity(source, options.serveVin ?? true),
    ...readOffer(source),
    ...readEngineSection(source),
    ...readPerformance(source),
    ...readDrivetrain(source),
    ...readBody(source),
  };
  return { listing, issues };
}

/** Collects issues; the values that they quote are short and masked. */
function reporterTo(issues: Issue[]): Report {
  return (field, code, value) => {
    if (issues.length >= MAX_ISSUES) return;
    issues.push({ field, code, value: quoted(value) });
  };
}

/** Masked before it is cut, so that no half of a telephone number is left over. */
function quoted(value: unknown): unknown {
  // JSON knows no -0.
  if (typeof value === "number") return value + 0;
  if (typeof value !== "string") return shorten(value);
  if (value.length <= MAX_QUOTED_LENGTH) return shorten(maskPersonal(value));
  return shorten(maskPersonal(value.slice(0, MAX_QUOTED_LENGTH)).slice(0, -MAX_PERSONAL_LENGTH));
}

const MAX_QUOTED_LENGTH = 1000;
const MAX_PERSONAL_LENGTH = 200;

/** Every part and fact from the best text that tells it: the full name, the configuration, the title. */
function readTrim(data: Json, specs: Specifications, report: Report, now: Date): TrimReading {
  const title = textOf(data.title) ?? textOf(data.car_name);
  const configured = specs.trim === null ? null : parseTrim(specs.trim, report, now);
  const readings = [
    parseTrim(textOf(specs.own("model_name")) ?? "", report, now),
    // A configuration is a trim even without series and year: `125i`.
    configured?.trim === null ? parseBareTrim(specs.trim ?? "") : configured,
    title === null ? null : parseTrim(title, report, now),
  ];
  const best = readings.filter((reading) => reading !== null).reduce(completed);
  return { ...best, model_year: best.model_year ?? parseModelYear(data.model_year, report, now) };
}

/** A reading with what another, less good one says beyond it. */
function completed(reading: TrimReading, other: TrimReading): TrimReading {
  const both: Record<string, unknown> = { ...reading };
  for (const [key, value] of Object.entries(other)) both[key] ??= value;
  return both as unknown as TrimReading;
}

function recordOf(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
