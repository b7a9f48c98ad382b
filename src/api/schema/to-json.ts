import type { EventsPage } from "../../events/index.ts";
import { type FieldName, fieldOf, type Language } from "../../listing/fields.ts";
import type { Facets, NestedCount } from "../facets/count-facets.ts";
import type { PictureAddresses } from "../images/picture-addresses.ts";
import type { CardPage, StoredOffer } from "../query/read-offers.ts";
import { type Labels, listingLabels } from "./labels.ts";

// Responses are assembled as text: JSON that PostgreSQL wrote is passed on, not parsed and serialised again. Pure.

type Json = Readonly<Record<string, unknown>>;

/** Parts that complete a listing's JSON. */
export interface ListingAdditions {
  readonly labels: Labels;
  readonly pictures: Pick<PictureAddresses, "fill">;
  /** Adds import costs. */
  readonly withEstimate?: ((listing: Json) => Json) | undefined;
}

/**
 * Adds what is asked for to a listing. Labels are appended to its text: to write the rest of it again takes as long as to
 * make them.
 *
 * @param pieces the JSON of the listing
 */
function completed(
  pieces: readonly string[],
  lang: Language | undefined,
  { labels, withEstimate }: ListingAdditions,
): readonly string[] {
  if (lang === undefined && withEstimate === undefined) {
    return pieces;
  }
  const parsed = JSON.parse(pieces.join("")) as Json;
  const listing = withEstimate?.(parsed) ?? parsed;
  const texts = withEstimate === undefined ? pieces : [JSON.stringify(listing)];
  if (lang === undefined) {
    return texts;
  }
  const end = texts.at(-1) ?? "";
  const added = JSON.stringify(listingLabels(listing, lang, labels));
  return [...texts.slice(0, -1), end.slice(0, -1), `,"labels":${added}}`];
}

/** A whole listing, in pieces. */
export function offerToJson(
  { envelope, document, pictures, priceHistory }: StoredOffer,
  lang: Language | undefined,
  parts: ListingAdditions,
): readonly string[] {
  const pieces = [
    parts.pictures.fill(envelope, pictures).slice(0, -1),
    ",",
    document.slice(1, -1),
    ',"price_history":',
    JSON.stringify(priceHistory),
    "}",
  ];
  return completed(pieces, lang, parts);
}

/** A page of listings, in pieces. */
export function pageToJson(page: CardPage, lang: Language | undefined, parts: ListingAdditions): string[] {
  const pieces = ['{"result":['];
  const isPlain = lang === undefined && parts.withEstimate === undefined;
  for (const item of page.items) {
    if (pieces.length > 1) {
      pieces.push(",");
    }
    const filled = parts.pictures.fill(item);
    if (isPlain) {
      pieces.push(filled);
    } else {
      pieces.push(...completed([filled], lang, parts));
    }
  }
  pieces.push(`],"meta":${JSON.stringify(page.meta)}}`);
  return pieces;
}

/**
 * A page of events, in pieces.
 *
 * @param listings the present listings by `inner_id`, to be included
 */
export function changesToJson(
  { events, nextAfter, latest }: EventsPage,
  listings: ReadonlyMap<string, StoredOffer> | undefined,
  parts: ListingAdditions,
): string[] {
  const pieces = ['{"result":['];
  for (const [index, event] of events.entries()) {
    const text = JSON.stringify(event);
    pieces.push(index === 0 ? "" : ",");
    if (listings === undefined) {
      pieces.push(text);
    } else {
      const listing = listings.get(event.inner_id);
      const json = listing === undefined ? ["null"] : offerToJson(listing, undefined, parts);
      pieces.push(text.slice(0, -1), ',"listing":', ...json, "}");
    }
  }
  pieces.push('],"meta":', JSON.stringify({ next_after: nextAfter, latest }), "}");
  return pieces;
}

/**
 * The values of `GET /filters`.
 *
 * @param corrected the text that was searched for instead of `q`
 */
export function filtersToJson(
  { groups, flags, ranges, total }: Facets,
  lang: Language | undefined,
  labels: Labels,
  corrected?: string,
): string {
  const withLabel = <T extends object>(count: T, labelIn: (lang: Language) => string | undefined): T => {
    const label = lang === undefined ? undefined : labelIn(lang);
    return label === undefined ? count : { ...count, label };
  };
  const modelsOf = Map.groupBy(groups.model ?? [], ({ parent }) => parent);
  const group = (name: string, counts: readonly NestedCount[]): unknown[] => {
    if (name === "mark") {
      return counts.map(({ value, count }) => ({
        ...withLabel({ value, count }, (language) => labels.labelOf("mark", value, language)),
        models: (modelsOf.get(value) ?? []).map((model) => ({ value: model.value, count: model.count })),
      }));
    }
    if (name === "province") {
      return counts.map(({ value, count }) =>
        withLabel({ value, count }, (language) => labels.placesOf({ province: value }, language).province),
      );
    }
    if (name === "city") {
      return counts.map(({ value, count, parent }) =>
        withLabel(
          { value, count, province: parent },
          (language) => labels.placesOf({ province: parent, city: value }, language).city,
        ),
      );
    }
    const isNumber = fieldOf(name as FieldName).kind === "int";
    return counts.map(({ value, count }) =>
      withLabel({ value: isNumber ? Number(value) : value, count }, (language) =>
        labels.labelOf(name, value, language),
      ),
    );
  };
  return JSON.stringify({
    ...Object.fromEntries(
      Object.entries(groups).flatMap(([name, counts]) =>
        name === "model" ? [] : [[name, group(name, counts)] as const],
      ),
    ),
    ...Object.fromEntries(
      Object.entries(flags).map(([name, counts]) => [
        name,
        [
          { value: true, count: counts.true },
          { value: false, count: counts.false },
        ],
      ]),
    ),
    ranges,
    total,
    meta: corrected === undefined ? undefined : { corrected },
  });
}
