import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  describeField,
  FIELD_NAMES,
  type Field,
  type FieldName,
  fieldOf,
  fieldsOf,
  vocabularyOf,
} from "../src/listing/fields.ts";

// Prints `src/listing/listing.ts` from the declaration of the fields: an editor shows a plain interface better than a
// mapped type.

/** The generated file. */
export const LISTING_FILE = fileURLToPath(new URL("../src/listing/listing.ts", import.meta.url));

const TYPES: Readonly<Record<Exclude<Field["kind"], "json">, string>> = {
  text: "string | null",
  category: "string | null",
  date: "string | null",
  int: "number | null",
  decimal: "number | null",
  flag: "boolean | null",
  marker: "true | null",
};
const JSON_TYPES: Readonly<Record<string, string>> = {
  images: "readonly string[]",
  options: "readonly ListingOption[]",
  place: "Places",
  customs_missing: "readonly string[]",
};

const HEADER = `// Generated from fields.ts by \`npm run generate\`; edit the declaration there.
import type { ListingOption } from "./equipment.ts";
import type { Places } from "./types.ts";

/**
 * A listing in canonical form. Every key is present, except \`vin_masked\` and those that end in \`_raw\`. Texts contain no
 * personal data.
 */
export interface Listing {`;

function typeOf(name: FieldName): string {
  const { kind, values, optional } = fieldOf(name);
  if (kind === "json") {
    return JSON_TYPES[name] ?? "unknown";
  }
  if (values !== undefined) {
    return [...Object.keys(values).map((value) => JSON.stringify(value)), "null"].join(" | ");
  }
  return optional ? TYPES[kind].replace(" | null", "") : TYPES[kind];
}

function commentOf(name: FieldName): string {
  const { kind, range } = fieldOf(name);
  const sentences = [describeField(name)];
  if (range !== undefined) {
    sentences.push(`${range[0].toLocaleString("en")} to ${range[1].toLocaleString("en")}.`);
  }
  if (kind === "category") {
    sentences.push(`Code of the vocabulary \`${vocabularyOf(name)}\`.`);
  }
  if (kind === "date") {
    sentences.push("`YYYY-MM-DD`.");
  }
  return sentences.join(" ");
}

/** The text of `listing.ts`. */
export function printListing(): string {
  const members = FIELD_NAMES.flatMap((name) => [
    `  /** ${commentOf(name)} */`,
    `  readonly ${name}${fieldOf(name).optional ? "?" : ""}: ${typeOf(name)};`,
  ]);
  const raw = fieldsOf("category").filter((name) => fieldOf(name).raw !== false);
  return [
    HEADER,
    ...members,
    "",
    "  // The raw text of a category whose code is `other` because the vocabulary does not know it.",
    ...raw.map((name) => `  readonly ${name}_raw?: string;`),
    "}",
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const printed = printListing();
  const old = await readFile(LISTING_FILE, "utf8").catch(() => "");
  if (old !== printed) {
    await writeFile(LISTING_FILE, printed);
  }
}
