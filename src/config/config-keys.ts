import { configSchema } from "./schema.ts";

interface SchemaNode {
  readonly props?: readonly { readonly key: string; readonly value: SchemaNode }[];
  allows(data: unknown): boolean;
}

/** The keys of the configuration, with dots, e.g. `upstream.retry.attempts`. */
export interface ConfigKeys {
  readonly keys: readonly string[];
  /** The keys that contain others. */
  readonly sections: ReadonlySet<string>;
  /** Whether a value is valid for a key; false for unknown keys. */
  allows(key: string, value: unknown): boolean;
}

let known: ConfigKeys | undefined;

/** The keys, read from the schema once. */
export function configKeys(): ConfigKeys {
  if (known === undefined) {
    const nodes = new Map<string, SchemaNode>();
    const sections = new Set<string>();
    const walk = (node: SchemaNode, prefix: string) => {
      for (const { key, value } of propsOf(node)) {
        if (propsOf(value).length > 0) {
          sections.add(prefix + key);
          walk(value, `${prefix}${key}.`);
        } else {
          nodes.set(prefix + key, value);
        }
      }
    };
    walk(configSchema as unknown as SchemaNode, "");
    known = {
      keys: [...nodes.keys()],
      sections,
      allows: (key, value) => nodes.get(key)?.allows(value) ?? false,
    };
  }
  return known;
}

function propsOf(node: SchemaNode): NonNullable<SchemaNode["props"]> {
  try {
    return node.props ?? [];
  } catch {
    // arktype throws for types that are not objects.
    return [];
  }
}
