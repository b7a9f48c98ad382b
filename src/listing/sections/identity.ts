import { readOptions } from "../equipment.ts";
import { parseImages } from "../parse/images.ts";
import { idText } from "../parse/raw-values.ts";
import { decimalText, firstText, isBlank, publicText, textOf } from "../parse/text.ts";
import { parseUrl } from "../parse/url.ts";
import { parseVin } from "../parse/vin.ts";
import type { ParseContext } from "../parse-context.ts";

const MAX_INNER_ID_LENGTH = 32;
const MAX_TITLE_LENGTH = 300;

/** Identity of the listing: ids, texts, photos, equipment. */
export function readIdentity(context: ParseContext, serveVin: boolean) {
  const { data, specs, vocabulary, report } = context;
  const { vin, masked } = parseVin(data.vin, report);
  return {
    inner_id: readInnerId(context),
    url: parseUrl(data.url, report),
    title: firstText([data.title, data.car_name, specs.own("model_name")], MAX_TITLE_LENGTH),
    description: typeof data.description === "string" ? publicText(data.description) : null,
    vin: serveVin ? vin : null,
    ...(serveVin && masked !== null ? { vin_masked: masked } : {}),
    images: parseImages(data.images, report),
    options: readOptions(context.extra, vocabulary),
    specid: readId(context, "specid", [data.specid, specs.specid]),
    salon_id: readId(context, "salon_id", [data.salon_id]),
  };
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
