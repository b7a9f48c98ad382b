import { isPersonalKey, maskPersonal } from "./parse/personal/personal.ts";
import { decoded } from "./parse/raw-values.ts";
import { readTransfers } from "./parse/transfers.ts";

/** Addresses of the listing and its photos: masking would take them for links to elsewhere. */
const OWN_ADDRESS = /^(?:https?:)?\/\/(?:[\w-]+\.)*(?:che168\.com|autoimg\.cn)\/[\w./~-]*$/;
const TRANSFERS = "过户次数";

/**
 * A document of the service without personal data: every text is masked, keys that hold personal data are left out, and of
 * `extra.inspection` only the number of transfers is left. Objects and lists that are text (`extra` as JSON) stay text. Pure.
 *
 * @param data the document, as parsed from JSON
 */
export function maskRawListing(data: unknown): unknown {
  return masked(data);
}

function masked(value: unknown): unknown {
  if (typeof value === "string") {
    return OWN_ADDRESS.test(value) ? value : maskedText(value);
  }
  if (Array.isArray(value)) {
    return value.map(masked);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      if (name === "inspection") {
        const count = readTransfers({ inspection: decoded(one) }, null, () => {});
        return count === null ? [] : [[name, { [TRANSFERS]: count }]];
      }
      return isPersonalKey(name) ? [] : [[name, masked(one)]];
    }),
  );
}

function maskedText(text: string): string {
  const inner = decoded(text);
  if (typeof inner === "object" && inner !== null) {
    return JSON.stringify(masked(inner));
  }
  return maskPersonal(text);
}
