import { configKeys } from "./schema.ts";
import { type Origin, RANK, type Setting } from "./sources.ts";

/** A configuration that nobody has checked yet. */
export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The file's tree with the settings laid over it, lowest rank first; and where each value came from. */
export function layOver(
  content: Tree,
  path: string | undefined,
  settings: readonly Setting[],
): { tree: Tree; origins: Map<string, Origin> } {
  const origins = new Map<string, Origin>();
  const { sections } = configKeys();
  const copy = (from: Tree, prefix: string): Tree =>
    Object.fromEntries(
      Object.entries(from)
        .filter(([name, value]) => {
          // `logging:` with all its lines commented out is null in YAML.
          const emptySection = value === null && sections.includes(prefix + name);
          return value !== undefined && !emptySection;
        })
        .map(([name, value]) => {
          const key = prefix + name;
          if (isTree(value) && sections.includes(key)) {
            return [name, copy(value, `${key}.`)];
          }
          origins.set(key, { rank: RANK.file, label: key, ...(path === undefined ? {} : { file: path }) });
          return [name, value];
        }),
    );
  const tree = copy(content, "");

  for (const { key, value, ...origin } of settings) {
    if (put(tree, key.split("."), value)) {
      origins.set(key, origin);
    }
  }
  return { tree, origins };
}

/** False where the file has something else in the place of a section: the schema reports that. */
function put(tree: Tree, [name, ...rest]: readonly string[], value: unknown): boolean {
  if (name === undefined) {
    return false;
  }
  if (rest.length === 0) {
    tree[name] = value;
    return true;
  }
  tree[name] ??= {};
  const section = tree[name];
  return isTree(section) && put(section, rest, value);
}

/** Where the value of a key, or of the list or object that it is in, came from. */
export function originOf(
  key: string,
  origins: ReadonlyMap<string, Origin>,
): (Origin & { key: string }) | undefined {
  for (const [known, origin] of origins) {
    if (key === known || key.startsWith(`${known}[`) || key.startsWith(`${known}.`)) {
      return { ...origin, key: known };
    }
  }
  return undefined;
}
