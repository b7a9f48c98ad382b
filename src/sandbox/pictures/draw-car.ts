import { hash } from "../world/random.ts";
import {
  type Colour,
  createRaster,
  ellipse,
  fillPolygon,
  fillRows,
  type Point,
  type Raster,
} from "./raster.ts";

/** Outline and windows of a body, on a canvas of 4 × 3 units; wheels by x. The front is left. */
interface Profile {
  readonly outline: readonly Point[];
  readonly glass: readonly Point[];
  readonly pillar: number;
  readonly wheels: readonly [front: number, rear: number];
}

// biome-ignore format: coordinates in pairs
const PROFILES = {
  sedan: {
    outline: [[0.45, 2.1], [0.4, 1.78], [0.58, 1.64], [1.15, 1.52], [1.62, 1.18], [1.85, 1.13], [2.35, 1.14], [2.9, 1.48], [3.48, 1.54], [3.6, 1.75], [3.56, 2.1]],
    glass: [[1.3, 1.5], [1.68, 1.24], [2.32, 1.23], [2.72, 1.48]],
    pillar: 1.98,
    wheels: [1.05, 2.92],
  },
  hatchback: {
    outline: [[0.5, 2.1], [0.45, 1.75], [0.62, 1.6], [1.15, 1.48], [1.56, 1.12], [1.8, 1.06], [2.75, 1.1], [3.2, 1.45], [3.36, 1.6], [3.36, 2.1]],
    glass: [[1.3, 1.46], [1.62, 1.17], [2.7, 1.18], [3.02, 1.45]],
    pillar: 2.05,
    wheels: [1.08, 2.78],
  },
  suv: {
    outline: [[0.42, 2.08], [0.38, 1.6], [0.52, 1.46], [1.12, 1.36], [1.46, 0.98], [1.7, 0.92], [2.98, 0.95], [3.4, 1.36], [3.55, 1.5], [3.56, 2.08]],
    glass: [[1.26, 1.34], [1.54, 1.03], [2.92, 1.05], [3.22, 1.34]],
    pillar: 2.1,
    wheels: [1.04, 2.92],
  },
  van: {
    outline: [[0.42, 2.08], [0.38, 1.66], [0.62, 1.46], [1.0, 1.34], [1.42, 0.92], [1.7, 0.86], [3.3, 0.86], [3.52, 1.3], [3.58, 2.08]],
    glass: [[1.14, 1.34], [1.5, 0.98], [3.22, 0.98], [3.38, 1.34]],
    pillar: 2.2,
    wheels: [1.02, 3.0],
  },
  coupe: {
    outline: [[0.42, 2.1], [0.36, 1.84], [0.56, 1.7], [1.25, 1.58], [1.72, 1.28], [2.0, 1.22], [2.4, 1.26], [3.1, 1.56], [3.52, 1.62], [3.6, 1.78], [3.56, 2.1]],
    glass: [[1.42, 1.56], [1.78, 1.33], [2.36, 1.34], [2.76, 1.55]],
    pillar: 2.3,
    wheels: [1.02, 2.96],
  },
  pickup: {
    outline: [[0.42, 2.08], [0.38, 1.58], [0.5, 1.46], [1.05, 1.38], [1.38, 1.0], [1.6, 0.96], [2.24, 0.98], [2.42, 1.4], [3.56, 1.42], [3.58, 2.08]],
    glass: [[1.2, 1.36], [1.46, 1.06], [2.16, 1.07], [2.3, 1.36]],
    pillar: 1.82,
    wheels: [1.0, 3.0],
  },
} as const satisfies Record<string, Profile>;

export type Body = keyof typeof PROFILES;

