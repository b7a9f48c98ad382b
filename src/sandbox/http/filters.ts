import type { Label } from "../data/labels.ts";
import type { Facts } from "../listings/listings.ts";

/** Filters of `/offers`. Ranges include both ends; an absent end is open. */
export interface OfferFilters {
  readonly texts: ReadonlyMap<TextFilter, string>;
  readonly ranges: readonly { readonly fact: RangeFact; readonly from: number; readonly to: number }[];
}

const TEXTS = [
  "mark",
  "model",
  "color",
  "body_type",
  "engine_type",
  "transmission_type",
  "drive_type",
] as const;
const RANGES = { year: "year", km_age: "kmAge", price: "price" } as const;

type TextFilter = (typeof TEXTS)[number];
type RangeFact = (typeof RANGES)[keyof typeof RANGES];

/** An invalid parameter: the service responds 422. */
export class ParameterError extends Error {}

/**
 * Reads the filters of `/offers`; undefined when there are none.
 * @throws ParameterError when the end of a range is not a number
 */
export function readOfferFilters(query: URLSearchParams): OfferFilters | undefined {
  const texts = new Map<TextFilter, string>();
  for (const name of TEXTS) {
    const value = query.get(name)?.trim();
    if (value) {
      texts.set(name, value.toLowerCase());
    }
  }
  const ranges = Object.entries(RANGES).flatMap(([name, fact]) => {
    const [from, to] = (["from", "to"] as const).map((end) => {
      const text = query.get(`${name}_${end}`);
      if (text === null || text === "") {
        return end === "from" ? -Infinity : Infinity;
      }
      if (!/^\d+(\.\d+)?$/.test(text)) {
        throw new ParameterError(`${name}_${end} must be a number`);
      }
      return Number(text);
    });
    const isOpen = from === -Infinity && to === Infinity;
    return isOpen ? [] : [{ fact, from: from as number, to: to as number }];
  });
  return texts.size + ranges.length > 0 ? { texts, ranges } : undefined;
}

/** Whether the label has this text in any language; case is ignored. */
function hasText(label: Label, value: string): boolean {
  return [label.ru, label.en, label.zh].some((text) => text.toLowerCase() === value);
}

/** Whether a listing passes all filters. */
export function passesFilters({ texts, ranges }: OfferFilters, facts: Facts): boolean {
  for (const [name, value] of texts) {
    const fits = {
      mark: () => facts.mark.toLowerCase() === value,
      model: () => facts.model.toLowerCase() === value,
      color: () => hasText(facts.color, value),
      body_type: () => hasText(facts.body, value),
      engine_type: () => hasText(facts.engine, value),
      transmission_type: () => hasText(facts.gearbox, value),
      drive_type: () => hasText(facts.drive, value),
    }[name];
    if (!fits()) {
      return false;
    }
  }
  return ranges.every(({ fact, from, to }) => facts[fact] >= from && facts[fact] <= to);
}
