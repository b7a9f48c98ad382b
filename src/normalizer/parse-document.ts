import { LRUCache } from "lru-cache";

/** Parses the document of a raw row; the parts that `normalizeListing` takes as JSON text stay text. */
export type ParseDocument = (text: string) => unknown;

/**
 * The parts that listings share: a specification belongs to a model year, equipment to a trim. `normalizeListing` takes JSON
 * text in place of the value and keeps its reading.
 */
const SHARED: readonly (readonly string[])[] = [
  ["extra", "option", "displayopts"],
  ["extra", "option", "moreoptions"],
  ["extra", "configuration"],
  ["configuration"],
];
/** Each listing has its own, and only one value of it is read. */
const INSPECTION = "inspection";
const PARTS = [...SHARED, ["extra", INSPECTION]];
const KEYS = [...new Set(PARTS.map((path) => path.at(-1) ?? ""))];

/** Length of the start of a part by which known parts are found; it includes the `specid` of a specification. */
const HEAD_LENGTH = 60;
/** Known parts with the same start that are compared. */
const MAX_SAME_HEAD = 16;
/** Of all known parts together, two bytes each. */
const MAX_CHARACTERS = 16_000_000;
/** What an entry takes besides its parts, in characters. */
const ENTRY_SIZE = 300;

/** Replaces a part while the rest is parsed: `jsonb` cannot contain U+0000. */
const placeholderOf = (index: number): string => `\0${index}`;

/**
 * Creates a parser of documents as PostgreSQL prints `jsonb`. Parts that occurred before are recognised by comparing their
 * text, which takes a fraction of the time of parsing it. In a scan for the end of a part or in `JSON.parse`, that text would
 * be most of the work.
 */
export function createDocumentParser(): ParseDocument {
  const known = new LRUCache<string, readonly string[]>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (parts) => parts.reduce((size, part) => size + part.length, ENTRY_SIZE),
  });

  /**
   * The object or array at `start`: the known text if there is one, whose hash does not have to be computed again. Undefined
   * when nothing with the same start occurred before, because cutting it out would be wasted if it is the only one.
   */
  const partAt = (text: string, start: number): string | undefined => {
    const head = text.slice(start, start + HEAD_LENGTH);
    const parts = known.get(head);
    if (parts === undefined) {
      known.set(copied(head), []);
      return undefined;
    }
    // Faster than `startsWith`, which compares character by character.
    const same = parts.find((part) => text.slice(start, start + part.length) === part);
    if (same !== undefined) {
      return same;
    }
    const part = copied(text.slice(start, endOfValue(text, start)));
    known.set(copied(head), [part, ...parts.slice(0, MAX_SAME_HEAD - 1)]);
    return part;
  };

  return (text) => {
    const parts: string[] = [];
    let rest = "";
    let end = 0;
    let members = KEYS.flatMap((key) => memberAfter(text, key, 0));
    for (;;) {
      const next = members.reduce(earlier, undefined);
      if (next === undefined) {
        break;
      }
      const { key, start } = next;
      members = members.filter((member) => member !== next);
      const part = key === INSPECTION ? text.slice(start, endOfValue(text, start)) : partAt(text, start);
      if (part === undefined) {
        continue;
      }
      rest += `${text.slice(end, start)}"\\u0000${parts.length}"`;
      parts.push(part);
      end = start + part.length;
      // The first one of each name; one that was inside of the part was none of its own.
      members = members.flatMap((member) =>
        member.start < end ? memberAfter(text, member.key, end) : member,
      );
    }
    const document: unknown = JSON.parse(parts.length === 0 ? text : rest + text.slice(end));
    return parts.length === putBack(document, parts) ? document : JSON.parse(text);
  };
}

/** A copy of its own: V8's substrings keep the whole text that they were cut from. */
const copied = (text: string): string => structuredClone(text);

/** A member of any object, by its name and the position of its value. */
interface Member {
  readonly key: string;
  readonly start: number;
}

const earlier = (first: Member | undefined, member: Member): Member =>
  first === undefined || member.start < first.start ? member : first;

/** The first member with this name, if its value is an object or array. */
function memberAfter(text: string, key: string, from: number): Member | [] {
  // In a string the quotes would be escaped, so this is the name of a member.
  const name = `"${key}": `;
  const found = text.indexOf(name, from);
  const start = found + name.length;
  return found !== -1 && (text[start] === "{" || text[start] === "[") ? { key, start } : [];
}

/** Replaces placeholders by their parts where parts belong; returns how many. */
function putBack(document: unknown, parts: readonly string[]): number {
  let count = 0;
  for (const path of PARTS) {
    const parent = path.slice(0, -1).reduce(memberOf, document);
    const key = path.at(-1) ?? "";
    const index = parts.findIndex((_part, at) => memberOf(parent, key) === placeholderOf(at));
    if (index !== -1) {
      (parent as Record<string, unknown>)[key] = parts[index];
      count += 1;
    }
  }
  return count;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c] as const;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d] as const;

/** The position after the object or array at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (isQuoted) {
      at += character === BACKSLASH ? 1 : 0;
      isQuoted = character !== QUOTE;
    } else if (character === QUOTE) {
      isQuoted = true;
    } else if (character === OPEN_OBJECT || character === OPEN_ARRAY) {
      depth += 1;
    } else if (character === CLOSE_OBJECT || character === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return text.length;
}
