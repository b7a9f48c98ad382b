import type { EventsPage } from "../../events/index.ts";
import type { PictureAddresses } from "../images/picture-addresses.ts";
import type { Language } from "../query/parameters.ts";
import { COUNTED, type Count, type Facets } from "../query/read-filters.ts";
import type { OffersPage } from "../query/read-offers.ts";
import { type Labels, listingLabels } from "./labels.ts";

// Responses are assembled as text: JSON that PostgreSQL wrote is passed on, not parsed and serialised again. Pure.

type Json = Readonly<Record<string, unknown>>;

const withLabels = (listing: Json, lang: Language, labels: Labels) => ({
  ...listing,
  labels: listingLabels(listing, lang, labels),
});

/** What a listing's JSON is completed with. */
export interface ListingParts {
  readonly labels: Labels;
  readonly pictures: Pick<PictureAddresses, "fill">;
}

/** One listing. */
export function offerToJson(
  offer: string,
  lang: Language | undefined,
  { labels, pictures }: ListingParts,
): string {
  const filled = pictures.fill(offer);
  return lang === undefined ? filled : JSON.stringify(withLabels(JSON.parse(filled) as Json, lang, labels));
}

/** A page of listings, in pieces. */
export function pageToJson(page: OffersPage, lang: Language | undefined, parts: ListingParts): string[] {
  const pieces = ['{"result":['];
  for (const [index, item] of page.items.entries()) {
    pieces.push(index === 0 ? "" : ",", offerToJson(item, lang, parts));
  }
  pieces.push('],"meta":', JSON.stringify(page.meta), "}");
  return pieces;
}

/**
 * A page of events, in pieces.
 *
 * @param listings the present listings by `inner_id`, to be included
 */
export function changesToJson(
  { events, nextAfter, latest }: EventsPage,
  listings: ReadonlyMap<string, string> | undefined,
  parts: ListingParts,
): string[] {
  const pieces = ['{"result":['];
  for (const [index, event] of events.entries()) {
    const text = JSON.stringify(event);
    pieces.push(index === 0 ? "" : ",");
    if (listings === undefined) {
      pieces.push(text);
    } else {
      const listing = listings.get(event.inner_id);
      const json = listing === undefined ? "null" : offerToJson(listing, undefined, parts);
      pieces.push(text.slice(0, -1), ',"listing":', json, "}");
    }
  }
  pieces.push('],"meta":', JSON.stringify({ next_after: nextAfter, latest }), "}");
  return pieces;
}

/** The values of `GET /filters`. */
export function filtersToJson(facets: Facets, lang: Language | undefined, labels: Labels): string {
  const labelled = <T extends Count>(count: T, labelIn: (lang: Language) => string | undefined) => {
    const label = lang === undefined ? undefined : labelIn(lang);
    return label === undefined ? count : { ...count, label };
  };
  const coded = (category: string, counts: readonly Count[]) =>
    counts.map((count) => labelled(count, (language) => labels.labelOf(category, count.value, language)));
  return JSON.stringify({
    mark: facets.marks.map(({ value, count, models }) => ({
      ...labelled({ value, count }, (language) => labels.labelOf("mark", value, language)),
      models,
    })),
    ...Object.fromEntries(COUNTED.map((column) => [column, coded(column, facets.counts[column])])),
    province: facets.provinces.map((count) =>
      labelled(count, (language) => labels.placesOf({ province: count.value }, language).province),
    ),
    city: facets.cities.map((count) =>
      labelled(
        count,
        (language) => labels.placesOf({ province: count.province, city: count.value }, language).city,
      ),
    ),
    ranges: facets.ranges,
    total: facets.total,
  });
}