const BODIES = Object.keys(PROFILES) as Body[];
const PAINTS: readonly Colour[] = [
  [236, 238, 240],
  [34, 37, 42],
  [126, 132, 140],
  [184, 32, 38],
  [36, 78, 158],
];
const WALLS: readonly (readonly [Colour, Colour])[] = [
  [
    [214, 222, 230],
    [238, 241, 244],
  ],
  [
    [176, 205, 233],
    [230, 239, 246],
  ],
  [
    [206, 200, 192],
    [232, 228, 222],
  ],
  [
    [150, 166, 160],
    [208, 216, 210],
  ],
];
const TYRE: Colour = [28, 29, 31];
const RIM: Colour = [178, 183, 189];
const GLASS: Colour = [48, 60, 72];

const shade = (colour: Colour, factor: number): Colour =>
  colour.map((value) => Math.max(0, Math.min(255, Math.round(value * factor)))) as unknown as Colour;

const rectangle = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

/** What a picture shows; missing facts are drawn from `seed`. */
export interface Subject {
  readonly seed: number;
  readonly body?: Body | undefined;
  readonly paint?: Colour | undefined;
}

/** Draws a car from the side: the same subject and size yield the same pixels. */
export function drawCar(width: number, height: number, subject: Subject): Raster {
  const draw = (salt: number) => hash(subject.seed, salt);
  const profile: Profile = PROFILES[subject.body ?? (BODIES[draw(1) % BODIES.length] as Body)];
  const paint = subject.paint ?? (PAINTS[draw(2) % PAINTS.length] as Colour);
  const [above, below] = WALLS[draw(3) % WALLS.length] as readonly [Colour, Colour];
  const isMirrored = draw(4) % 2 === 1;
  const unit = Math.min(width / 4, height / 3) * (0.86 + (draw(5) % 12) / 100);
  const shift = ((draw(6) % 30) - 15) / 100;
  const place = ([x, y]: Point): Point => [
    width / 2 + ((isMirrored ? 2 - x : x - 2) + shift) * unit,
    height / 2 + (y - 1.6) * unit,
  ];
  const raster = createRaster(width, height);
  const horizon = Math.max(0, Math.min(height, Math.round(place([0, 1.82])[1])));
  const fill = (points: readonly Point[], colour: Colour, opacity?: number) =>
    fillPolygon(raster, points.map(place), colour, opacity);

  fillRows(raster, 0, horizon, above, below);
  fillRows(raster, horizon, height, [142, 146, 150], [92, 96, 100]);
  fill(ellipse([2, 2.36], 1.72, 0.13), [40, 42, 45], 0.55);
  fill(profile.outline, paint);
  // A darker sill and a lighter shoulder line give the body some depth.
  const front = profile.outline[0] as Point;
  const rear = profile.outline.at(-1) as Point;
  fill([[front[0], 1.98], [rear[0], 1.98], rear, front], shade(paint, 0.62), 0.8);
  fill(
    [
      [0.55, 1.66],
      [3.45, 1.6],
      [3.45, 1.63],
      [0.55, 1.69],
    ],
    shade(paint, 1.25),
    0.6,
  );
  fill(profile.glass, GLASS);
  const { pillar } = profile;
  const heights = profile.glass.map(([, y]) => y);
  const [roof, sill] = [Math.min(...heights), Math.max(...heights)];
  // The pillar between the doors, a door handle, the lights.
  fill(rectangle(pillar, roof, pillar + 0.07, sill), shade(paint, 0.9));
  fill(rectangle(pillar + 0.06, sill + 0.12, pillar + 0.24, sill + 0.16), shade(paint, 0.5));
  fill(ellipse([0.6, 1.74], 0.12, 0.05), [246, 244, 214]);
  fill(ellipse([rear[0] - 0.09, 1.7], 0.06, 0.08), [196, 36, 34]);
  for (const x of profile.wheels) {
    fill(ellipse([x, 2.09], 0.36), shade(paint, 0.35));
    fill(ellipse([x, 2.12], 0.31), TYRE);
    fill(ellipse([x, 2.12], 0.19), RIM);
    fill(ellipse([x, 2.12], 0.05), TYRE);
  }
  return raster;
}
