import { readOptions } from "../equipment.ts";
import type { Listing } from "../listing.ts";
import { parseImages } from "../parse/images.ts";
import { parseMark, parseModel } from "../parse/mark.ts";
import { isBlank, publicText, serveShortText, textOf } from "../parse/served.ts";
import { decimalText } from "../parse/text.ts";
import { parseUrl } from "../parse/url.ts";
import { parseVin } from "../parse/vin.ts";
import type { Source } from "../parse-context.ts";
import { idText } from "../specifications.ts";

type Identity = Pick<
  Listing,
  | "inner_id"
  | "url"
  | "title"
  | "mark"
  | "model"
  | "model_latin"
  | "series"
  | "model_year"
  | "trim"
  | "facelift"
  | "generation"
  | "manufacturer"
  | "is_import"
  | "description"
  | "vin"
  | "vin_masked"
  | "images"
  | "options"
  | "specid"
  | "salon_id"
>;

const MAX_INNER_ID_LENGTH = 32;
const MAX_TITLE_LENGTH = 300;
const MAX_NAME_LENGTH = 100;
const IMPORTED = /[(（]\s*(?:进口|import(?:ed)?|импорт\p{L}*)\s*[)）]/iu;

/** Which car this is: ids, names, texts, pictures, equipment. */
export function readIdentity(source: Source, serveVin: boolean): Identity {
  const { data, specs, trim, vocabulary, report } = source;
  const fullName = textOf(specs.own("model_name"));
  const mark = parseMark(data.mark, trim.series ?? fullName, vocabulary, report);
  const manufacturer = firstText([
    specs.own("manufacturer"),
    data.manufacturer,
    specs.foreign("manufacturer"),
  ]);
  const names = [manufacturer, trim.series, textOf(data.model)];
  const { vin, masked } = parseVin(data.vin, report);
  return {
    inner_id: readInnerId(source),
    url: parseUrl(data.url, report),
    title: firstText([data.title, data.car_name, fullName], MAX_TITLE_LENGTH),
    mark,
    ...parseModel(data.model, mark, vocabulary, report),
    series: serveShortText(trim.series, MAX_TITLE_LENGTH),
    model_year: trim.model_year,
    trim: serveShortText(trim.trim, MAX_TITLE_LENGTH),
    facelift: trim.facelift === true ? true : null,
    generation: trim.generation,
    manufacturer,
    is_import: names.some((name) => name !== null && IMPORTED.test(name)) ? true : null,
    description: typeof data.description === "string" ? publicText(data.description) : null,
    vin: serveVin ? vin : null,
    ...(serveVin && masked !== null ? { vin_masked: masked } : {}),
    images: parseImages(data.images, report),
    options: readOptions(source.extra, vocabulary),
    specid: readId(source, "specid", [data.specid, specs.specid]),
    salon_id: readId(source, "salon_id", [data.salon_id]),
  };
}

/** The first text that is no longer than a name; anything else is passed over. */
function firstText(raws: readonly unknown[], longest = MAX_NAME_LENGTH): string | null {
  for (const raw of raws) {
    const text = serveShortText(raw, longest);
    if (text !== null) return text;
  }
  return null;
}

/** The feed's own key, never masked: a number becomes its decimal text. */
function readInnerId({ data, report }: Source): string | null {
  const raw = data.inner_id;
  const text = typeof raw === "number" ? decimalText(raw) : typeof raw === "string" ? textOf(raw) : null;
  if (text !== null && text.length <= MAX_INNER_ID_LENGTH) return text;
  if (!isBlank(raw)) report("inner_id", "unreadable", raw);
  return null;
}

function readId({ report }: Source, field: string, raws: readonly unknown[]): string | null {
  for (const raw of raws) {
    const id = idText(raw);
    if (id !== null) return id;
    const isZero = raw === 0 || (typeof raw === "string" && /^\s*0+\s*$/.test(raw.slice(0, 20)));
    if (!isZero && !isBlank(raw)) report(field, "unreadable", raw);
  }
  return null;
}
