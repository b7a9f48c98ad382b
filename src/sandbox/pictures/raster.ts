/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [red: number, green: number, blue: number];
export type Point = readonly [x: number, y: number];

/** Pixels from top left, three bytes each. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Sub-scanlines per row of pixels: smooth edges. */
const SUBSAMPLES = 4;

export function createRaster(width: number, height: number): Raster {
  return { width, height, pixels: new Uint8Array(width * height * 3) };
}

/** Fills the rows from `top` to `bottom` (excluded) with a vertical gradient. */
export function fillRows(
  { width, pixels }: Raster,
  top: number,
  bottom: number,
  from: Colour,
  to: Colour,
): void {
  for (let y = top; y < bottom; y += 1) {
    const part = (y - top) / Math.max(1, bottom - top);
    const [red, green, blue] = [0, 1, 2].map((channel) =>
      Math.round((from[channel] as number) * (1 - part) + (to[channel] as number) * part),
    ) as [number, number, number];
    for (let at = y * width * 3; at < (y + 1) * width * 3; at += 3) {
      pixels[at] = red;
      pixels[at + 1] = green;
      pixels[at + 2] = blue;
    }
  }
}

/** The x of every crossing of a polygon's edges with the horizontal line at `y`, ascending. */
function crossings(points: readonly Point[], y: number): number[] {
  const found: number[] = [];
  for (const [index, [x1, y1]] of points.entries()) {
    const [x2, y2] = points[(index + 1) % points.length] as Point;
    if (y1 <= y !== y2 <= y) {
      found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
    }
  }
  return found.sort((a, b) => a - b);
}

/** Adds the part of each pixel that lies between `from` and `to`. */
function cover(row: Float32Array, from: number, to: number): void {
  const [start, end] = [Math.max(0, from), Math.min(row.length, to)];
  for (let x = Math.floor(start); x < end; x += 1) {
    row[x] = (row[x] as number) + (Math.min(end, x + 1) - Math.max(start, x)) / SUBSAMPLES;
  }
}

/** Fills a polygon (even-odd) in pixel coordinates. @param opacity 0 to 1 */
export function fillPolygon(raster: Raster, points: readonly Point[], colour: Colour, opacity = 1): void {
  const { width, height, pixels } = raster;
  const top = Math.max(0, Math.floor(Math.min(...points.map(([, y]) => y))));
  const bottom = Math.min(height, Math.ceil(Math.max(...points.map(([, y]) => y))));
  const row = new Float32Array(width);
  for (let y = top; y < bottom; y += 1) {
    row.fill(0);
    for (let line = 0; line < SUBSAMPLES; line += 1) {
      const found = crossings(points, y + (line + 0.5) / SUBSAMPLES);
      for (let index = 0; index + 1 < found.length; index += 2) {
        cover(row, found[index] as number, found[index + 1] as number);
      }
    }
    for (let x = 0; x < width; x += 1) {
      const share = (row[x] as number) * opacity;
      if (share > 0) {
        const at = (y * width + x) * 3;
        for (let channel = 0; channel < 3; channel += 1) {
          const under = pixels[at + channel] as number;
          pixels[at + channel] = under + ((colour[channel] as number) - under) * share;
        }
      }
    }
  }
}

/** An ellipse as a polygon. */
export function ellipse([x, y]: Point, radiusX: number, radiusY = radiusX): Point[] {
  return Array.from({ length: 40 }, (_, index) => {
    const angle = (index / 40) * 2 * Math.PI;
    return [x + Math.cos(angle) * radiusX, y + Math.sin(angle) * radiusY] as const;
  });
}
