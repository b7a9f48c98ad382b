/** A problem with one parameter; `message` continues a sentence that starts with its name. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly message: string;
}

/** A parsed query string, names and values decoded. */
export interface QueryString {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly ParameterProblem[];
  /** Names that occur more than once; `values` has the first value of each. */
  readonly repeated: ReadonlySet<string>;
}

/** Longer names are cut in messages. */
const MAX_NAME_LENGTH = 60;
/** C0 controls, DEL and C1 controls. PostgreSQL cannot store U+0000; no valid value has the others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

const display = (name: string) =>
  name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;

/**
 * Parses a query string strictly: invalid UTF-8 and control characters are problems, where `URLSearchParams` would repair
 * or hide them. Pure.
 *
 * @param search with or without the question mark
 */
export function parseQueryString(search: string): QueryString {
  const values = new Map<string, string>();
  const problems: ParameterProblem[] = [];
  const repeated = new Set<string>();
  const text = search.startsWith("?") ? search.slice(1) : search;
  for (const part of text === "" ? [] : text.split("&")) {
    if (part === "") {
      continue;
    }
    const equals = part.indexOf("=");
    const rawName = equals === -1 ? part : part.slice(0, equals);
    const name = decode(rawName);
    const value = equals === -1 ? "" : decode(part.slice(equals + 1));
    if (name === undefined || CONTROLS.test(name)) {
      problems.push({ parameter: display(encodeURI(rawName)), message: "is not a valid name" });
    } else if (value === undefined) {
      problems.push({ parameter: display(name), message: "must be percent-encoded UTF-8" });
    } else if (CONTROLS.test(value)) {
      problems.push({ parameter: display(name), message: "must not contain control characters" });
    } else if (values.has(name)) {
      repeated.add(name);
    } else {
      values.set(name, value);
    }
  }
  return { values, problems, repeated };
}
