import { isIP, isIPv4, isIPv6 } from "node:net";
import type { H3Event } from "h3";

/** Headers that mark a request as forwarded by a proxy. */
const FORWARDING = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "via",
];

/** Returns a request header, or null; repeated headers are joined with commas. */
export type HeaderReader = (name: string) => string | null;

/** @param event on Node its own headers are read, at a tenth of the cost of the `Headers` object made from them */
export function headerReader({ req, runtime }: H3Event): HeaderReader {
  const native = runtime?.node?.req.headers;
  if (native === undefined) {
    return (name) => req.headers.get(name);
  }
  return (name) => {
    const value = native[name];
    return typeof value === "string" ? value : value === undefined ? null : value.join(", ");
  };
}

/** The eight groups of an IPv6 address, as numbers. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hexadecimal =
    dotted === null
      ? address
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [head = [], tail] = hexadecimal
    .split("::")
    .map((half) => (half === "" ? [] : half.split(":").map((group) => Number.parseInt(group, 16))));
  return tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail];
}

/**
 * One spelling for each address, without port, brackets and zone: `203.0.113.7` for `::ffff:203.0.113.7` and
 * `203.0.113.7:4001`, `2001:db8:0:0:0:0:0:1` for `[2001:DB8::1]:443`. Undefined for anything else.
 */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, "$1");
  const host =
    /^\[([^\]]*)\](?::\d+)?$/.exec(bare)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(bare)?.[1] ?? bare;
  if (isIPv4(host)) {
    return host;
  }
  if (!isIPv6(host)) {
    return undefined;
  }
  const groups = groupsOf(host.replace(/%.*$/, ""));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return groups.map((group) => group.toString(16)).join(":");
}

/** Address of the peer; undefined when the runtime does not know it. */
function socketAddress(event: H3Event): string | undefined {
  const address = event.runtime?.node?.req.socket?.remoteAddress;
  return address === undefined ? undefined : (canonicalAddress(address) ?? address);
}

/**
 * The address that failures are counted by. With trusted proxies it is the entry of `X-Forwarded-For` that the outermost
 * of them wrote; entries before it come from the client and prove nothing.
 *
 * @param trustedProxies number of the operator's proxies in front; 0 ignores the header
 */
export function clientAddress(event: H3Event, header: HeaderReader, trustedProxies: number): string {
  const direct = socketAddress(event) ?? "unknown";
  if (trustedProxies === 0) {
    return direct;
  }
  const hops = (header("x-forwarded-for") ?? "").split(",");
  return canonicalAddress(hops.at(-trustedProxies) ?? "") ?? direct;
}

/** Key of an address for limits: for IPv6 its /64, the network of one subscriber. */
export function addressKey(address: string): string {
  return isIP(address) === 6
    ? `${groupsOf(address)
        .slice(0, 4)
        .map((group) => group.toString(16))
        .join(":")}::/64`
    : address;
}

/** Whether the request was made on this machine and not forwarded by a proxy that runs on it. */
export function isLocal(event: H3Event, header: HeaderReader): boolean {
  const address = socketAddress(event);
  const isLoopback = address === "0:0:0:0:0:0:0:1" || (address?.startsWith("127.") ?? false);
  return isLoopback && FORWARDING.every((name) => header(name) === null);
}
