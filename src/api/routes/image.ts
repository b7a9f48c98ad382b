import { type } from "arktype";
import type { H3Event } from "h3";
import type { ApiContext } from "../api-context.ts";
import { loggedSegment } from "../http/access-log.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { createPictureFetch, type FetchPicture } from "../images/fetch-picture.ts";
import { PICTURE_TYPES } from "../images/picture.ts";
import { createPictureLoader } from "../images/picture-loader.ts";
import { isSignatureOf, versionOf } from "../images/signature.ts";
import { SIZES } from "../images/sizes.ts";
import { maybeThen } from "../maybe-promise.ts";
import { type Parameters, readParameters } from "../query/parameters.ts";
import { Claim } from "../replicas/claim.ts";
import { innerIdOf, isPossibleId } from "./inner-id.ts";

const PARAMETERS = {
  size: {
    type: type.enumerated(...SIZES),
    meaning: "Size. Default: full.",
    example: "card",
  },
  v: {
    type: type(/^[\w-]{1,64}$/).describe("the `v` of an address in `image_sizes`"),
    meaning: "Hash of the picture's stored address. While it matches, the response may be kept forever.",
    example: "Xk2m9QzT1aBc",
  },
  sig: {
    type: type(/^[\w-]{1,64}$/).describe("the `sig` of an address in `image_sizes`"),
    meaning: "Signature of the address, as in `image_sizes`. With it, no token is needed.",
    example: "q0ZkqB1mB0nYb8xq5bZJ3w",
  },
} as const satisfies Parameters;

/** The picture of an address whose `v` matches never changes. */
const FOREVER = "public, max-age=31536000, immutable";
/** Otherwise the picture at this position may be replaced. */
const SHORTLY = "private, max-age=300";

const PICTURE = "select images ->> $2::int as url from processed_data where inner_id = $1";

/** The position of a picture, or undefined. Listings have at most some thousand pictures. */
function positionOf(event: H3Event): number | undefined {
  const text = event.context.params?.n ?? "";
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

const notFound = () => Problem.notFound("There is no such listing, or it has no picture at this position.");

/**
 * `GET /images/{inner_id}/{n}`: a picture of a stored listing, fetched from the host that has it.
 *
 * @param fetch makes the requests. @default https to public addresses
 */
export function imageRoute(
  { router, pictures }: ApiContext,
  fetch: FetchPicture = createPictureFetch(),
): Route {
  const loader = createPictureLoader({ fetch });

  return {
    path: "/images/:inner_id/:n",
    access: "conditional",
    scope: "read",
    operation: {
      id: "getImage",
      tag: "Listings",
      summary: "A picture of a listing",
      details:
        "The addresses in `image_sizes` are signed, so browsers need no token for them. The picture is fetched from the source and not stored: put a caching proxy in front.",
      parameters: PARAMETERS,
      response: {
        description: "The picture.",
        type: PICTURE_TYPES,
        schema: { type: "string", contentMediaType: "image/*" },
      },
      tagged: true,
      missing: "There is no such listing, or it has no picture at this position.",
      failing: "The host of the picture does not respond, or does not have it.",
    },
    logged: (event) =>
      `/images/${loggedSegment(innerIdOf(event))}/${loggedSegment(event.context.params?.n ?? "")}`,
    isOpen: async ({ event, search }) => {
      const [size, v, sig] = ["size", "v", "sig"].map((name) => search.query.values.get(name));
      const n = positionOf(event);
      const known = SIZES.find((one) => one === size);
      if (known === undefined || v === undefined || sig === undefined || n === undefined) {
        return false;
      }
      await router.withFailover(new Claim({ client: 0, isGone: () => false }), async (snapshot) =>
        pictures.ready((await snapshot()).shared.read),
      );
      return isSignatureOf(pictures.key(), { innerId: innerIdOf(event), n, size: known, v }, sig);
    },
    handle: ({ event, search }, snapshot) => {
      const { size = "full", v } = readParameters(PARAMETERS, search.query);
      const innerId = innerIdOf(event);
      const n = positionOf(event);
      if (n === undefined || !isPossibleId(innerId)) {
        throw notFound();
      }
      return maybeThen(snapshot(), async ({ read }) => {
        const { rows } = await read((db) =>
          db.query<{ url: string | null }>(PICTURE, [innerId, n], { name: "che168_picture" }),
        );
        const url = rows[0]?.url ?? undefined;
        if (url === undefined) {
          throw notFound();
        }
        const version = versionOf(url);
        return {
          cacheControl: v === version ? FOREVER : SHORTLY,
          etag: `${version}-${size}`,
          // Nothing in the picture runs, even when it is opened as a page.
          headers: [
            ["content-security-policy", "default-src 'none'; sandbox"],
            ["cross-origin-resource-policy", "cross-origin"],
          ],
          load: () => loader.load(pictures.upstream(url, size)),
        };
      });
    },
  };
}
