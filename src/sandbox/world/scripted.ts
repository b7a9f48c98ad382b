import type { Listings } from "../listings/listings.ts";
import type { SandboxSource } from "../types.ts";
import { createCatalogue, factsOf } from "./catalogue.ts";
import { createFeed } from "./change-feed.ts";
import type { Days } from "./feed-days.ts";
import { type Copy, innerIdOfRecord, isObject, merge } from "./replay.ts";
import { appendTo, replay, type World } from "./world.ts";

const text = (value: unknown) => [Buffer.from(JSON.stringify(value) ?? "null")];

/** A test's own listings, of any shape. */
function scriptedListings(records: readonly unknown[]): Listings {
  const numbers = new Map<string, number>();
  for (const [index, record] of records.entries()) {
    const innerId = innerIdOfRecord(record);
    if (innerId !== undefined && !numbers.has(innerId)) {
      numbers.set(innerId, index);
    }
  }
  const dataOf = (index: number) => {
    const record = records[index];
    return isObject(record) ? record.data : undefined;
  };
  return {
    innerId: (index) => innerIdOfRecord(records[index]) ?? "",
    indexOf: (innerId) => numbers.get(innerId),
    data(index, patch) {
      const data = dataOf(index);
      return text(patch ? merge(isObject(data) ? data : {}, patch) : data);
    },
    names(index, patch = {}) {
      const data = dataOf(index);
      return Object.keys(isObject(data) ? merge(data, patch) : patch);
    },
    record(index, patch) {
      const record = records[index];
      if (!patch || !isObject(record)) {
        return text(record);
      }
      const data = isObject(record.data) ? record.data : {};
      return text(merge(record, { data: merge(data, patch) }));
    },
    facts(index, patch) {
      const data = dataOf(index);
      return isObject(data) ? factsOf(patch ? merge(data, patch) : data) : undefined;
    },
  };
}

/** Response of `/filters` for records of any shape: marks with their models, and the categories in use. */
function filtersOf(records: readonly unknown[]): object {
  const all = records.flatMap((record) => (isObject(record) && isObject(record.data) ? [record.data] : []));
  const words = (key: string) =>
    [...new Set(all.map((data) => data[key]).filter((value) => typeof value === "string"))].sort();
  const models = (mark: string) =>
    [...new Set(all.filter((data) => data.mark === mark).map((data) => String(data.model ?? "")))].sort();
  const categories = ["transmission_type", "color", "body_type", "engine_type", "drive_type"];
  return {
    mark: Object.fromEntries(words("mark").map((mark) => [mark, { model: models(mark) }])),
    ...Object.fromEntries(categories.map((key) => [key, words(key)])),
  };
}

/** Creates a scripted world; see SandboxSource for which changes are applied. */
export function createScriptedWorld(
  source: SandboxSource,
  options: { days: Days; retentionMs: number | undefined; now: () => number },
): World {
  const listings = scriptedListings(source.offers);
  const catalogue = createCatalogue(listings, source.offers.length);
  const feed = createFeed(options);
  const { days, now } = options;
  for (const { id, date, record } of source.changes) {
    const pieces = text(record);
    feed.append({ id, day: date, at: days.start(date), text: () => pieces });
  }
  const single = source.offer?.bind(source);

  return {
    catalogue,
    feed,
    filters: () => filtersOf(source.offers),
    offer(innerId) {
      if (!single) {
        return catalogue.data(innerId);
      }
      const data = single(innerId);
      return data === undefined ? undefined : text(data);
    },
    append: appendTo(feed, catalogue, days, now),
    advance() {
      throw new Error("A scripted sandbox generates no changes; use appendChanges");
    },
    current() {
      const copy = new Map<string, Copy>();
      for (const record of source.offers) {
        const innerId = innerIdOfRecord(record);
        if (innerId === undefined || copy.has(innerId) || !isObject(record) || !isObject(record.data)) {
          continue;
        }
        copy.set(innerId, { data: structuredClone(record.data), active: true });
      }
      return replay(copy, feed, single);
    },
  };
}
