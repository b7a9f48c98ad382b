import { lookup } from "node:dns";
import { Agent, type RequestOptions, request } from "node:https";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** A response of the host that has the pictures. */
export interface PictureResponse {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** Requests a picture. Redirects must not be followed. */
export type FetchPicture = (
  url: URL,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
) => Promise<PictureResponse>;

/** An address whose picture the API requests: https on the default port, a host below autoimg.cn. */
export function isPictureAddress(url: URL): boolean {
  return (
    url.protocol === "https:" &&
    url.port === "" &&
    url.username === "" &&
    url.password === "" &&
    url.hostname.endsWith(".autoimg.cn")
  );
}

/**
 * Resolves a name to its public addresses only, and fails when there is none. The socket connects to exactly these
 * addresses: a second lookup, which a rebinding DNS server could answer differently, never happens.
 *
 * @param resolve looks up all addresses of a name. @default the system's resolver
 */
export function publicLookup(resolve: typeof lookup = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (first === undefined) {
        callback(new Error(`${hostname} has no public address`), []);
      } else if (options.all === true) {
        callback(null, allowed);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

/** Closed by Node when idle; the timer of an idle socket does not keep the process alive. */
const createAgent = () => new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 4, timeout: 10_000 });

/** The {@link FetchPicture} of production: https to public addresses. `node:https` follows no redirects. */
export function createPictureFetch(tls: Pick<RequestOptions, "lookup" | "ca"> = {}): FetchPicture {
  let agent: Agent | undefined;
  const lookupPublic = tls.lookup ?? publicLookup();
  return (url, { headers, signal }) =>
    new Promise((resolve, reject) => {
      agent ??= createAgent();
      request(url, { ...tls, agent, headers, signal, lookup: lookupPublic }, (response) =>
        resolve({ status: response.statusCode ?? 0, body: response }),
      )
        .once("error", reject)
        .end();
    });
}
