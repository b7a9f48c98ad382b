import { marker } from "../parse/flags.ts";
import { parseMark } from "../parse/mark/mark.ts";
import { parseModel } from "../parse/mark/model.ts";
import { firstText, publicName, textOf } from "../parse/text.ts";
import { translateTrim } from "../parse/trim/trim-words.ts";
import type { VehicleContext } from "../parse-context.ts";

const MAX_TRIM_LENGTH = 300;
const MAX_NAME_LENGTH = 100;
const IMPORTED = /[(（]\s*(?:进口|import(?:ed)?|импорт\p{L}*)\s*[)）]/iu;

/** Names of the vehicle: make, model, series, trim, manufacturer. */
export function readNames(context: VehicleContext) {
  const { data, specs, trim, vocabulary, report } = context;
  const fullName = textOf(specs.own("model_name"));
  const mark = parseMark(data.mark, trim.series ?? fullName, vocabulary, report);
  // The series may come from another text: only the table overrides the account's model.
  const tableSeries = trim.series !== null && fullName?.startsWith(trim.series) ? trim.series : null;
  const manufacturer = firstText(
    [specs.own("manufacturer"), data.manufacturer, specs.foreign("manufacturer")],
    MAX_NAME_LENGTH,
  );
  const names = [manufacturer, trim.series, textOf(data.model)];
  const trimName = publicName(trim.trim, MAX_TRIM_LENGTH);
  return {
    mark,
    ...parseModel(data.model, mark, tableSeries, vocabulary, report),
    series: publicName(trim.series, MAX_TRIM_LENGTH),
    model_year: trim.model_year,
    trim: trimName,
    trim_en: trimName === null ? null : translateTrim(trimName, "en", vocabulary),
    trim_ru: trimName === null ? null : translateTrim(trimName, "ru", vocabulary),
    facelift: marker(trim.facelift === true),
    generation: trim.generation,
    manufacturer,
    is_import: marker(names.some((name) => name !== null && IMPORTED.test(name))),
  };
}
