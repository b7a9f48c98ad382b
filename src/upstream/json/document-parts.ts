import { type JsonSpan, scanMemberSpans, scanValue, spend, type ValueBudget } from "./json-scan.ts";
import { BACKSLASH } from "./json-tokens.ts";

/**
 * Parts of a document that listings share, with their paths: a specification belongs to a model year, equipment to a trim.
 * They make up four fifths of a document.
 */
export const SHARED_PARTS = {
  configuration: ["configuration"],
  extra_configuration: ["extra", "configuration"],
  displayopts: ["extra", "option", "displayopts"],
  moreoptions: ["extra", "option", "moreoptions"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Name of a shared part. */
export type SharedPart = keyof typeof SHARED_PARTS;

/** Names of the shared parts, in order. */
export const SHARED_PART_NAMES = Object.keys(SHARED_PARTS) as readonly SharedPart[];

/**
 * A document's position.
 * @internal
 */
export interface DocumentSpan extends JsonSpan {
  /**
   * Positions of the shared parts that are objects or arrays, in the order of {@link SHARED_PART_NAMES}. Undefined when
   * a name on the way is repeated: of duplicate members, the last one counts.
   */
  readonly parts: readonly (JsonSpan | undefined)[] | undefined;
}

/** What a member is on the way to: the index of a part, or members on the way to parts. */
interface Step {
  readonly part: number | undefined;
  readonly members: ReadonlyMap<string, Step>;
  /** Lengths of the members' names, so that most others are not decoded. */
  readonly lengths: ReadonlySet<number>;
}

/** @param paths the rest of each path, with the index of its part */
function stepOf(paths: readonly (readonly [part: number, path: readonly string[]])[]): Step {
  const names = new Set(paths.flatMap(([, [name]]) => name ?? []));
  const members = [...names].map((name) => {
    const rest = paths.flatMap(([part, path]) => (path[0] === name ? [[part, path.slice(1)] as const] : []));
    return [name, stepOf(rest)] as const;
  });
  return {
    part: paths.find(([, path]) => path.length === 0)?.[0],
    members: new Map(members),
    lengths: new Set([...names].map((name) => name.length)),
  };
}

const ROOT = stepOf(Object.values(SHARED_PARTS).map((path, part) => [part, path]));

/**
 * Scans a document, and finds its shared parts.
 *
 * @param bytes UTF-8
 * @param budget reduced by the number of values in it
 * @returns undefined when the value at `start` is not an object
 * @throws JsonSyntaxError for invalid JSON
 * @throws JsonLimitError for JSON beyond the limits
 */
export function scanDocument(bytes: Buffer, start: number, budget: ValueBudget): DocumentSpan | undefined {
  const parts: (JsonSpan | undefined)[] = SHARED_PART_NAMES.map(() => undefined);
  let isCertain = true;
  /** The next backslash after the names that were compared; beyond the end when there is none. */
  let backslash = -1;

  /** The member on the way to a part whose name has these quotes. */
  function stepAt(name: number, nameEnd: number, { members, lengths }: Step): Step | undefined {
    if (backslash < name) {
      const found = bytes.indexOf(BACKSLASH, name);
      backslash = found === -1 ? bytes.length : found;
    }
    if (backslash < nameEnd) {
      return members.get(String(JSON.parse(bytes.toString("utf8", name, nameEnd))));
    }
    const [first, end] = [name + 1, nameEnd - 1];
    return lengths.has(end - first) ? members.get(bytes.toString("latin1", first, end)) : undefined;
  }

  /** @returns undefined when the value is not an object */
  function scanStep(start: number, parent: Step): JsonSpan | undefined {
    const met = new Set<Step>();
    let depth = 0;
    const end = scanMemberSpans(bytes, start, (name, nameEnd, at) => {
      const step = stepAt(name, nameEnd, parent);
      isCertain &&= step === undefined || !met.has(step);
      const value = scanMember(at, step);
      depth = Math.max(depth, value.depth);
      if (step !== undefined) {
        met.add(step);
      }
      return value.end;
    });
    if (end === undefined) {
      return undefined;
    }
    spend(budget, 1);
    return { start, end, depth: depth + 1 };
  }

  function scanMember(start: number, step: Step | undefined): JsonSpan {
    const part = step?.part;
    const object = step !== undefined && part === undefined ? scanStep(start, step) : undefined;
    const value = object ?? scanValue(bytes, start, budget);
    if (part !== undefined && value.depth > 0) {
      parts[part] = value;
    }
    return value;
  }

  const span = scanStep(start, ROOT);
  return span && { ...span, parts: isCertain ? parts : undefined };
}
