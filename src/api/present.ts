import { type Labels, listingLabels } from "./labels.ts";
import type { Language } from "./parameters.ts";
import type { OffersPage } from "./store-offers.ts";

// Answers are put together as text: what PostgreSQL wrote as JSON is passed on, not read and written again.

/** Adds members to a JSON object that is there as text. */
function withMembers(object: string, members: string): string {
  return object === "{}" ? `{${members}}` : `${object.slice(0, -1)},${members}}`;
}

function withLabels(object: string, lang: Language | undefined, labels: Labels): string {
  if (lang === undefined) {
    return object;
  }
  const found = listingLabels(JSON.parse(object) as Record<string, unknown>, lang, labels);
  return withMembers(object, `"labels":${JSON.stringify(found)}`);
}

/** A page of listings as JSON. Pure. */
export function presentPage(page: OffersPage, lang: Language | undefined, labels: Labels): string {
  const items = page.items.map((item) => withLabels(item, lang, labels));
  return `{"result":[${items.join(",")}],"meta":${JSON.stringify(page.meta)}}`;
}

/** One listing as JSON: what is known of its row, then everything canonical. Pure. */
export function presentOffer(
  row: { envelope: string; listing: string },
  lang: Language | undefined,
  labels: Labels,
): string {
  const { envelope, listing } = row;
  const whole = listing === "{}" ? envelope : `${envelope.slice(0, -1)},${listing.slice(1)}`;
  return withLabels(whole, lang, labels);
}
