/** What is wrong with one parameter; `message` completes «<parameter> …». */
export interface ParameterProblem {
  readonly parameter: string;
  readonly message: string;
}

/** A query string taken apart. Names and values are decoded. */
export interface QueryString {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly ParameterProblem[];
}

/** Names longer than this are not shown back. */
const MAX_NAME_LENGTH = 60;
/** Everything below the space, DEL, and the C1 controls: no name or value has them, and PostgreSQL refuses U+0000. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

const shown = (name: string) => (name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name);

/**
 * Takes a query string apart, strictly: a parameter that is repeated, is not UTF-8 or holds control characters is a
 * problem, where `URLSearchParams` would repair or hide it. Pure.
 *
 * @param search with or without the question mark
 */
export function parseQueryString(search: string): QueryString {
  const values = new Map<string, string>();
  const problems: ParameterProblem[] = [];
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
      problems.push({ parameter: shown(encodeURI(rawName)), message: "is not a name" });
    } else if (value === undefined) {
      problems.push({ parameter: shown(name), message: "must be percent-encoded UTF-8" });
    } else if (CONTROLS.test(value)) {
      problems.push({ parameter: shown(name), message: "must not contain control characters" });
    } else if (values.has(name)) {
      problems.push({
        parameter: shown(name),
        message: "must be given once; several values are separated by commas",
      });
    } else {
      values.set(name, value);
    }
  }
  return { values, problems };
}
