import { type DailyRates, parseCbrRates } from "./parse-cbr.ts";

/** The daily rates of the Central Bank of Russia. */
export const CBR_URL = "https://www.cbr.ru/scripts/XML_daily.asp";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;

/**
 * Requests the current rates.
 *
 * @throws Error when the bank does not respond, or responds with anything but valid rates
 */
export async function fetchCbrRates(url: string): Promise<DailyRates> {
  const response = await fetch(url, {
    redirect: "error",
    headers: { accept: "application/xml, text/xml" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the bank responded with ${response.status}`);
  }
  return parseCbrRates(await bodyOf(response));
}

async function bodyOf({ body }: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the body.
  for await (const piece of body ?? []) {
    bytes += piece.byteLength;
    if (bytes > MAX_BYTES) {
      throw new Error(`the response has more than ${MAX_BYTES} bytes`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
