import type { GeneratedListings } from "../listings/listings.ts";
import { newDescription, type RawFields } from "../listings/make-listing.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Feed } from "./change-feed.ts";
import type { Days } from "./feed-days.ts";
import { fractionOf, hash } from "./random.ts";

type Kind = "added" | "changed" | "removed";

/** Of 20 changes, 3 are `added`, 3 `removed` and 14 `changed`. */
const BLOCK = 20;
const MOVES = 6;

/**
 * Kind of the change number `ordinal`. In each block of 20, additions and removals alternate, starting with an addition,
 * so that the catalogue never gets smaller than at the block's start and has the same size at its end.
 */
export function kindOf(seed: number, ordinal: number): Kind {
  const block = Math.floor(ordinal / BLOCK);
  const slot = ordinal % BLOCK;
  const rank = (of: number) => hash(seed + 1, block * BLOCK + of);
  const slots = Array.from({ length: BLOCK }, (_, of) => of).sort((a, b) => rank(a) - rank(b) || a - b);
  const moves = slots.slice(0, MOVES).sort((a, b) => a - b);
  const turn = moves.indexOf(slot);
  if (turn < 0) {
    return "changed";
  }
  return turn % 2 === 0 ? "added" : "removed";
}

/** Growth of the catalogue after the first `count` changes: 0 or 1. */
export function growth(seed: number, count: number): number {
  let sum = 0;
  for (let ordinal = count - (count % BLOCK); ordinal < count; ordinal += 1) {
    const kind = kindOf(seed, ordinal);
    if (kind !== "changed") {
      sum += kind === "added" ? 1 : -1;
    }
  }
  return sum;
}

/** Fields of a `changed`: the price or, with `all`, sometimes mileage, text, pictures or several of them. */
export type ChangedFields = "price" | "all";

function newFields(
  draw: (salt: number) => number,
  price: number,
  kmAge: number,
  asText: boolean,
  changed: ChangedFields,
): RawFields {
  const kind = changed === "price" ? 0 : fractionOf(draw(10));
  const value = (amount: number) => (asText && draw(11) % 4 > 0 ? String(amount) : amount);
  const factor =
    fractionOf(draw(12)) < 0.85 ? 0.9 + fractionOf(draw(13)) * 0.09 : 1.01 + fractionOf(draw(13)) * 0.04;
  const fields: RawFields = {};
  if (kind < 0.72 || kind > 0.95) {
    fields.new_price = value(Math.max(2_000, Math.round((price * factor) / 100) * 100));
  }
  if (kind >= 0.62 && kind < 0.82) {
    fields.new_km_age = value(kmAge + 1 + (draw(14) % 400));
  }
  if ((kind >= 0.82 && kind < 0.92) || kind > 0.95) {
    fields.new_description = newDescription(draw(15));
  }
  if (kind >= 0.92) {
    const image = (of: number) =>
      `https://2sc2.autoimg.cn/escimg/auto/g31/M05/1024x768_c42_autohomecar__Cht${draw(20 + of).toString(36)}.jpg.webp`;
    fields.new_images = Array.from({ length: 3 + (draw(16) % 4) }, (_, of) => image(of));
  }
  return fields;
}

/**
 * Generates changes, applies each to the catalogue and appends it to the feed.
 * @returns generates the next change, at a time in milliseconds
 */
export function createChanges(world: {
  seed: number;
  listings: GeneratedListings;
  catalogue: Catalogue;
  feed: Feed;
  days: Days;
  /** Number of the next new listing. */
  nextListing: number;
  changedFields: ChangedFields;
}): (at: number) => void {
  const { seed, listings, catalogue, feed, days, changedFields } = world;
  let next = world.nextListing;
  let ordinal = 0;
  const gone: number[] = [];
  const recent: number[] = [];

  const choose = (draw: number) => catalogue.at(draw % catalogue.size);

  function append(at: number, index: number, kind: Kind, data: (() => Buffer[]) | unknown): void {
    const head = {
      id: feed.lastId + 1,
      inner_id: listings.innerId(index),
      change_type: kind,
      created_at: days.iso(at),
    };
    const entry = { id: head.id, day: days.of(at), at };
    if (typeof data === "function") {
      const before = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"data":`);
      feed.append({ ...entry, text: () => [before, ...data(), Buffer.from("}")] });
    } else {
      const record = JSON.stringify({ ...head, data });
      feed.append({ ...entry, text: () => [Buffer.from(record)] });
    }
  }

  function addOne(at: number, draw: (salt: number) => number): void {
    const back = draw(1) % 8 === 0 ? gone.shift() : undefined;
    const index = back !== undefined && !catalogue.has(back) ? back : next;
    if (index === next) {
      listings.appear(index, at);
      next += 1;
    }
    catalogue.add(index);
    append(at, index, "added", catalogue.snapshot(index));
  }

  function changeOne(at: number, draw: (salt: number) => number): void {
    const again = recent[draw(2) % 16];
    const index = again !== undefined && catalogue.has(again) ? again : choose(draw(3));
    const facts = listings.facts(index, catalogue.patchOf(index));
    const { shape } = listings.draft(index);
    const fields = newFields(
      draw,
      facts?.price || 50_000,
      facts?.kmAge || 0,
      shape === "mixed",
      changedFields,
    );
    const entries = Object.entries(fields).map(([key, value]) => [key.slice(4), value] as const);
    catalogue.patch(index, Object.fromEntries(entries));
    recent.unshift(index);
    recent.length = Math.min(recent.length, 4);
    append(at, index, "changed", fields);
  }

  function removeOne(at: number, draw: (salt: number) => number): void {
    const index = choose(draw(3));
    catalogue.remove(index);
    gone.push(index);
    append(at, index, "removed", [{}, null, undefined][draw(4) % 3]);
  }

  return (at) => {
    const draw = (salt: number) => hash(hash(seed + 3, ordinal), salt);
    const kind = kindOf(seed, ordinal);
    if (kind === "added") {
      addOne(at, draw);
    }
    // Without listings, nothing can change or be removed.
    else if (catalogue.size > 0) {
      (kind === "changed" ? changeOne : removeOne)(at, draw);
    }
    ordinal += 1;
  };
}
