import { jsonResponse, type SandboxResponse } from "../http/fault-effects.ts";
import type { Facts } from "../listings/listings.ts";
import { hash } from "../world/random.ts";
import { type Body, drawCar, type Subject } from "./draw-car.ts";
import { encodeJpeg } from "./jpeg.ts";
import { encodePng } from "./png.ts";
import type { Colour, Raster } from "./raster.ts";
import { encodeWebp } from "./webp.ts";

/** Pictures of listings are below this path, as on the service's own hosts. */
export const PICTURES_PATH = "/escimg";

const DEFAULT_SIZE = [1024, 768] as const;
const MAX_SIDE = 2048;
/** Bodies are cached up to this size in all. */
const CACHE_BYTES = 32 * 1024 * 1024;

const FORMATS: Readonly<Record<string, { type: string; encode: (raster: Raster) => Buffer }>> = {
  jpg: { type: "image/jpeg", encode: encodeJpeg },
  jpeg: { type: "image/jpeg", encode: encodeJpeg },
  png: { type: "image/png", encode: encodePng },
  webp: { type: "image/webp", encode: encodeWebp },
};

/** By the English name of the colour. */
const PAINTS: Readonly<Record<string, Colour>> = {
  White: [240, 241, 242],
  Black: [32, 34, 38],
  "Dark Gray": [84, 90, 98],
  Silver: [176, 182, 189],
  Red: [186, 30, 38],
  Blue: [32, 76, 160],
  Brown: [104, 70, 50],
  Champagne: [208, 190, 156],
  Green: [44, 104, 72],
  Orange: [226, 116, 32],
  Yellow: [234, 196, 40],
  Purple: [98, 56, 132],
};

/** By the English name of the body. */
const BODIES: Readonly<Record<string, Body>> = {
  "Coupe/Roadster": "coupe",
  "Sports Car": "coupe",
  Sedan: "sedan",
  Hatchback: "hatchback",
  "Sedan/Hatchback": "hatchback",
  Pickup: "pickup",
  "Light Truck": "pickup",
  Microvan: "van",
  "Light bus": "van",
  Minivan: "van",
  "Crossover/SUV": "suv",
};

/** A hash of a text. */
function seedOf(text: string): number {
  let seed = text.length;
  for (let index = 0; index < text.length; index += 1) {
    seed = hash(seed, text.charCodeAt(index));
  }
  return seed;
}

/** Width and height named in a file name such as `1024x768_c42_….jpg`. */
function sizeOf(name: string): readonly [width: number, height: number] {
  const [, width, height] = /^(\d+)x(\d+)_/.exec(name) ?? [];
  const size = [Number(width), Number(height)] as const;
  return size.every((side) => side >= 1 && side <= MAX_SIDE) ? size : DEFAULT_SIZE;
}

/**
 * Draws the pictures of listings: `/escimg/….jpg`, `.png`, `.webp`, in the size that the file name starts with. The car
 * has the colour and body of the listing whose id is in the name.
 *
 * @param factsOf facts of a listing by its inner_id
 */
export function createPictures(factsOf: (innerId: string) => Facts | undefined) {
  const cache = new Map<string, SandboxResponse>();
  let cachedBytes = 0;

  function subjectOf(name: string): Subject {
    // All sizes of one picture show the same.
    const seed = seedOf(name.replace(/^\d+x\d+_/, "").replace(/(\.\w+)+$/, ""));
    const facts = factsOf(/PZ(\d{8})kAe/.exec(name)?.[1] ?? "");
    return { seed, paint: PAINTS[facts?.color.en ?? ""], body: BODIES[facts?.body.en ?? ""] };
  }

  return {
    /** The response for a path below `PICTURES_PATH`. */
    respond(path: string): SandboxResponse {
      const known = cache.get(path);
      if (known) {
        return known;
      }
      const name = path.slice(path.lastIndexOf("/") + 1);
      const format = FORMATS[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""];
      if (!format) {
        return jsonResponse(404, '{"message":"No such picture"}');
      }
      const [width, height] = sizeOf(name);
      const body = format.encode(drawCar(width, height, subjectOf(name)));
      const headers = { "content-type": format.type, "cache-control": "public, max-age=31536000" };
      const answer: SandboxResponse = { status: 200, headers, body };
      cachedBytes += body.length;
      if (cachedBytes > CACHE_BYTES) {
        cache.clear();
        cachedBytes = body.length;
      }
      cache.set(path, answer);
      return answer;
    },
  };
}

export type Pictures = ReturnType<typeof createPictures>;
