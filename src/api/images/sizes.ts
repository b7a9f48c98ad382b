/** Sizes of a picture, smallest first. `full` is the address as stored. */
export const SIZES = ["thumb", "card", "full"] as const;
export type ImageSize = (typeof SIZES)[number];

/** Addresses of one picture by size. */
export type ImageAddresses = Readonly<Record<ImageSize, string>>;

/** Widths of the CDN's own previews of used cars, which are 4:3. */
const WIDTHS = { thumb: 240, card: 480 } as const;

/** What follows the size part of a file name. */
const REST = /(?:_[a-z\d]+)*_autohomecar__.+$/y;

/** Position after the digits that start at `at`. */
function digitsEnd(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) {
    end += 1;
  }
  return end;
}

/**
 * The size part of a file name: `1024x768_c42_autohomecar__ABC.jpg.webp`, `f_900x0_0_q87_autohomecar__ABC.jpg`. Undefined without one.
 * Digits are read without a pattern, whose groups would take half of the time for a listing's 20 pictures.
 */
function sizePart(url: string): { start: number; end: number; width: number; height: number } | undefined {
  const nameAt = url.lastIndexOf("/") + 1;
  const start = url.startsWith("f_", nameAt) ? nameAt + 2 : nameAt;
  const middle = digitsEnd(url, start);
  const end = digitsEnd(url, middle + 1);
  const [widthDigits, heightDigits] = [middle - start, end - middle - 1];
  if (nameAt === 0 || widthDigits < 2 || widthDigits > 4 || heightDigits < 1 || heightDigits > 4) {
    return undefined;
  }
  REST.lastIndex = end;
  return url[middle] === "x" && REST.test(url)
    ? { start, end, width: Number(url.slice(start, middle)), height: Number(url.slice(middle + 1, end)) }
    : undefined;
}

/**
 * The addresses of a picture in every size. The CDN scales to the size that the file name states; an address without that part,
 * or of a picture that is not larger, is returned unchanged. Pure.
 *
 * @param url a text without characters that need to be escaped is also returned as such: it may be the content of a JSON string
 */
export function sizesOf(url: string): ImageAddresses {
  const part = sizePart(url);
  if (part === undefined) {
    return { thumb: url, card: url, full: url };
  }
  const { start, end, width, height } = part;
  const scaledTo = (wanted: number): string =>
    // Height 0 leaves the ratio to the CDN.
    width <= wanted
      ? url
      : `${url.slice(0, start)}${wanted}x${Math.round((wanted * height) / width)}${url.slice(end)}`;
  return { thumb: scaledTo(WIDTHS.thumb), card: scaledTo(WIDTHS.card), full: url };
}
