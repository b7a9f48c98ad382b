import { readOptions } from "../equipment.ts";
import { marker } from "../parse/flags.ts";
import { parseImages } from "../parse/images.ts";
import { parseMark, parseModel } from "../parse/mark.ts";
import { idText } from "../parse/raw-values.ts";
import { decimalText, isBlank, publicName, publicText, textOf } from "../parse/text.ts";
import { translateTrim } from "../parse/trim/trim-words.ts";
import { parseUrl } from "../parse/url.ts";
import { parseVin } from "../parse/vin.ts";
import type { ParseContext } from "../parse-context.ts";

const MAX_INNER_ID_LENGTH = 32;
const MAX_TITLE_LENGTH = 300;
const MAX_NAME_LENGTH = 100;
const IMPORTED = /[(（]\s*(?:进口|import(?:ed)?|импорт\p{L}*)\s*[)）]/iu;

/** Identity of the car and the listing: ids, names, texts, photos, equipment. */
export function readIdentity(context: ParseContext, serveVin: boolean) {
  const { data, specs, trim, vocabulary, report } = context;
  const fullName = textOf(specs.own("model_name"));
  const mark = parseMark(data.mark, trim.series ?? fullName, vocabulary, report);
  // The series may come from another text: only the table overrides the account's model.
  const tableSeries = trim.series !== null && fullName?.startsWith(trim.series) ? trim.series : null;
  const manufacturer = firstText([
    specs.own("manufacturer"),
    data.manufacturer,
    specs.foreign("manufacturer"),
  ]);
  const names = [manufacturer, trim.series, textOf(data.model)];
  const trimName = publicName(trim.trim, MAX_TITLE_LENGTH);
  const { vin, masked } = parseVin(data.vin, report);
  return {
    inner_id: readInnerId(context),
    url: parseUrl(data.url, report),
    title: firstText([data.title, data.car_name, fullName], MAX_TITLE_LENGTH),
    mark,
    ...parseModel(data.model, mark, tableSeries, vocabulary, report),
    series: publicName(trim.series, MAX_TITLE_LENGTH),
    model_year: trim.model_year,
    trim: trimName,
    trim_en: trimName === null ? null : translateTrim(trimName, "en", vocabulary),
    trim_ru: trimName === null ? null : translateTrim(trimName, "ru", vocabulary),
    facelift: marker(trim.facelift === true),
    generation: trim.generation,
    manufacturer,
    is_import: marker(names.some((name) => name !== null && IMPORTED.test(name))),
    description: typeof data.description === "string" ? publicText(data.description) : null,
    vin: serveVin ? vin : null,
    ...(serveVin && masked !== null ? { vin_masked: masked } : {}),
    images: parseImages(data.images, report),
    options: readOptions(context.extra, vocabulary),
    specid: readId(context, "specid", [data.specid, specs.specid]),
    salon_id: readId(context, "salon_id", [data.salon_id]),
  };
}

/** The first text of at most `maxLength` characters. */
function firstText(raws: readonly unknown[], maxLength = MAX_NAME_LENGTH): string | null {
  for (const raw of raws) {
    const text = publicName(raw, maxLength);
    if (text !== null) {
      return text;
    }
  }
  return null;
}

/** The feed's key, never masked; a number becomes its decimal text. */
function readInnerId({ data, report }: ParseContext): string | null {
  const raw = data.inner_id;
  const text = typeof raw === "number" ? decimalText(raw) : typeof raw === "string" ? textOf(raw) : null;
  if (text !== null && text.length <= MAX_INNER_ID_LENGTH) {
    return text;
  }
  if (!isBlank(raw)) {
    report("inner_id", "unreadable", raw);
  }
  return null;
}

function readId({ report }: ParseContext, field: string, raws: readonly unknown[]): string | null {
  for (const raw of raws) {
    const id = idText(raw);
    if (id !== null) {
      return id;
    }
    const isZero = raw === 0 || (typeof raw === "string" && /^\s*0+\s*$/.test(raw.slice(0, 20)));
    if (!isZero && !isBlank(raw)) {
      report(field, "unreadable", raw);
    }
  }
  return null;
}
