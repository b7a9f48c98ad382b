import type { Language } from "../query/parameters.ts";
import type { OffersPage } from "../query/read-offers.ts";
import { type Labels, listingLabels } from "./labels.ts";

// Answers are put together as text: what PostgreSQL wrote as JSON is passed on, not read and written again.

type Json = Readonly<Record<string, unknown>>;

const withLabels = (listing: Json, lang: Language, labels: Labels) => ({
  ...listing,
  labels: listingLabels(listing, lang, labels),
});

/** A page of listings as JSON, in pieces. Pure. */
export function presentPage(page: OffersPage, lang: Language | undefined, labels: Labels): string[] {
  const pieces = ['{"result":['];
  for (const [index, item] of page.items.entries()) {
    const shown =
      lang === undefined ? item : JSON.stringify(withLabels(JSON.parse(item) as Json, lang, labels));
    pieces.push(index === 0 ? "" : ",", shown);
  }
  pieces.push('],"meta":', JSON.stringify(page.meta), "}");
  return pieces;
}

/** One listing as JSON. Pure. */
export function presentOffer(offer: string, lang: Language | undefined, labels: Labels): string {
  return lang === undefined ? offer : JSON.stringify(withLabels(JSON.parse(offer) as Json, lang, labels));
}
